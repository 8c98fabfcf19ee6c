//! A new password by email: for whoever asks with an address, and for a colleague whom an admin helps. What is asked
//! for is answered alike in words, in work and in time, whether somebody has the address or not (security.md D7, D9).

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::UserId;
use sealpost_shared::paths::DESK_PAGE;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{AskForPasswordReset, CompletePasswordReset, PasswordReset, PasswordResetAsked};
use sealpost_shared::text::Email;
use tokio::time::Instant;

use super::devices::{self, Shown};
use super::own_account::replace;
use super::own_mails::{self, Change};
use super::passwords::check_password;
use super::tries::{self, Try};
use crate::auth::{DeviceTokens, StaffMember};
use crate::channels;
use crate::delivery::{EmailContent, StaffMail, enqueue_staff_mail};
use crate::entities::budget::{self, Limit};
use crate::entities::{organization, password_reset, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{long_token, valid_long_token};
use crate::state::State;

const LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// As long as a link lives: one of the three still works when no other is sent.
const MAILS: Limit = Limit { scope: "reset_mails", times: 3, window: LIFETIME };
const BY_ADMINS: Limit = Limit { scope: "resets_by_admins", times: 50, window: TimeDelta::hours(24) };
/// Every answer takes this long: what is done for somebody takes a few milliseconds of it.
const ANSWER_AFTER: Duration = Duration::from_millis(200);

fn hash(state: &State, token: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("password-reset", token.as_bytes())
}

/// Sends a link to the address if somebody has it. The answer does not say.
pub async fn ask(state: &State, request: &AskForPasswordReset, network: &[u8]) -> Result<PasswordResetAsked> {
    let answer_at = Instant::now() + ANSWER_AFTER;
    let done = asked(state, request, network).await;
    tokio::time::sleep_until(answer_at).await;
    done
}

async fn asked(state: &State, request: &AskForPasswordReset, network: &[u8]) -> Result<PasswordResetAsked> {
    let email = request.email.trim().to_lowercase();
    let subject = tries::subject_of_email(state, &email);
    Try::new(&tries::ASK_FOR_RESET, subject.clone(), network).charge(state).await?;
    channels::refresh(state, &state.db.before_organization().read().await?).await?;
    let by_email = state.senders.email().is_some();
    let whose = match email.parse::<Email>() {
        Ok(_) => user::find_active_by_email(&state.db.before_organization().read().await?, &email).await?,
        Err(_) => None,
    };
    let db = match &whose {
        Some(user) => state.db.of(user.organization_id),
        None => state.db.before_organization(),
    };
    db.write(async |tx| {
        let within = budget::charge(tx, MAILS, &subject, state.now()).await?;
        let Some(user) = whose.filter(|_| by_email && within) else { return Ok(()) };
        let link = make(state, tx, &user).await?;
        send(state, tx, &user, &link, None).await?;
        record(state, tx, &user, Actor::System, "user.password_reset_asked").await
    })
    .await?;
    Ok(PasswordResetAsked { by_email })
}

/// An admin helps a colleague: by email where there is email, else into the admin's hand, this once.
pub async fn send_to_colleague(state: &State, member: &StaffMember, id: UserId) -> Result<PasswordReset> {
    if id == member.user.id {
        let detail = "Your own password is changed in your own account.";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    channels::refresh(state, &state.db.before_organization().read().await?).await?;
    let by_email = state.senders.email().is_some();
    let organization = member.user.organization_id;
    state
        .db
        .of(organization)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            if !budget::charge(tx, BY_ADMINS, organization.uuid().as_bytes(), state.now()).await? {
                let detail = "fifty a day; wait until tomorrow";
                return Err(Problem::new(ProblemCode::RateLimited, detail).retry_after(3_600));
            }
            let user = user::find_active(tx, organization, id).await?.ok_or_else(not_found)?;
            let link = make(state, tx, &user).await?;
            if by_email {
                send(state, tx, &user, &link, Some(&member.user.name)).await?;
            }
            record(state, tx, &user, Actor::Staff(member.user.id), "user.password_reset_sent").await?;
            Ok(PasswordReset { by_email, link: (!by_email).then_some(link) })
        })
        .await
}

