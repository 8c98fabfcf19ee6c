//! Signing in and out. Tries are charged before the password is looked at (security.md D7); whether an
//! account exists cannot be told from the answer or its time (D9).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::SessionId;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{
    EnrolmentDue, Organization, SecondStepDue, SecondStepMethod, SignIn, SignedIn, StaffSession, User,
};
use sealpost_shared::text::Email;
use tokio::time::Instant;

use super::devices::Shown;
use super::passwords::{renew, verify};
use super::tries::{self, Try};
use super::{devices, one_time};
use crate::auth::{DeviceTokens, STAFF_ABSOLUTE, StaffMember, has_second_factor, touches};
use crate::db;
use crate::entities::{
    one_time_sign_in, organization, passkey, pending_sign_in, second_step, staff_session, user,
};
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::valid_token;
use crate::session_tokens::{Audience, Token};
use crate::setup;
use crate::state::State;

/// How long one may look for the phone.
const SECOND_STEP: TimeDelta = TimeDelta::minutes(5);
/// And how long to set up an app, where the organization asks for one.
const ENROLMENT: TimeDelta = TimeDelta::minutes(30);

/// Who came in, or how far; what the cookies shall hold.
pub struct Entered {
    pub answer: SignedIn,
    pub token: Token,
    pub device: Option<DeviceTokens>,
}

/// A wrong password is answered when this long has passed: what is written for somebody, and for nobody, takes less.
const ANSWER_AFTER: Duration = Duration::from_millis(150);

/// Signs in by email and password.
pub async fn sign_in(
    state: &State,
    request: &SignIn,
    network: &[u8],
    devices: &DeviceTokens,
) -> Result<Entered> {
    let answer_at = Instant::now() + ANSWER_AFTER;
    let email = request.email.trim().to_lowercase();
    // What is no address is nobody's, and need not reach the database.
    let user = match email.parse::<Email>() {
        Ok(_) => user::find_active_by_email(&state.db.before_organization().read().await?, &email).await?,
        Err(_) => None,
    };
    let device = devices::find(state, user.as_ref(), devices).await?;
    let subject = tries::subject_of_email(state, &email);
    let attempt = Try::new(&tries::PASSWORD, subject, network).with_device(device);
    attempt.charge(state).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let right = verify(state, &attempt, &request.password, hash).await?;
    let Some(known) = user.as_ref().filter(|_| right) else {
        attempt.failed(state, user.as_ref()).await?;
        tokio::time::sleep_until(answer_at).await;
        return Err(ProblemCode::CredentialsInvalid.into());
    };
    let entered = state
        .db
        .of(known.organization_id)
        .write(async |tx| {
            attempt.succeeded(tx).await?;
            let_in(state, tx, known, "pwd", devices).await
        })
        .await?;
    renew(state, known, &request.password).await;
    Ok(entered)
}

/// Signs in by a link that works once.
pub async fn sign_in_once(
    state: &State,
    token: &str,
    network: &[u8],
    devices: &DeviceTokens,
) -> Result<Entered> {
    let invalid = || Problem::new(ProblemCode::CredentialsInvalid, "this link was used or is over");
    let hash = one_time::hash(state, token);
    let attempt = Try::new(&tries::ONE_TIME, hash.clone(), network);
    attempt.charge(state).await?;
    if !valid_token(token) {
        return Err(invalid());
    }
    state
        .db
        .before_organization()
        .write(async |tx| {
            let used = one_time_sign_in::consume(tx, hash, state.now()).await?.ok_or_else(invalid)?;
            db::enter(tx, used.organization_id).await?;
            let user =
                user::find_active(tx, used.organization_id, used.user_id).await?.ok_or_else(invalid)?;
            attempt.succeeded(tx).await?;
            let_in(state, tx, &user, "otl", devices).await
        })
        .await
}

/// A session; or some minutes to take the second step, or to set one up where the organization wants one.
pub(crate) async fn let_in(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    method: &str,
    devices: &DeviceTokens,
) -> Result<Entered> {
    let has = has_second_factor(tx, user).await?;
    let organization = organization::get(tx, user.organization_id).await?.ok_or_else(not_found)?;
    if !has && !organization.require_second_factor {
        let device = Some(devices::remember(state, tx, user, devices, Shown::Everything).await?);
        let (session, token) = mint(state, tx, user, method).await?;
        return Ok(Entered { answer: SignedIn::Session(Box::new(session)), token, device });
    }
    let now = state.now();
    let pending = pending_sign_in::Model {
        id: new_id(now),
        organization_id: user.organization_id,
        user_id: user.id,
        session_version: user.session_version,
        to_enrol: !has,
        expires_at: now + if has { SECOND_STEP } else { ENROLMENT },
        used_at: None,
    };
    let audience = if has { Audience::PendingStaff } else { Audience::EnrollingStaff };
    let token = token(audience, pending.id, user, method, now);
    pending_sign_in::Entity::insert(pending.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    let answer = if has {
        SignedIn::SecondStepDue(SecondStepDue { mfa_required: true, methods: methods(tx, user).await? })
    } else {
        SignedIn::EnrolmentDue(EnrolmentDue { enrolment_required: true })
    };
    Ok(Entered { answer, token, device: None })
}

/// What a person with a second step can take it with.
async fn methods(db: &impl ConnectionTrait, user: &user::Model) -> Result<Vec<SecondStepMethod>> {
    let (organization, id) = (user.organization_id, user.id);
    let passkey = !passkey::list_trusted(db, organization, id).await?.is_empty();
    let app = second_step::find_confirmed(db, organization, id).await?.is_some();
    let found = [(passkey, SecondStepMethod::Passkey), (app, SecondStepMethod::Totp)];
    let found = found.into_iter().filter(|(has, _)| *has).map(|(_, method)| method);
    Ok(found.chain([SecondStepMethod::RecoveryCode]).collect())
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

/// Ends every session of a person and begins one in the place of the caller's: after what changes how they come in.
pub(crate) async fn begin_anew(
    state: &State,
    tx: &DatabaseTransaction,
    own: &user::Model,
    method: &str,
) -> Result<(StaffSession, Token)> {
    let mut row = user::get_locked(tx, own.organization_id, own.id).await?.ok_or_else(not_found)?;
    row.session_version += 1;
    let row = row.into_active_model().reset_all().update(tx).await?;
    mint(state, tx, &row, method).await
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
        idle_expires_at: session.expires_at.min(session.active_at + organization.staff_idle()),
        expires_at: session.expires_at,
        has_password: user.password_hash.is_some(),
        has_second_step: has_second_factor(db, user).await?,
        has_totp: second_step.is_some(),
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
