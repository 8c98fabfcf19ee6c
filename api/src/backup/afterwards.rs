//! What a restored database must not do: send again what was sent since, and let in who was shut out since
//! (security.md D35).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::AddAssign;

use anyhow::bail;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    Value,
};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{KeyId, OrganizationId, UserId};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::Role;

use super::log::Entry;
use crate::auth::Caller;
use crate::db::Db;
use crate::entities::{
    api_key, contact, delivery, invitation, link, one_time_sign_in, organization, organization_head,
    passkey_ceremony, password_reset, patient_session, pending_sign_in, reminder, scheduled_message,
    staff_mail, staff_session, user,
};
use crate::journal::{Actor, Journal};
use crate::problem::Result;
use crate::secrets::hex;
use crate::state::State;
use crate::{conversations, links};

/// Whether the log tells what was withdrawn since the backup. Without one every key of an integrator may have been.
async fn tells(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    log: Option<&[Entry]>,
) -> anyhow::Result<bool> {
    let Some(log) = log else { return Ok(false) };
    let Some(head) = organization_head::get(tx, organization).await? else { return Ok(false) };
    let own = log.iter().filter(|entry| entry.organization_id == organization);
    let same = own.clone().find(|entry| entry.sequence == head.audit_sequence);
    if same.is_some_and(|same| same.hash != hex(&head.audit_hash)) {
        bail!("the log of {organization} is of another life of this database");
    }
    Ok(own.map(|entry| entry.sequence).max().is_some_and(|newest| newest >= head.audit_sequence))
}

/// What was taken out of circulation.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Quieted {
    /// Notices that wait for an admin.
    pub parked: u64,
    pub staff_mails: u64,
    pub sessions: u64,
    pub links: u64,
    pub invitations: u64,
    pub api_keys: u64,
}

impl AddAssign for Quieted {
    fn add_assign(&mut self, more: Self) {
        self.parked += more.parked;
        self.staff_mails += more.staff_mails;
        self.sessions += more.sessions;
        self.links += more.links;
        self.invitations += more.invitations;
        self.api_keys += more.api_keys;
    }
}

impl fmt::Display for Quieted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parked, staff_mails, sessions, links, invitations, api_keys } = self;
        write!(
            f,
            "{parked} notices wait for review; {staff_mails} emails to staff were dropped; ended: {sessions} sessions, \
             {links} links, {invitations} invitations, {api_keys} API keys"
        )
    }
}

/// For a database that was brought back by other means than `fill`.
pub async fn quiet_all(db: &Db, now: DateTime<Utc>, log: Option<&[Entry]>) -> anyhow::Result<Quieted> {
    let organizations = organization::list_ids(&db.before_organization().read().await?).await?;
    let mut quieted = Quieted::default();
    for organization in organizations {
        let told = tells(&db.of(organization).read().await?, organization, log).await?;
        let work = async |tx: &DatabaseTransaction| Ok(quiet(tx, organization, now, told).await?);
        quieted += db.of(organization).write(work).await?;
    }
    Ok(quieted)
}

/// The same in the transaction that fills the database.
pub(super) async fn quiet_in(
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    now: DateTime<Utc>,
    log: Option<&[Entry]>,
) -> anyhow::Result<Quieted> {
    let told = tells(tx, organization, log).await?;
    Ok(quiet(tx, organization, now, told).await?)
}

const RESTORED: &str = "It comes from a backup and may have gone out since.";

async fn quiet(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTime<Utc>,
    told: bool,
) -> Result<Quieted, DbErr> {
    let parked = park(tx, organization).await?;
    // What waits for its time may have gone out since, too; it stays in the Scheduled folder for people to look at.
    scheduled_message::stop_all(tx, organization, now, "restored", RESTORED).await?;
    delivery::end_fallbacks(tx, organization).await?;
    // So may reminders.
    reminder::stop_all(tx, organization).await?;
    let staff_mails = drop_staff_mails(tx, organization, now).await?;
    let sessions = end_sessions(tx, organization).await?;
    let links = end_links(tx, organization, now).await?;
    let open = Condition::all()
        .add(invitation::Column::OrganizationId.eq(organization))
        .add(invitation::Column::AcceptedAt.is_null())
        .add(invitation::Column::ExpiresAt.gt(now));
    let ended = invitation::Entity::update_many().col_expr(invitation::Column::ExpiresAt, Expr::value(now));
    let invitations = ended.filter(open).exec(tx).await?.rows_affected;
    let revoked = api_key::Entity::update_many().col_expr(api_key::Column::RevokedAt, Expr::value(now));
    let live = Condition::all()
        .add(api_key::Column::OrganizationId.eq(organization))
        .add(api_key::Column::RevokedAt.is_null());
    let api_keys = if told { 0 } else { revoked.filter(live).exec(tx).await?.rows_affected };
    Ok(Quieted { parked, staff_mails, sessions, links, invitations, api_keys })
}

