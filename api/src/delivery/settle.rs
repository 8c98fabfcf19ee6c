//! What a try leaves behind: state, event and audit entry in one transaction, the text erased with it
//! (security.md D15). Only the worker that holds the lease can do it; a late result changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Set};
use sealpost_migrations::crash_point;
use sealpost_shared::conversations::DeliveryStatus;
use sealpost_shared::events::EventType;

use super::claim::progress;
use super::retry::{self, Next};
use crate::entities::{conversation, delivery};
use crate::journal::{About, Actor, Journal};
use crate::problem::Result;
use crate::secrets::random_bytes;
use crate::senders::SendOutcome;
use crate::state::State;

/// Why a delivery will not be sent.
pub(super) struct End {
    status: DeliveryStatus,
    code: &'static str,
    detail: String,
    /// Whether staff should hear of it.
    news: bool,
}

impl End {
    pub(super) fn failed(code: &'static str, detail: impl Into<String>) -> Self {
        Self { status: DeliveryStatus::Failed, code, detail: detail.into(), news: true }
    }

    pub(super) fn canceled(code: &'static str, detail: impl Into<String>) -> Self {
        Self { status: DeliveryStatus::Canceled, code, detail: detail.into(), news: true }
    }

    /// Goes on in another row, which is the one to watch.
    pub(super) fn replanned() -> Self {
        let detail = "The contact's address changed; it goes to the new one.";
        Self { news: false, ..Self::canceled("address_changed", detail) }
    }
}

pub(super) async fn settle(state: &State, row: &delivery::Model, outcome: &SendOutcome) -> Result<()> {
    let now = state.now();
    let chance = f64::from(u32::from_be_bytes(random_bytes())) / f64::from(u32::MAX);
    state
        .db
        .of(row.organization_id)
        .write(async |tx| {
            let mut journal = Journal::new(row.organization_id, Actor::System, now);
            let mine = match outcome {
                SendOutcome::Accepted { provider_id } => {
                    record_sent(tx, &mut journal, row, provider_id.clone(), now).await?
                }
                SendOutcome::Refused { code, detail } => {
                    record_end(tx, &mut journal, row, &End::failed(code, detail.clone()), now).await?
                }
                SendOutcome::Passing { code, detail, retry_after } => {
                    let schedule = &state.config.delivery.schedule;
                    match retry::next_attempt(schedule, &progress(row), now, *retry_after, chance) {
                        Next::At(at) => record_later(tx, &mut journal, row, at).await?,
                        Next::GiveUp(reason) => {
                            let end = End::failed(code, format!("{detail} {}", reason.detail()));
                            record_end(tx, &mut journal, row, &end, now).await?
                        }
                    }
                }
            };
            if !mine {
                tracing::info!(delivery.id = %row.id, "a late result was left out: somebody else holds it");
            }
            crash_point!("P6");
            Ok(journal.write(tx).await?)
        })
        .await
}

/// The database may be busy for a moment; what was sent must not be sent again for that.
pub(super) async fn settle_patiently(state: &State, row: &delivery::Model, outcome: &SendOutcome) {
    // Half a minute: well within the lease, after which somebody else tries.
    for pause in [0, 100, 400, 1_600, 5_000, 10_000, 15_000] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        if settle(state, row, outcome).await.is_ok() {
            return;
        }
    }
    // The lease ends by itself; the next try carries the same key.
    tracing::error!(delivery.id = %row.id, "the result of a try could not be stored");
}

async fn record_sent(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    provider_message_id: Option<String>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = delivery::ActiveModel {
        status: Set(DeliveryStatus::Sent),
        sealed_content: Set(None),
        provider_message_id: Set(provider_message_id),
        sent_at: Set(Some(now)),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    let mine = delivery::settle(tx, row.id, row.lease_token, change).await?;
    if mine {
        tracing::info!(delivery.id = %row.id, delivery.attempts = row.attempts, "sent");
        journal.event(EventType::MessageSent, about(tx, row).await?).audit("delivery.sent", row.id);
    }
    Ok(mine)
}

/// For good.
pub(super) async fn record_end(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    end: &End,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = delivery::ActiveModel {
        status: Set(end.status),
        sealed_content: Set(None),
        failure_code: Set(Some(end.code.to_owned())),
        failure_detail: Set(Some(end.detail.clone())),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    let mine = delivery::settle(tx, row.id, row.lease_token, change).await?;
    if mine {
        tracing::info!(delivery.id = %row.id, delivery.attempts = row.attempts, failure.code = end.code, "not sent");
        let action =
            if end.status == DeliveryStatus::Failed { "delivery.failed" } else { "delivery.canceled" };
        journal.audit(action, row.id);
        if end.news {
            journal.event(EventType::MessageFailed, about(tx, row).await?);
        }
    }
    Ok(mine)
}

async fn record_later(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    at: DateTime<Utc>,
) -> Result<bool> {
    let change = delivery::ActiveModel {
        status: Set(DeliveryStatus::Queued),
        next_attempt_at: Set(at),
        ..Default::default()
    };
    tracing::info!(delivery.id = %row.id, delivery.attempts = row.attempts, delivery.next = %at, "will be tried again");
    let mine = delivery::settle(tx, row.id, row.lease_token, change).await?;
    if mine {
        journal.event(EventType::DeliveryUpdated, about(tx, row).await?);
    }
    Ok(mine)
}

/// Back into the queue as if nobody had looked.
pub(super) async fn record_held(
    tx: &impl ConnectionTrait,
    row: &delivery::Model,
    until: DateTime<Utc>,
) -> Result<bool> {
    let change = delivery::ActiveModel {
        status: Set(DeliveryStatus::Queued),
        attempts: Set(0),
        next_attempt_at: Set(until),
        ..Default::default()
    };
    Ok(delivery::settle(tx, row.id, row.lease_token, change).await?)
}

async fn about(tx: &impl ConnectionTrait, row: &delivery::Model) -> Result<About> {
    let conversation = conversation::get_by_contact(tx, row.organization_id, row.contact_id).await?;
    Ok(About {
        conversation: conversation.map(|conversation| conversation.id),
        contact: Some(row.contact_id),
        message: Some(row.message_id),
        link: row.link_id,
        user: None,
    })
}
