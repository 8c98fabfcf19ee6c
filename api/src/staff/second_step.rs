//! The second step: a code from an app (RFC 6238) or a recovery code, beside the password. Tries are charged
//! before anything is looked at (security.md D7), and each code works once.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{RecoveryCodes, StaffSession, TotpEnrolment};
use totp_rs::{Builder, Secret, Totp};

use super::devices::Shown;
use super::own_mails::{self, Change};
use super::passwords::ask_current;
use super::tries::{self, Try};
use super::{devices, qr, recovery, sign_in};
use crate::auth::{DeviceTokens, Enrolling, PendingMember, StaffMember, has_second_factor};
use crate::entities::{organization, pending_sign_in, recovery_code, second_step, staff_device, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, random_bytes};
use crate::session_tokens::Token;
use crate::state::State;

/// How long a secret that was shown waits for its first code.
const CONFIRM_WITHIN: TimeDelta = TimeDelta::minutes(30);
const SECRET_LENGTH: usize = 20;

/// A secret for an app, for who knows the password. It counts once a code from it was confirmed, soon.
pub async fn enrol(
    state: &State,
    member: &Enrolling,
    password: Option<&str>,
    network: &[u8],
) -> Result<TotpEnrolment> {
    let own = member.user();
    if own.password_hash.is_none() || own.email.is_empty() {
        let detail = "Set your email and password first: the second step stands beside them.";
        return Err(Problem::new(ProblemCode::AdminDue, detail));
    }
    if !member.is_signing_in() {
        ask_current(state, own, network, password, "/password").await?;
    }
    let secret = random_bytes::<SECRET_LENGTH>();
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.still_counts(state, tx).await?;
            // One after the other: of two tabs the later one's secret counts, whole.
            user::get_locked(tx, own.organization_id, own.id).await?;
            if second_step::find_confirmed(tx, own.organization_id, own.id).await?.is_some() {
                return Err(on_already());
            }
            second_step::remove(tx, own.organization_id, own.id).await?;
            let keys = state.secrets.organization(tx, own.organization_id).await?;
            let row = second_step::Model {
                user_id: own.id,
                organization_id: own.organization_id,
                sealed_secret: keys.seal(Field::TotpSecret, own.id.uuid().as_bytes(), &secret)?,
                last_step: 0,
                confirmed_at: None,
                created_at: state.now(),
            };
            second_step::Entity::insert(row.into_active_model().reset_all())
                .exec_without_returning(tx)
                .await?;
            Ok(())
        })
        .await?;
    let secret = Secret::from(secret.to_vec());
    let otpauth_url = address(&own.email, &secret.to_base32());
    Ok(TotpEnrolment { qr: qr::draw(&otpauth_url)?, secret: secret.to_base32(), otpauth_url })
}

fn address(email: &str, secret: &str) -> String {
    let label: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!(
        "otpauth://totp/Sealpost:{label}?secret={secret}&issuer=Sealpost&algorithm=SHA1&digits=6&period=30"
    )
}

fn on_already() -> Problem {
    Problem::new(ProblemCode::SecondStepState, "The second step is on. Turn it off first to set it up anew.")
}

/// Turns it on, and gives the codes for the day the phone is lost. Every session of the person ends; this browser
/// gets a new one.
pub async fn confirm(
    state: &State,
    member: &Enrolling,
    code: &str,
    network: &[u8],
) -> Result<(RecoveryCodes, Token)> {
    let own = member.user();
    let attempt = Try::new(&tries::FIRST_CODE, *own.id.uuid().as_bytes(), network);
    attempt.charge(state).await?;
    let done = turn_on(state, member, code, &attempt).await;
    if done.as_ref().is_err_and(|problem| problem.code == ProblemCode::ValidationFailed) {
        attempt.failed(state, Some(own)).await?;
    }
    done
}

async fn turn_on(
    state: &State,
    member: &Enrolling,
    code: &str,
    attempt: &Try<'_>,
) -> Result<(RecoveryCodes, Token)> {
    let own = member.user();
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.still_counts(state, tx).await?;
            user::get_locked(tx, own.organization_id, own.id).await?;
            let row = second_step::find(tx, own.organization_id, own.id).await?;
            let off =
                || Problem::new(ProblemCode::SecondStepState, "Start setting up the second step first.");
            let mut row = row.ok_or_else(off)?;
            if row.confirmed_at.is_some() {
                return Err(on_already());
            }
            if row.created_at <= state.now() - CONFIRM_WITHIN {
                return Err(off());
            }
            let step = matched_step(state, tx, &row, code).await?.ok_or_else(|| {
                let detail = "is not right; check that the phone's clock is right, and take the newest code";
                Problem::field("/code", "incorrect", detail)
            })?;
            row.last_step = step;
            row.confirmed_at = Some(state.now());
            row.into_active_model().reset_all().update(tx).await?;
            let codes = recovery::replace(state, tx, own).await?;
            member.used(state, tx).await?;
            attempt.succeeded(tx).await?;
            // Known by the password alone: no tries of their own at the codes.
            staff_device::forget_all(tx, own.organization_id, own.id).await?;
            own_mails::tell(state, tx, own, Change::AppOn).await?;
            record(state, tx, own, "user.second_step_turned_on").await?;
            let (_, token) = sign_in::begin_anew(state, tx, own, "mfa").await?;
            Ok((codes, token))
        })
        .await
}