/// The address that sets a password; the token stands in its fragment and is kept as a hash.
async fn make(state: &State, tx: &DatabaseTransaction, user: &user::Model) -> Result<String> {
    let token = long_token();
    let row = password_reset::Model {
        token_hash: hash(state, &token),
        organization_id: user.organization_id,
        user_id: user.id,
        created_at: state.now(),
        expires_at: state.now() + LIFETIME,
        used_at: None,
    };
    password_reset::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(format!("{}{DESK_PAGE}#reset={token}", state.config.origin()))
}

async fn send(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    link: &str,
    by: Option<&str>,
) -> Result<()> {
    let organization = organization::get(tx, user.organization_id).await?.ok_or_else(not_found)?.name;
    let who = by.unwrap_or("Somebody, hopefully you,");
    let asked = if by.is_some() { "has sent you a link" } else { "has asked" };
    let text = format!(
        "Hello {},\n\n{who} {asked} for a new password for your account with {organization} on Sealpost.\n\nOpen this \
         link to choose one:\n{link}\n\nIt works once, for half an hour. You did not expect this? Then do nothing: your \
         password stays as it is.",
        user.name
    );
    let content =
        EmailContent::with_button(&organization, "Choose a new password", &text, link, "Choose a password");
    mail(state, tx, user, content, Some(LIFETIME)).await
}

async fn mail(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    content: EmailContent,
    within: Option<TimeDelta>,
) -> Result<()> {
    let to = user.email.parse::<Email>().map_err(Problem::internal)?;
    let not_after = within.map(|within| state.now() + within);
    let mail = StaffMail { organization: user.organization_id, invitation: None, not_after, to, content };
    enqueue_staff_mail(state, tx, mail).await
}

/// Sets the password. Nobody is signed in by it, and a second step stays on; but this browser is known now, so that
/// strangers' guesses keep nobody from using the new password.
pub async fn complete(
    state: &State,
    request: &CompletePasswordReset,
    network: &[u8],
    known: &DeviceTokens,
) -> Result<DeviceTokens> {
    let unknown = || Problem::from(ProblemCode::ResetNotFound);
    let token_hash = hash(state, &request.token);
    let attempt = Try::new(&tries::RESET, token_hash.clone(), network);
    attempt.charge(state).await?;
    if !valid_long_token(&request.token) {
        return Err(unknown());
    }
    let db = state.db.before_organization().read().await?;
    let found = password_reset::find_live(&db, &token_hash, state.now()).await?.ok_or_else(unknown)?;
    let user = user::find_active(&db, found.organization_id, found.user_id).await?.ok_or_else(unknown)?;
    let organization = organization::get(&db, user.organization_id).await?.ok_or_else(unknown)?;
    drop(db);
    if let Err(weak) = check_password(&request.password, &[&user.name, &user.email, &organization.name]) {
        attempt.give_back(state).await?;
        return Err(weak);
    }
    let password = state.secrets.hashing.hash(&request.password).await?;
    state
        .db
        .of(user.organization_id)
        .write(async |tx| {
            if !password_reset::consume(tx, &token_hash, state.now()).await? {
                return Err(unknown());
            }
            // Kept out meanwhile: then there is nothing to set.
            let user = user::get_locked(tx, user.organization_id, user.id).await?;
            let user = user.filter(|user| user.disabled_at.is_none()).ok_or_else(unknown)?;
            attempt.succeeded(tx).await?;
            let user = replace(state, tx, &user, password).await?;
            own_mails::tell(state, tx, &user, Change::Password).await?;
            let device = devices::remember(state, tx, &user, known, Shown::FirstStep).await?;
            record(state, tx, &user, Actor::LinkHolder, "user.password_reset").await?;
            Ok(device)
        })
        .await
}

async fn record(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    actor: Actor,
    action: &'static str,
) -> Result<()> {
    let mut journal = Journal::new(user.organization_id, actor, state.now());
    journal.audit(action, user.id);
    Ok(journal.write(tx).await?)
}
