//! Codes for the day the phone is lost: each works once, in the place of the app's code.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::UserId;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::RecoveryCodes;

use super::own_mails::{self, Change};
use super::passwords::ask_current;
use super::second_step::{plain, record};
use super::sign_in;
use crate::auth::{StaffMember, has_second_factor};
use crate::entities::{recovery_code, user};
use crate::problem::{Problem, Result};
use crate::secrets::random_bytes;
use crate::session_tokens::Token;
use crate::state::State;

const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not mixed up when read aloud or copied by hand.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Fresh codes in the place of those before, for who knows the password. Every session of the person ends; this
/// browser gets a new one.
pub async fn renew(
    state: &State,
    member: &StaffMember,
    password: &str,
    network: &[u8],
) -> Result<(RecoveryCodes, Token)> {
    let own = &member.user;
    ask_current(state, own, network, Some(password), "/password").await?;
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            user::get_locked(tx, own.organization_id, own.id).await?;
            if !has_second_factor(tx, own).await? {
                let detail = "The second step is off: there is nothing to recover.";
                return Err(Problem::new(ProblemCode::SecondStepState, detail));
            }
            let codes = replace(state, tx, own).await?;
            own_mails::tell(state, tx, own, Change::RecoveryCodes).await?;
            record(state, tx, own, "user.recovery_codes_renewed").await?;
            let (_, token) = sign_in::begin_anew(state, tx, own, "mfa").await?;
            Ok((codes, token))
        })
        .await
}

/// Ends the codes before.
pub(super) async fn replace(
    state: &State,
    tx: &DatabaseTransaction,
    own: &user::Model,
) -> Result<RecoveryCodes> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| fresh()).collect();
    recovery_code::remove_all(tx, own.organization_id, own.id).await?;
    let rows = codes.iter().map(|code| {
        let row = recovery_code::Model {
            user_id: own.id,
            code_hash: hash(state, own.id, code),
            organization_id: own.organization_id,
            used_at: None,
        };
        row.into_active_model().reset_all()
    });
    recovery_code::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(RecoveryCodes { recovery_codes: codes })
}

pub(super) fn hash(state: &State, user: UserId, code: &str) -> Vec<u8> {
    let value = [user.uuid().as_bytes(), plain(code).as_bytes()].concat();
    state.secrets.ring().keyed_hash("recovery-code", &value)
}

/// 60 random bits: `abcd-efgh-jkmn`.
fn fresh() -> String {
    let letters: String =
        random_bytes::<12>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}