/// It may have been sent since: somebody has to look.
async fn park(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<u64, DbErr> {
    let waiting = [DeliveryStatus::Queued, DeliveryStatus::Sending];
    let parked = delivery::Entity::update_many()
        .col_expr(delivery::Column::Status, Expr::value(DeliveryStatus::NeedsReview))
        // It may have gone out after the backup: the gateway is asked before it goes again.
        .col_expr(delivery::Column::InDoubt, Expr::value(true))
        .col_expr(delivery::Column::LeaseToken, Expr::value(None::<uuid::Uuid>))
        .col_expr(delivery::Column::LeasedUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(delivery::Column::OrganizationId.eq(organization))
        .filter(delivery::Column::Status.is_in(waiting))
        .exec(tx)
        .await?;
    Ok(parked.rows_affected)
}

/// What they say leads to invitations and new passwords, which end here, too.
async fn drop_staff_mails(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let waiting = [DeliveryStatus::Queued, DeliveryStatus::Sending];
    let dropped = staff_mail::Entity::update_many()
        .col_expr(staff_mail::Column::Status, Expr::value(DeliveryStatus::Canceled))
        .col_expr(staff_mail::Column::SealedContent, Expr::value(Value::Bytes(None)))
        .col_expr(staff_mail::Column::LeaseToken, Expr::value(None::<uuid::Uuid>))
        .col_expr(staff_mail::Column::SettledAt, Expr::value(now))
        .filter(staff_mail::Column::OrganizationId.eq(organization))
        .filter(staff_mail::Column::Status.is_in(waiting))
        .exec(tx)
        .await?;
    Ok(dropped.rows_affected)
}

/// Rows go, and versions rise: what was given out before says another version.
async fn end_sessions(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<u64, DbErr> {
    macro_rules! emptied {
        ($($entity:ident),*) => {
            [$($entity::Entity::delete_many()
                .filter($entity::Column::OrganizationId.eq(organization)).exec(tx).await?.rows_affected),*]
        };
    }
    emptied!(passkey_ceremony, pending_sign_in, one_time_sign_in, password_reset);
    let ended = emptied!(staff_session, patient_session);
    user::Entity::update_many()
        .col_expr(user::Column::SessionVersion, Expr::col(user::Column::SessionVersion).add(1))
        .filter(user::Column::OrganizationId.eq(organization))
        .exec(tx)
        .await?;
    contact::Entity::update_many()
        .col_expr(contact::Column::SessionVersion, Expr::col(contact::Column::SessionVersion).add(1))
        .filter(contact::Column::OrganizationId.eq(organization))
        .exec(tx)
        .await?;
    Ok(ended.iter().sum())
}

/// An ended link offers a new one, which goes to whom it is for. Those that wait in a notice are in nobody's hands.
async fn end_links(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let mut waiting = Query::select();
    waiting
        .column(delivery::Column::LinkId)
        .from(delivery::Entity)
        .and_where(delivery::Column::OrganizationId.eq(organization))
        .and_where(delivery::Column::Status.eq(DeliveryStatus::NeedsReview))
        .and_where(delivery::Column::LinkId.is_not_null());
    let ended = link::Entity::update_many()
        .col_expr(link::Column::ExpiresAt, Expr::value(now))
        .filter(link::Column::OrganizationId.eq(organization))
        .filter(link::Column::ExpiresAt.gt(now))
        .filter(link::Column::Id.not_in_subquery(waiting))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// Writes down in every organization's log that there was a restore.
pub async fn note(state: &State) -> Result<()> {
    let organizations = organization::list_ids(&state.db.before_organization().read().await?).await?;
    for organization in organizations {
        let mut journal = Journal::new(organization, Actor::System, state.now());
        journal.audit("database.restored", organization);
        state.db.of(organization).write(async |tx| Ok(journal.write(tx).await?)).await?;
    }
    Ok(())
}

/// What a log brought back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    pub erased: u64,
    pub revoked_links: u64,
    pub revoked_keys: u64,
    pub disabled: u64,
    /// Whose password or second step was changed since: theirs of before opens nothing.
    pub passwords: u64,
    /// What happened since and cannot be brought back: how often each.
    pub lost: BTreeMap<String, u64>,
}

/// Does again what took something away since the backup, by the log that was kept elsewhere.
pub async fn replay(state: &State, log: &[Entry]) -> Result<Replayed> {
    let heads = organization_head::list(&state.db.before_organization().read().await?).await?;
    let mut replayed = Replayed::default();
    for head in heads {
        let organization = head.organization_id;
        let since = log.iter().filter(|entry| entry.organization_id == organization);
        let since: Vec<_> = since.filter(|entry| entry.sequence > head.audit_sequence).collect();
        replay_one(state, organization, &since, &mut replayed).await?;
    }
    Ok(replayed)
}

async fn replay_one(
    state: &State,
    organization: OrganizationId,
    since: &[&Entry],
    replayed: &mut Replayed,
) -> Result<()> {
    let caller =
        Caller { organization, actor: Actor::System, name: String::new(), role: Role::Admin, session: None };
    let mut disabled = BTreeSet::new();
    let mut passwords = BTreeSet::new();
    for entry in since {
        let subject = entry.subject.as_str();
        match entry.action.as_str() {
            "contact.erased" => {
                let Ok(id) = subject.parse() else { continue };
                replayed.erased += done(conversations::service::erase_contact(state, &caller, id).await)?;
            }
            "link.revoked" => {
                let Ok(id) = subject.parse() else { continue };
                replayed.revoked_links += done(links::service::revoke(state, &caller, id).await.map(|_| ()))?;
            }
            "api_key.revoked" => {
                let Ok(id) = subject.parse() else { continue };
                replayed.revoked_keys += u64::from(revoke_key(state, organization, id).await?);
            }
            "user.disabled" => {
                disabled.insert(subject);
            }
            "user.enabled" => {
                disabled.remove(subject);
            }
            "user.password_changed" | "user.password_disabled" | "user.second_step_reset" => {
                passwords.insert(subject);
            }
            action => *replayed.lost.entry(action.to_owned()).or_default() += 1,
        }
    }
    let (disabled, passwords) = (ids(&disabled), ids(&passwords));
    replayed.disabled += disabled.len() as u64;
    replayed.passwords += passwords.len() as u64;
    shut_out(state, organization, disabled, passwords).await
}

fn ids(subjects: &BTreeSet<&str>) -> Vec<UserId> {
    subjects.iter().filter_map(|subject| subject.parse().ok()).collect()
}

/// One that was made after the backup is not there to be taken away.
fn done(result: Result<()>) -> Result<u64> {
    match result {
        Ok(()) => Ok(1),
        Err(problem) if problem.code == ProblemCode::NotFound => Ok(0),
        Err(problem) => Err(problem),
    }
}

async fn revoke_key(state: &State, organization: OrganizationId, id: KeyId) -> Result<bool> {
    let now = state.now();
    state
        .db
        .of(organization)
        .write(async |tx| {
            let revoked = api_key::revoke(tx, organization, id, now).await?;
            if revoked {
                let mut journal = Journal::new(organization, Actor::System, now);
                journal.audit("api_key.revoked", id);
                journal.write(tx).await?;
            }
            Ok(revoked)
        })
        .await
}

async fn shut_out(
    state: &State,
    organization: OrganizationId,
    disabled: Vec<UserId>,
    passwords: Vec<UserId>,
) -> Result<()> {
    let now = state.now();
    state
        .db
        .of(organization)
        .write(async |tx| {
            let mut journal = Journal::new(organization, Actor::System, now);
            let theirs = |ids: Vec<_>| {
                Condition::all()
                    .add(user::Column::OrganizationId.eq(organization))
                    .add(user::Column::Id.is_in(ids))
            };
            disabled.iter().for_each(|id| {
                journal.audit("user.disabled", id);
            });
            passwords.iter().for_each(|id| {
                journal.audit("user.password_disabled", id);
            });
            user::Entity::update_many()
                .col_expr(user::Column::DisabledAt, Expr::value(now))
                .filter(theirs(disabled))
                .filter(user::Column::DisabledAt.is_null())
                .exec(tx)
                .await?;
            user::Entity::update_many()
                .col_expr(user::Column::PasswordHash, Expr::value(None::<String>))
                .filter(theirs(passwords))
                .exec(tx)
                .await?;
            Ok(journal.write(tx).await?)
        })
        .await
}
