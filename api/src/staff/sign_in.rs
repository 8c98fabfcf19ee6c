//! Signing in and out. Tries are charged before the password is looked at (security.md D7); whether an
//! account exists cannot be told from the answer or its time (D9).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::SessionId;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{Organization, SecondStepDue, SignIn, SignedIn, StaffSession, User};
use sealpost_shared::text::Email;

use super::one_time;
use crate::auth::{STAFF_ABSOLUTE, STAFF_IDLE, StaffMember, touches};
use crate::db;
use crate::entities::budget::{self, Limit};
use crate::entities::{one_time_sign_in, organization, pending_sign_in, second_step, staff_session, user};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::valid_token;
use crate::session_tokens::{Audience, Token};
use crate::setup;
use crate::state::State;

const WINDOW: TimeDelta = TimeDelta::minutes(5);
const OF_ACCOUNT_AND_NETWORK: Limit = Limit { scope: "sign_in", times: 5, window: WINDOW };
const OF_NETWORK: Limit = Limit { scope: "sign_in_of_network", times: 20, window: WINDOW };

/// How long one may look for the phone.
const SECOND_STEP: TimeDelta = TimeDelta::minutes(5);

/// Signs in by email and password.
pub async fn sign_in(state: &State, request: &SignIn, network: &[u8]) -> Result<(SignedIn, Token)> {
    let email = request.email.trim().to_lowercase();
    let account = state.secrets.ring().keyed_hash("sign-in", &[email.as_bytes(), b"\0", network].concat());
    let now = state.now();
    state
        .db
        .before_organization()
        .write(async |tx| {
            // Both or none: an error rolls back.
            let within = budget::charge(tx, OF_NETWORK, network, now).await?
                && budget::charge(tx, OF_ACCOUNT_AND_NETWORK, &account, now).await?;
            let spent = || Problem::new(ProblemCode::RateLimited, "too many tries; wait five minutes");
            if within { Ok(()) } else { Err(spent().retry_after(300)) }
        })
        .await?;
    // What is no address is nobody's, and need not reach the database.
    let user = match email.parse::<Email>() {
        Ok(_) => user::find_active_by_email(&state.db.before_organization().read().await?, &email).await?,
        Err(_) => None,
    };
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let right = match state.secrets.hashing.permit().await {
        Ok(permit) => permit.verify(&request.password, hash).await?,
        Err(busy) => {
            state
                .db
                .before_organization()
                .write(async |tx| {
                    budget::refund(tx, OF_ACCOUNT_AND_NETWORK, &account).await?;
                    Ok(budget::refund(tx, OF_NETWORK, network).await?)
                })
                .await?;
            return Err(busy);
        }
    };
    let Some(user) = user.filter(|_| right) else { return Err(ProblemCode::CredentialsInvalid.into()) };
    state
        .db
        .of(user.organization_id)
        .write(async |tx| {
            budget::reset(tx, OF_ACCOUNT_AND_NETWORK, &account).await?;
            budget::refund(tx, OF_NETWORK, network).await?;
            let_in(state, tx, &user, "pwd").await
        })
        .await
}

/// Signs in by a link that works once.
pub async fn sign_in_once(state: &State, token: &str) -> Result<(SignedIn, Token)> {
    let invalid = || Problem::new(ProblemCode::CredentialsInvalid, "this link was used or is over");
    if !valid_token(token) {
        return Err(invalid());
    }
    state
        .db
        .before_organization()
        .write(async |tx| {
            let hash = one_time::hash(state, token);
            let used = one_time_sign_in::consume(tx, hash, state.now()).await?.ok_or_else(invalid)?;
            db::enter(tx, used.organization_id).await?;
            let user =
                user::find_active(tx, used.organization_id, used.user_id).await?.ok_or_else(invalid)?;
            let_in(state, tx, &user, "otl").await
        })
        .await
}

