//! Emails to the staff: a queue and slots of their own, the same rules and the same worker. They have no contact and
//! no thread; what is sealed here is sealed for the organization.

use std::time::Instant;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};
use sealpost_shared::ids::{InvitationId, OrganizationId};
use sealpost_shared::text::Email;
use serde::{Deserialize, Serialize};

use super::attempt::{health_of, measure, not_set_up};
use super::content::EmailContent;
use super::retry::{self, Next, Progress};
use super::settle::{PAUSES, not_stored};
use crate::circuit::Health;
use crate::entities::outgoing::Turn;
use crate::entities::staff_mail;
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result};
use crate::secrets::{Field, random_bytes};
use crate::senders::{EmailNotice, SendOutcome};
use crate::state::State;

/// A finished email to somebody who works there, or shall.
pub struct StaffMail {
    pub organization: OrganizationId,
    pub invitation: Option<InvitationId>,
    /// When it is worth nothing any more; a day from now otherwise.
    pub not_after: Option<DateTime<Utc>>,
    pub to: Email,
    pub content: EmailContent,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Parcel {
    to: Email,
    content: EmailContent,
}

/// Queues an email in the caller's transaction.
pub async fn enqueue_staff_mail(state: &State, tx: &impl ConnectionTrait, mail: StaffMail) -> Result<()> {
    let now = state.now();
    let id = new_id(now);
    let keys = state.secrets.organization(tx, mail.organization).await?;
    let parcel = serde_json::to_vec(&Parcel { to: mail.to, content: mail.content });
    let parcel = parcel.map_err(Problem::internal)?;
    let row = staff_mail::Model {
        id,
        organization_id: mail.organization,
        invitation_id: mail.invitation,
        sealed_content: Some(keys.seal(Field::StaffMailContent, id.uuid().as_bytes(), &parcel)?),
        status: DeliveryStatus::Queued,
        attempts: 0,
        next_attempt_at: now,
        not_after: mail.not_after.unwrap_or_else(|| retry::not_after(now, None)),
        lease_token: None,
        failure_code: None,
        failure_detail: None,
        created_at: now,
        settled_at: None,
        class: 0,
        leased_until: None,
        in_doubt: false,
    };
    staff_mail::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// Stops what is still on its way about an invitation.
pub async fn cancel_of_invitation(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<()> {
    Ok(staff_mail::cancel_of_invitation(tx, organization, invitation, now).await?)
}

pub(super) async fn claim(state: &State, turn: &Turn) -> Result<Vec<staff_mail::Model>> {
    state.db.before_organization().write(async |tx| Ok(staff_mail::claim(tx, turn).await?)).await
}

pub(super) async fn attempt(state: &State, row: &staff_mail::Model) {
    let started = Instant::now();
    let outcome = send(state, row).await;
    measure(state, ("staff_mails", Channel::Email), row.created_at, &outcome, started.elapsed());
    let health = if row.sealed_content.is_none() { Health::Unsaid } else { health_of(&outcome) };
    state.circuits.of(Channel::Email).note(health, state.now(), state.config.delivery.first_pause());
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        if settle(state, row, &outcome).await.is_ok() {
            return;
        }
    }
    not_stored(row.id);
}

async fn send(state: &State, row: &staff_mail::Model) -> SendOutcome {
    if let Some(reason) = retry::too_late(&progress(row), state.now()) {
        return SendOutcome::refused(reason.code(), reason.detail());
    }
    let parcel = match open(state, row).await {
        Ok(opened) => opened,
        // Fails closed: keys may come back, and then it goes out.
        Err(_) => {
            return SendOutcome::passing(FailureCode::NotOpened, "The email cannot be opened just now.");
        }
    };
    let Some(sender) = state.senders.email() else { return not_set_up(Channel::Email) };
    let notice = EmailNotice {
        id: row.id,
        created_at: row.created_at,
        to: &parcel.to,
        from_name: &parcel.content.from_name,
        subject: &parcel.content.subject,
        text: &parcel.content.text,
        html: &parcel.content.html,
    };
    sender.send(&notice).await
}

async fn open(state: &State, row: &staff_mail::Model) -> Result<Parcel> {
    let db = state.db.of(row.organization_id).read().await?;
    let keys = state.secrets.organization(&db, row.organization_id).await?;
    let sealed = row.sealed_content.as_deref().unwrap_or_default();
    let parcel = keys.open(Field::StaffMailContent, row.id.uuid().as_bytes(), sealed)?;
    serde_json::from_slice(&parcel).map_err(|_| Problem::internal("an email cannot be read"))
}

fn progress(row: &staff_mail::Model) -> Progress {
    Progress {
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        created_at: row.created_at,
        not_after: row.not_after,
        has_link: false,
    }
}

async fn settle(state: &State, row: &staff_mail::Model, outcome: &SendOutcome) -> Result<()> {
    let now = state.now();
    let chance = f64::from(u32::from_be_bytes(random_bytes())) / f64::from(u32::MAX);
    let ended = |status, failure: Option<(FailureCode, String)>| staff_mail::ActiveModel {
        status: Set(status),
        sealed_content: Set(None),
        failure_code: Set(failure.as_ref().map(|(code, _)| code.as_str().to_owned())),
        failure_detail: Set(failure.map(|(_, detail)| detail)),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    let failed =
        |code, detail| (ended(DeliveryStatus::Failed, Some((code, detail))), Some("staff_mail.failed"));
    let later = |code, detail, retry_after| {
        let schedule = &state.config.delivery.schedule;
        match retry::next_attempt(schedule, &progress(row), now, retry_after, chance) {
            Next::At(at) => {
                let change = staff_mail::ActiveModel {
                    status: Set(DeliveryStatus::Queued),
                    next_attempt_at: Set(at),
                    ..Default::default()
                };
                (change, None)
            }
            Next::GiveUp(_) => failed(code, detail),
        }
    };
    let (change, action) = match outcome {
        SendOutcome::Accepted { .. } => (ended(DeliveryStatus::Sent, None), Some("staff_mail.sent")),
        SendOutcome::Refused { code, detail } => failed(*code, detail.clone()),
        SendOutcome::Passing { code, detail, retry_after } => later(*code, detail.clone(), *retry_after),
        SendOutcome::Ambiguous { code, detail } => later(*code, detail.clone(), None),
    };
    state
        .db
        .of(row.organization_id)
        .write(async |tx| {
            let mine = staff_mail::settle(tx, row.id, row.lease_token, change).await?;
            let mut journal = Journal::new(row.organization_id, Actor::System, now);
            if let (true, Some(action)) = (mine, action) {
                journal.audit(action, row.id);
            }
            Ok(journal.write(tx).await?)
        })
        .await
}
