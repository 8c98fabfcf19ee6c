//! A person's own passkeys (W3C Web Authentication), a second step beside the password: added and removed by who
//! knows it, named by their owner, sealed.

use std::sync::Arc;

use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use sealpost_shared::ids::PasskeyId;
use sealpost_shared::page::Page;
use sealpost_shared::passkeys::{AddPasskey, AddedPasskey, PASSKEYS_MAX, Passkey, PasskeyRegistration};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::StaffSession;
use sealpost_shared::text::Name;
use webauthn_rs::prelude::{
    Passkey as Credential, PasskeyRegistration as Registration, RegisterPublicKeyCredential,
};

use super::own_mails::{self, Change};
use super::passwords::ask_current;
use super::second_step::{self, record};
use super::{ceremony, recovery, sign_in};
use crate::auth::{Enrolling, StaffMember, has_second_factor};
use crate::entities::passkey_ceremony::Purpose;
use crate::entities::{passkey, staff_device, user};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, OrganizationKeys};
use crate::session_tokens::Token;
use crate::state::State;

pub async fn list(state: &State, member: &StaffMember) -> Result<Page<Passkey>> {
    let (keys, rows) = all_of(state, &member.user).await?;
    let data = rows.iter().map(|row| view(&keys, row)).collect::<Result<_>>()?;
    Ok(Page { data, has_more: false, next_cursor: None })
}

/// A person's, and what opens them.
pub(super) async fn all_of(
    state: &State,
    own: &user::Model,
) -> Result<(Arc<OrganizationKeys>, Vec<passkey::Model>)> {
    let db = &state.db.of(own.organization_id).read().await?;
    let keys = state.secrets.organization(db, own.organization_id).await?;
    Ok((keys, passkey::list(db, own.organization_id, own.id).await?))
}

/// A challenge for a new one, for who knows the password.
pub async fn start(
    state: &State,
    member: &Enrolling,
    password: Option<&str>,
    network: &[u8],
) -> Result<PasskeyRegistration> {
    let own = member.user();
    if own.password_hash.is_none() || own.email.is_empty() {
        let detail = "Set your email and password first: a passkey stands beside them.";
        return Err(Problem::new(ProblemCode::AdminDue, detail));
    }
    let party = ceremony::relying_party(state)?;
    if !member.is_signing_in() {
        ask_current(state, own, network, password, "/password").await?;
    }
    let (keys, rows) = all_of(state, own).await?;
    let known = rows.iter().map(|row| Ok(open(&keys, row)?.cred_id().clone())).collect::<Result<_>>()?;
    let (options, waiting) = party
        .start_passkey_registration(own.id.uuid(), &own.email, &own.name, Some(known))
        .map_err(Problem::internal)?;
    let ceremony = ceremony::remember(state, own, member.id(), Purpose::Add, &waiting).await?;
    Ok(PasskeyRegistration { ceremony, options: ceremony::same(&options.public_key)? })
}

/// Keeps the new one. Every session of the person ends; this browser gets a new one. A sign-in that waited for a
/// second step is over with it.
pub async fn add(state: &State, member: &Enrolling, request: AddPasskey) -> Result<(AddedPasskey, Token)> {
    let (own, party) = (member.user(), ceremony::relying_party(state)?);
    let over = || Problem::field("/ceremony", "expired", "was answered already or is too old; start again");
    let waiting: Option<Registration> =
        ceremony::answer(state, own, &request.ceremony, member.id(), Purpose::Add).await?;
    let waiting = waiting.ok_or_else(over)?;
    let refused = || Problem::field("/credential", "invalid", "is no answer to this challenge");
    let answered: RegisterPublicKeyCredential = ceremony::same(&request.credential).map_err(|_| refused())?;
    let made = party.finish_passkey_registration(&answered, &waiting).map_err(|_| refused())?;
    let scope = state.db.of(own.organization_id);
    scope
        .write(async |tx| {
            let keys = state.secrets.organization(tx, own.organization_id).await?;
            let row = sealed(state, own, &keys, &request.name, &made)?;
            let passkey = view(&keys, &row)?;
            let (recovery_codes, token) = insert(state, tx, member, row).await?;
            Ok((AddedPasskey { passkey, recovery_codes }, token))
        })
        .await
}