/// A session, or, where a second step is on, five minutes to take it.
async fn let_in(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    method: &str,
) -> Result<(SignedIn, Token)> {
    if second_step::find_confirmed(tx, user.organization_id, user.id).await?.is_none() {
        let (session, token) = mint(state, tx, user, method).await?;
        return Ok((SignedIn::Session(Box::new(session)), token));
    }
    let now = state.now();
    let pending = pending_sign_in::Model {
        id: new_id(now),
        organization_id: user.organization_id,
        user_id: user.id,
        session_version: user.session_version,
        expires_at: now + SECOND_STEP,
        used_at: None,
    };
    let token = token(Audience::PendingStaff, pending.id, user, method, now);
    pending_sign_in::Entity::insert(pending.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok((SignedIn::SecondStepDue(SecondStepDue { mfa_required: true }), token))
}

/// A session of a person who has proven who they are.
pub(crate) async fn mint(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    method: &str,
) -> Result<(StaffSession, Token)> {
    let now = state.now();
    let session = staff_session::Model {
        id: new_id(now),
        organization_id: user.organization_id,
        user_id: user.id,
        session_version: user.session_version,
        created_at: now,
        active_at: now,
        expires_at: now + STAFF_ABSOLUTE,
        revoked_at: None,
        browser: None,
        system: None,
    };
    let row = session.clone().into_active_model().reset_all();
    staff_session::Entity::insert(row).exec_without_returning(tx).await?;
    let mut journal = Journal::new(user.organization_id, Actor::Staff(user.id), now);
    journal.audit("session.started", session.id);
    journal.write(tx).await?;
    let organization = organization::get(tx, user.organization_id).await?.ok_or_else(not_found)?;
    let token = token(Audience::Staff, session.id, user, method, now);
    Ok((view(state, tx, user, &session, &organization).await?, token))
}

fn token(
    audience: Audience,
    session: SessionId,
    user: &user::Model,
    method: &str,
    now: DateTime<Utc>,
) -> Token {
    Token {
        audience,
        session,
        organization: user.organization_id,
        subject: user.id.uuid(),
        session_version: user.session_version,
        method: method.to_owned(),
        authenticated_at: now,
    }
}

async fn view(
    state: &State,
    db: &impl ConnectionTrait,
    user: &user::Model,
    session: &staff_session::Model,
    organization: &organization::Model,
) -> Result<StaffSession> {
    let second_step = second_step::find_confirmed(db, user.organization_id, user.id).await?;
    Ok(StaffSession {
        user: user_view(user),
        organization: Organization {
            id: organization.id,
            card: organization.card(),
            time_zone: organization.time_zone.clone(),
        },
        idle_expires_at: session.expires_at.min(session.active_at + STAFF_IDLE),
        expires_at: session.expires_at,
        has_password: user.password_hash.is_some(),
        has_second_step: second_step.is_some(),
        setup_due: setup::is_due(state, db, user).await?,
    })
}

/// The first admin's address is empty until they have set one.
pub(super) fn user_view(user: &user::Model) -> User {
    let email = (!user.email.is_empty()).then(|| user.email.clone());
    User { id: user.id, name: user.name.clone(), email, role: user.role }
}

pub async fn session(state: &State, member: &StaffMember) -> Result<StaffSession> {
    let db = &state.db.of(member.user.organization_id).read().await?;
    let organization = organization::get(db, member.user.organization_id).await?.ok_or_else(not_found)?;
    view(state, db, &member.user, &member.session, &organization).await
}

/// Moves the idle limit.
pub async fn stay(state: &State, member: StaffMember) -> Result<StaffSession> {
    let mut member = member;
    let (id, now) = (member.session.id, state.now());
    if touches(member.session.active_at, now) {
        member.session.active_at = now;
        state
            .db
            .of(member.user.organization_id)
            .write(async |tx| Ok(staff_session::touch(tx, id, now).await?))
            .await?;
    }
    session(state, &member).await
}

pub async fn sign_out(state: &State, member: &StaffMember) -> Result<()> {
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            staff_session::revoke(tx, member.session.id, state.now()).await?;
            let actor = Actor::Staff(member.user.id);
            let mut journal = Journal::new(member.user.organization_id, actor, state.now());
            journal.audit("session.ended", member.session.id);
            Ok(journal.write(tx).await?)
        })
        .await
}
