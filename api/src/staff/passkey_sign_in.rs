//! A passkey as the second step of signing in. What is signed is checked by `webauthn-rs`; whether the challenge was
//! this sign-in's, and whether the device's count goes on, is checked here.

use sea_orm::DatabaseTransaction;
use sealpost_shared::passkeys::{PasskeyRequest, TakePasskey};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::StaffSession;
use serde::Serialize;
use webauthn_rs::prelude::{PasskeyAuthentication, PublicKeyCredential, WebauthnError};

use super::devices::Shown;
use super::second_step::record;
use super::tries::{self, Try};
use super::{ceremony, devices, passkeys, sign_in};
use crate::auth::{DeviceTokens, PendingMember};
use crate::entities::passkey_ceremony::Purpose;
use crate::entities::{passkey, pending_sign_in};
use crate::problem::{Problem, Result};
use crate::session_tokens::Token;
use crate::state::State;

/// A challenge for those that a person has.
pub async fn ask(state: &State, pending: &PendingMember) -> Result<PasskeyRequest> {
    let own = &pending.user;
    let (keys, mut rows) = passkeys::all_of(state, own).await?;
    rows.retain(|row| row.distrusted_at.is_none());
    if rows.is_empty() {
        let detail = "This account has no passkey that lets in. Use a code.";
        return Err(Problem::new(ProblemCode::SecondStepState, detail));
    }
    let known = rows.iter().map(|row| passkeys::open(&keys, row)).collect::<Result<Vec<_>>>()?;
    let (options, waiting) =
        ceremony::relying_party(state)?.start_passkey_authentication(&known).map_err(Problem::internal)?;
    let ceremony = ceremony::remember(state, own, pending.sign_in.id, Purpose::SignIn, &waiting).await?;
    Ok(PasskeyRequest { ceremony, options: ceremony::same(&options.public_key)? })
}

/// Signs in: the password was right a moment ago, and now the passkey is.
pub async fn take(
    state: &State,
    pending: &PendingMember,
    request: &TakePasskey,
    network: &[u8],
    devices: &DeviceTokens,
) -> Result<(StaffSession, Token, DeviceTokens)> {
    let own = &pending.user;
    let scope = state.db.of(own.organization_id);
    let device = devices::find_for_codes(state, own, devices).await?;
    let attempt = Try::new(&tries::CODE, *own.id.uuid().as_bytes(), network).with_device(device);
    attempt.charge(state).await?;
    let refused = || Problem::from(ProblemCode::PasskeyIncorrect);
    let entered = match checked(state, pending, request).await? {
        Some((row, counter)) => {
            let enter = async |tx: &DatabaseTransaction| {
                enter(state, tx, pending, (&row, counter), (&attempt, devices)).await
            };
            scope.write(enter).await?
        }
        None => None,
    };
    if entered.is_none() {
        attempt.failed(state, Some(own)).await?;
    }
    entered.ok_or_else(refused)
}

/// The passkey whose answer this is, and the number of its signature; no number where it is behind what the
/// device said before.
async fn checked(
    state: &State,
    pending: &PendingMember,
    request: &TakePasskey,
) -> Result<Option<(passkey::Model, Option<u32>)>> {
    let own = &pending.user;
    let waiting: Option<PasskeyAuthentication> =
        ceremony::answer(state, own, &request.ceremony, pending.sign_in.id, Purpose::SignIn).await?;
    let (Some(waiting), Ok(answered)) = (waiting, without_handle(&request.credential)) else {
        return Ok(None);
    };
    let db = &state.db.of(own.organization_id).read().await?;
    let rows = passkey::list_trusted(db, own.organization_id, own.id).await?;
    let hash = passkeys::credential_hash(state, own, answered.get_credential_id());
    let Some(row) = rows.into_iter().find(|row| row.credential_hash == hash) else { return Ok(None) };
    Ok(match ceremony::relying_party(state)?.finish_passkey_authentication(&answered, &waiting) {
        Ok(result) => Some((row, Some(result.counter()))),
        // The signature was right, and its number was not: somebody has a copy.
        Err(WebauthnError::CredentialPossibleCompromise) => Some((row, None)),
        Err(_) => None,
    })
}

/// Nothing, and the passkey distrusted, when the device's count shows that there is a copy.
async fn enter(
    state: &State,
    tx: &DatabaseTransaction,
    pending: &PendingMember,
    (row, counter): (&passkey::Model, Option<u32>),
    (attempt, devices): (&Try<'_>, &DeviceTokens),
) -> Result<Option<(StaffSession, Token, DeviceTokens)>> {
    let (own, now) = (&pending.user, state.now());
    let counts_on = match counter {
        Some(counter) => passkey::take_counter(tx, row, i64::from(counter), now).await?,
        None => false,
    };
    if !counts_on {
        passkey::distrust(tx, row, now).await?;
        record(state, tx, own, "user.passkey_distrusted").await?;
        return Ok(None);
    }
    if !pending_sign_in::consume(tx, pending.sign_in.id, now).await? {
        return Err(ProblemCode::SessionEnded.into());
    }
    attempt.succeeded(tx).await?;
    let device = devices::remember(state, tx, own, devices, Shown::Everything).await?;
    let (session, token) = sign_in::mint(state, tx, own, "mfa").await?;
    Ok(Some((session, token, device)))
}

/// The library wants the field to be there; a passkey that is not asked for its owner does not fill it.
fn without_handle(value: &impl Serialize) -> Result<PublicKeyCredential> {
    let mut value = serde_json::to_value(value).map_err(Problem::internal)?;
    value["response"]["userHandle"] = serde_json::Value::Null;
    serde_json::from_value(value).map_err(Problem::internal)
}