/// Turns it off, for who knows the password. Every session of the person ends; this browser gets a new one.
pub async fn remove(
    state: &State,
    member: &StaffMember,
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
            if !second_step::remove(tx, own.organization_id, own.id).await? {
                let detail = "The second step is off already.";
                return Err(Problem::new(ProblemCode::SecondStepState, detail));
            }
            one_less(tx, own).await?;
            own_mails::tell(state, tx, own, Change::AppOff).await?;
            record(state, tx, own, "user.second_step_turned_off").await?;
            sign_in::begin_anew(state, tx, own, "pwd").await
        })
        .await
}

/// After a second factor was taken away: the recovery codes go with the last one, which stays where the
/// organization asks everybody for one.
pub(super) async fn one_less(tx: &DatabaseTransaction, own: &user::Model) -> Result<()> {
    if has_second_factor(tx, own).await? {
        return Ok(());
    }
    let organization = organization::get(tx, own.organization_id).await?.ok_or_else(not_found)?;
    if organization.require_second_factor {
        let detail = "Your organization asks everybody for a second factor; this is your only one.";
        return Err(Problem::new(ProblemCode::SecondStepState, detail));
    }
    Ok(recovery_code::remove_all(tx, own.organization_id, own.id).await?)
}

/// Signs in: the password was right a moment ago, and now the code is.
pub async fn take(
    state: &State,
    pending: &PendingMember,
    code: &str,
    network: &[u8],
    devices: &DeviceTokens,
) -> Result<(StaffSession, Token, DeviceTokens)> {
    let user = &pending.user;
    let device = devices::find_for_codes(state, user, devices).await?;
    let attempt = Try::new(&tries::CODE, *user.id.uuid().as_bytes(), network).with_device(device);
    attempt.charge(state).await?;
    let entered = state
        .db
        .of(user.organization_id)
        .write(async |tx| {
            let used = use_up(state, tx, user, code).await?.ok_or(ProblemCode::CodeIncorrect)?;
            if !pending_sign_in::consume(tx, pending.sign_in.id, state.now()).await? {
                return Err(ProblemCode::SessionEnded.into());
            }
            attempt.succeeded(tx).await?;
            let device = devices::remember(state, tx, user, devices, Shown::Everything).await?;
            if used == Used::RecoveryCode {
                record(state, tx, user, "user.recovery_code_used").await?;
            }
            let (session, token) = sign_in::mint(state, tx, user, "mfa").await?;
            Ok((session, token, device))
        })
        .await;
    if entered.as_ref().is_err_and(|problem| problem.code == ProblemCode::CodeIncorrect) {
        attempt.failed(state, Some(user)).await?;
    }
    entered
}

/// What was right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    App,
    RecoveryCode,
}

/// Uses the code up when it is right.
async fn use_up(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    code: &str,
) -> Result<Option<Used>> {
    if let Some(row) = second_step::find_confirmed(tx, user.organization_id, user.id).await?
        && let Some(step) = matched_step(state, tx, &row, code).await?
    {
        return Ok(second_step::take_step(tx, user.id, step).await?.then_some(Used::App));
    }
    let hash = recovery::hash(state, user.id, code);
    let used = recovery_code::consume(tx, user.organization_id, user.id, hash, state.now()).await?;
    Ok(used.then_some(Used::RecoveryCode))
}

/// The time step whose code this is, one before and one after now included.
async fn matched_step(
    state: &State,
    tx: &DatabaseTransaction,
    row: &second_step::Model,
    code: &str,
) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 6 || plain(code).len() != 6 {
        return Ok(None);
    }
    let keys = state.secrets.organization(tx, row.organization_id).await?;
    let secret = keys.open(Field::TotpSecret, row.user_id.uuid().as_bytes(), &row.sealed_secret)?;
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build().map_err(Problem::internal)?;
    let now = u64::try_from(state.now().timestamp()).unwrap_or_default();
    Ok(totp.check(&digits, now).and_then(|step| i64::try_from(step).ok()))
}

/// What was meant: without the spaces and dashes that help to read it.
pub(super) fn plain(code: &str) -> String {
    code.chars().filter(|c| !matches!(c, ' ' | '-')).flat_map(char::to_lowercase).collect()
}

pub(super) async fn record(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    action: &'static str,
) -> Result<()> {
    let mut journal = Journal::new(user.organization_id, Actor::Staff(user.id), state.now());
    journal.audit(action, user.id);
    Ok(journal.write(tx).await?)
}