async fn insert(
    state: &State,
    tx: &DatabaseTransaction,
    member: &Enrolling,
    row: passkey::Model,
) -> Result<(Vec<String>, Token)> {
    let own = member.user();
    member.still_counts(state, tx).await?;
    user::get_locked(tx, own.organization_id, own.id).await?;
    let known = passkey::list(tx, own.organization_id, own.id).await?.len();
    if known >= PASSKEYS_MAX {
        let detail = format!("{PASSKEYS_MAX} passkeys are the most; remove one first");
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    let first = !has_second_factor(tx, own).await?;
    passkey::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await
        .map_err(taken)?;
    member.used(state, tx).await?;
    let mut codes = Vec::new();
    if first {
        codes = recovery::replace(state, tx, own).await?.recovery_codes;
        // Known by the password alone: no tries of their own at the second step.
        staff_device::forget_all(tx, own.organization_id, own.id).await?;
    }
    own_mails::tell(state, tx, own, Change::PasskeyAdded).await?;
    record(state, tx, own, "user.passkey_added").await?;
    let (_, token) = sign_in::begin_anew(state, tx, own, "mfa").await?;
    Ok((codes, token))
}

fn taken(error: DbErr) -> Problem {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Problem::field("/credential", "unavailable", "is known here already")
        }
        _ => error.into(),
    }
}

pub async fn rename(state: &State, member: &StaffMember, id: PasskeyId, name: &Name) -> Result<Passkey> {
    let own = &member.user;
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let keys = state.secrets.organization(tx, own.organization_id).await?;
            let sealed_name =
                keys.seal(Field::PasskeyName, id.uuid().as_bytes(), name.as_str().as_bytes())?;
            let row = passkey::find(tx, own.organization_id, own.id, id).await?.ok_or_else(not_found)?;
            let row = passkey::Model { sealed_name, ..row };
            let row = row.into_active_model().reset_all().update(tx).await?;
            record(state, tx, own, "user.passkey_renamed").await?;
            view(&keys, &row)
        })
        .await
}

/// Takes one away, for who knows the password. Every session of the person ends; this browser gets a new one.
pub async fn remove(
    state: &State,
    member: &StaffMember,
    id: PasskeyId,
    password: &str,
    network: &[u8],
) -> Result<(StaffSession, Token)> {
    let own = &member.user;
    ask_current(state, own, network, Some(password), "/password").await?;
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            user::get_locked(tx, own.organization_id, own.id).await?;
            if !passkey::remove(tx, own.organization_id, own.id, id).await? {
                return Err(not_found());
            }
            second_step::one_less(tx, own).await?;
            own_mails::tell(state, tx, own, Change::PasskeyRemoved).await?;
            record(state, tx, own, "user.passkey_removed").await?;
            sign_in::begin_anew(state, tx, own, "pwd").await
        })
        .await
}

pub(super) fn credential_hash(state: &State, own: &user::Model, id: &[u8]) -> Vec<u8> {
    let value = [own.organization_id.uuid().as_bytes(), id].concat();
    state.secrets.ring().keyed_hash("passkey", &value)
}

fn sealed(
    state: &State,
    own: &user::Model,
    keys: &OrganizationKeys,
    name: &Name,
    made: &Credential,
) -> Result<passkey::Model> {
    let id: PasskeyId = state.new_id();
    let place = id.uuid();
    let credential = serde_json::to_vec(made).map_err(Problem::internal)?;
    Ok(passkey::Model {
        id,
        organization_id: own.organization_id,
        user_id: own.id,
        credential_hash: credential_hash(state, own, made.cred_id()),
        sealed_name: keys.seal(Field::PasskeyName, place.as_bytes(), name.as_str().as_bytes())?,
        sealed_credential: keys.seal(Field::PasskeyCredential, place.as_bytes(), &credential)?,
        counter: 0,
        created_at: state.now(),
        used_at: None,
        distrusted_at: None,
    })
}

pub(super) fn open(keys: &OrganizationKeys, row: &passkey::Model) -> Result<Credential> {
    let opened = keys.open(Field::PasskeyCredential, row.id.uuid().as_bytes(), &row.sealed_credential)?;
    serde_json::from_slice(&opened).map_err(Problem::internal)
}

fn view(keys: &OrganizationKeys, row: &passkey::Model) -> Result<Passkey> {
    let name = keys.open(Field::PasskeyName, row.id.uuid().as_bytes(), &row.sealed_name)?;
    Ok(Passkey {
        id: row.id,
        name: String::from_utf8(name.to_vec()).map_err(Problem::internal)?,
        created_at: row.created_at,
        used_at: row.used_at,
        distrusted_at: row.distrusted_at,
    })
}
