//! A person's own name, address and password.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, DbErr, IntoActiveModel, SqlErr};
use sealpost_shared::staff::{SetPassword, StaffSession, UpdateOwnUser};

use super::devices::Shown;
use super::own_mails::{self, Change};
use super::passwords::{ask_current, check_password};
use super::{devices, sign_in, tries};
use crate::auth::{DeviceTokens, StaffMember};
use crate::entities::budget::{self, Limit};
use crate::entities::{invitation, one_time_sign_in, organization, password_reset, staff_device, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, SecretHash};
use crate::session_tokens::Token;
use crate::state::State;

/// Whether an address can be had says whether somebody has it: nobody shall ask for many.
const NEW_ADDRESSES: Limit = Limit { scope: "own_address", times: 5, window: TimeDelta::hours(24) };

/// A new address is where the account can be taken over from, so the password is asked for.
pub async fn update_own_user(
    state: &State,
    member: StaffMember,
    request: UpdateOwnUser,
    network: &[u8],
) -> Result<StaffSession> {
    let mut member = member;
    let email = request.email.map(|email| email.as_str().to_lowercase());
    let email = email.filter(|email| *email != member.user.email);
    if email.is_some() {
        let given = request.current_password.as_deref();
        ask_current(state, &member.user, network, given, "/current_password").await?;
        charge_new_address(state, &member.user).await?;
    }
    let (organization, id) = (member.user.organization_id, member.user.id);
    member.user = state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let mut row = user::get_locked(tx, organization, id).await?.ok_or_else(not_found)?;
            let mut journal = Journal::new(organization, Actor::Staff(id), state.now());
            if let Some(name) = request.name {
                row.name = name.into_string();
                journal.audit("user.renamed", id);
            }
            if let Some(email) = email {
                refuse_invited(state, tx, &row, &email).await?;
                password_reset::end_of_user(tx, organization, id).await?;
                own_mails::tell(state, tx, &row, Change::Email).await?;
                row.email = email;
                journal.audit("user.email_changed", id);
            }
            let row = row.into_active_model().reset_all().update(tx).await.map_err(taken)?;
            journal.write(tx).await?;
            Ok(row)
        })
        .await?;
    sign_in::session(state, &member).await
}

/// Committed before the address is looked at.
async fn charge_new_address(state: &State, own: &user::Model) -> Result<()> {
    let (now, subject) = (state.now(), own.id.uuid());
    let charge = async |tx: &DatabaseTransaction| {
        if budget::charge(tx, NEW_ADDRESSES, subject.as_bytes(), now).await? {
            return Ok(());
        }
        let ends = budget::window_ends_at(tx, NEW_ADDRESSES, subject.as_bytes()).await?;
        Err(Problem::wait(ends.unwrap_or(now + NEW_ADDRESSES.window), now))
    };
    state.db.before_organization().write(charge).await
}

/// Somebody is invited by this address: whoever accepts shall be them.
async fn refuse_invited(
    state: &State,
    tx: &DatabaseTransaction,
    own: &user::Model,
    email: &str,
) -> Result<()> {
    let keys = state.secrets.organization(tx, own.organization_id).await?;
    let index = keys.index(Field::InvitationEmail, email);
    if invitation::has_open(tx, own.organization_id, index).await? {
        return Err(Problem::field("/email", "unavailable", "is invited; withdraw the invitation first"));
    }
    Ok(())
}

/// Says no more than it must: the address may belong to somebody of another organization.
fn taken(error: DbErr) -> Problem {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Problem::field("/email", "unavailable", "cannot be used here; choose another one")
        }
        _ => error.into(),
    }
}

/// Ends every session of the person and gives this browser a new one.
pub async fn set_password(
    state: &State,
    member: &StaffMember,
    request: SetPassword,
    network: &[u8],
    known: &DeviceTokens,
) -> Result<(StaffSession, Token, DeviceTokens)> {
    let own = &member.user;
    let organization =
        organization::get(&state.db.of(own.organization_id).read().await?, own.organization_id)
            .await?
            .ok_or_else(not_found)?;
    check_password(&request.password, &[&own.name, &own.email, &organization.name])?;
    ask_current(state, own, network, request.current_password.as_deref(), "/current_password").await?;
    let hash = state.secrets.hashing.hash(&request.password).await?;
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let row = replace(state, tx, own, hash).await?;
            if own.password_hash.is_some() {
                own_mails::tell(state, tx, &row, Change::Password).await?;
            }
            let device = devices::remember(state, tx, &row, known, Shown::Everything).await?;
            let mut journal = Journal::new(own.organization_id, Actor::Staff(own.id), state.now());
            journal.audit("user.password_changed", own.id);
            journal.write(tx).await?;
            let (session, token) = sign_in::mint(state, tx, &row, "pwd").await?;
            Ok((session, token, device))
        })
        .await
}

/// A new password: sessions, links, known browsers and what was counted against the person end with the old one.
pub(super) async fn replace(
    state: &State,
    tx: &DatabaseTransaction,
    own: &user::Model,
    hash: SecretHash,
) -> Result<user::Model> {
    let (organization, id) = (own.organization_id, own.id);
    let mut row = user::get_locked(tx, organization, id).await?.ok_or_else(not_found)?;
    row.password_hash = Some(hash);
    row.session_version += 1;
    let row = row.into_active_model().reset_all().update(tx).await?;
    one_time_sign_in::end_of_user(tx, id).await?;
    password_reset::end_of_user(tx, organization, id).await?;
    tries::clear(state, tx, &row).await?;
    staff_device::forget_all(tx, organization, id).await?;
    Ok(row)
}
