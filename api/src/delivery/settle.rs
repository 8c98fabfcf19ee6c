//! What a try leaves behind: state, folder, event and audit entry in one transaction, the text erased with it
//! (security.md D15). Only the worker that holds the lease can do it; a late result changes nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Set};
use sealpost_migrations::crash_point;
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::DeliveryId;

use super::address;
use super::claim::progress;
use super::fallback;
use super::retry::{self, Next};
use crate::entities::{contact, conversation, delivery};
use crate::folders;
use crate::journal::{About, Actor, Journal};
use crate::problem::Result;
use crate::secrets::random_bytes;
use crate::senders::SendOutcome;
use crate::state::State;

/// Why a delivery will not be sent.
#[derive(Clone)]
pub(super) struct End {
    status: DeliveryStatus,
    code: FailureCode,
    detail: String,
    /// Whether staff should hear of it.
    news: bool,
}

impl End {
    pub(super) fn failed(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { status: DeliveryStatus::Failed, code, detail: detail.into(), news: true }
    }

    pub(super) fn canceled(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { status: DeliveryStatus::Canceled, code, detail: detail.into(), news: true }
    }

    /// Goes on in another row, which is the one to watch.
    pub(super) fn replanned() -> Self {
        let detail = "The contact's address changed; it goes to the new one.";
        Self { news: false, ..Self::canceled(FailureCode::AddressChanged, detail) }
    }

    fn change(&self, falls_back: Option<DateTime<Utc>>, now: DateTime<Utc>) -> delivery::ActiveModel {
        delivery::ActiveModel {
            status: Set(self.status),
            sealed_content: Set(None),
            failure_code: Set(Some(self.code.as_str().to_owned())),
            failure_detail: Set(Some(self.detail.clone())),
            settled_at: Set(Some(now)),
            unresolved: Set(self.status == DeliveryStatus::Failed && falls_back.is_none()),
            fallback_at: Set(falls_back),
            ..Default::default()
        }
    }

    /// A confirmation of STOP that the gateway keeps back: it gave one itself.
    pub(super) fn kept_back(self, row: &delivery::Model) -> Self {
        if row.despite_opt_out && self.code == FailureCode::RecipientOptedOut {
            return Self { news: false, ..Self::canceled(FailureCode::ContactOptedOut, self.detail) };
        }
        self
    }
}

/// What becomes of a delivery now.
pub(super) enum Verdict {
    Sent {
        provider_id: Option<String>,
    },
    End(End),
    /// Tried again at this time; why it did not go out now.
    Later {
        at: DateTime<Utc>,
        code: FailureCode,
        detail: String,
    },
    /// Asked about, and not tried again before.
    Doubt {
        ask_at: DateTime<Utc>,
        retry_at: DateTime<Utc>,
    },
    /// Nothing was tried after all.
    Untried {
        until: DateTime<Utc>,
    },
}

/// What a try says must be done.
pub(super) fn verdict(state: &State, row: &delivery::Model, outcome: SendOutcome) -> Verdict {
    let (now, config) = (state.now(), &state.config.delivery);
    let chance = f64::from(u32::from_be_bytes(random_bytes())) / f64::from(u32::MAX);
    match outcome {
        SendOutcome::Accepted { provider_id } => Verdict::Sent { provider_id },
        SendOutcome::Refused { code, detail } => Verdict::End(End::failed(code, detail)),
        SendOutcome::Passing { code, detail, retry_after } => {
            match retry::next_attempt(&config.schedule, &progress(row), now, retry_after, chance) {
                Next::At(at) => Verdict::Later { at, code, detail },
                Next::GiveUp(reason) => {
                    Verdict::End(End::failed(code, format!("{detail} {}", reason.detail())))
                }
            }
        }
        SendOutcome::Ambiguous { .. } => {
            let progress = progress(row);
            let (ask_at, retry_at) =
                retry::in_doubt(&config.schedule, &progress, now, config.callback_wait, chance);
            Verdict::Doubt { ask_at, retry_at }
        }
    }
}

pub(super) async fn settle(state: &State, row: &delivery::Model, verdict: &Verdict) -> Result<()> {
    let now = state.now();
    state
        .db
        .of(row.organization_id)
        .write(async |tx| {
            let mut journal = Journal::new(row.organization_id, Actor::System, now);
            let mine = match verdict {
                Verdict::Sent { provider_id } => {
                    record_sent(tx, &mut journal, row, provider_id.clone(), now).await?
                }
                Verdict::End(end) => {
                    record_end(tx, &mut journal, row, &end.clone().kept_back(row), now).await?
                }
                Verdict::Later { at, code, detail } => {
                    record_later(tx, &mut journal, row, *at, (*code, detail)).await?
                }
                Verdict::Doubt { ask_at, retry_at } => {
                    record_doubt(tx, &mut journal, row, *ask_at, *retry_at).await?
                }
                Verdict::Untried { until } => record_untried(tx, row, *until).await?,
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
pub(super) async fn settle_patiently(state: &State, row: &delivery::Model, verdict: &Verdict) {
    for pause in PAUSES {
        tokio::time::sleep(pause).await;
        if settle(state, row, verdict).await.is_ok() {
            return;
        }
    }
    not_stored(row.id);
}

/// Between tries to store what became of one, for a database that is away just now. Half a minute: well within the
/// lease, after which somebody else tries.
pub(super) const PAUSES: [Duration; 7] = [
    Duration::ZERO,
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1_600),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(15),
];

/// The lease ends by itself; the next try carries the same key.
pub(super) fn not_stored(id: DeliveryId) {
    tracing::error!(delivery.id = %id, "the result of a try could not be stored");
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
        failure_code: Set(None),
        failure_detail: Set(None),
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

/// For good. What failed goes into its folder; what that says of the address is noted with it.
pub(super) async fn record_end(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    end: &End,
    now: DateTime<Utc>,
) -> Result<bool> {
    let settling = async |change| Ok(delivery::settle(tx, row.id, row.lease_token, change).await?);
    conclude(tx, journal, row, end, now, settling).await
}

/// The same with another way to hold the row: a receipt needs no lease.
pub(super) async fn conclude(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    end: &End,
    now: DateTime<Utc>,
    settling: impl AsyncFnOnce(delivery::ActiveModel) -> Result<bool>,
) -> Result<bool> {
    let failed = end.status == DeliveryStatus::Failed;
    let news = if failed { address::of_failure(end.code) } else { None };
    let held = match news {
        Some(news) => address::hold(tx, row, news).await?,
        None => Vec::new(),
    };
    if failed {
        conversation::get_locked(tx, row.organization_id, row.contact_id).await?;
    }
    // Of somebody who was erased meanwhile nobody has anything to do.
    let is_ours = contact::get(tx, row.organization_id, row.contact_id).await?.is_some();
    let falls_back = fallback::due(tx, row, end.code, now).await?;
    let mut change = end.change(falls_back, now);
    if !is_ours {
        change.unresolved = Set(false);
    }
    if !settling(change).await? {
        return Ok(false);
    }
    let code = end.code.as_str();
    tracing::info!(delivery.id = %row.id, delivery.attempts = row.attempts, failure.code = code, "not sent");
    journal.audit(if failed { "delivery.failed" } else { "delivery.canceled" }, row.id);
    if end.news {
        journal.event(EventType::MessageFailed, about(tx, row).await?);
    }
    if let Some(news) = news {
        address::note(tx, held, row.channel, news, now, journal).await?;
    }
    if failed && is_ours {
        folders::keep_failed(tx, row.organization_id, row.contact_id).await?;
    }
    Ok(true)
}

async fn record_later(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    at: DateTime<Utc>,
    (code, detail): (FailureCode, &str),
) -> Result<bool> {
    let change = delivery::ActiveModel {
        status: Set(DeliveryStatus::Queued),
        failure_code: Set(Some(code.as_str().to_owned())),
        failure_detail: Set(Some(detail.to_owned())),
        next_attempt_at: Set(at),
        in_doubt: Set(row.in_doubt),
        unanswered: Set(row.unanswered),
        retry_at: Set(None),
        ..Default::default()
    };
    tracing::info!(delivery.id = %row.id, delivery.attempts = row.attempts, delivery.next = %at, "will be tried again");
    let mine = delivery::settle(tx, row.id, row.lease_token, change).await?;
    if mine {
        journal.event(EventType::DeliveryUpdated, about(tx, row).await?);
    }
    Ok(mine)
}

/// Nobody knows. It stays with the gateway, as far as anybody can see, until that is asked.
async fn record_doubt(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    ask_at: DateTime<Utc>,
    retry_at: DateTime<Utc>,
) -> Result<bool> {
    let change = delivery::ActiveModel {
        next_attempt_at: Set(ask_at),
        retry_at: Set(Some(retry_at)),
        in_doubt: Set(true),
        unanswered: Set(row.unanswered + 1),
        ..Default::default()
    };
    tracing::warn!(delivery.id = %row.id, delivery.attempts = row.attempts, delivery.next = %ask_at, "a try was not answered");
    let mine = delivery::settle(tx, row.id, row.lease_token, change).await?;
    if mine {
        journal.event(EventType::DeliveryUpdated, about(tx, row).await?);
    }
    Ok(mine)
}

/// Back as if nobody had looked.
pub(super) async fn record_untried(
    tx: &impl ConnectionTrait,
    row: &delivery::Model,
    until: DateTime<Utc>,
) -> Result<bool> {
    let status = if row.in_doubt { DeliveryStatus::Sending } else { DeliveryStatus::Queued };
    let change = delivery::ActiveModel {
        status: Set(status),
        attempts: Set(row.attempts - 1),
        next_attempt_at: Set(until),
        ..Default::default()
    };
    Ok(delivery::settle(tx, row.id, row.lease_token, change).await?)
}

pub(super) async fn about(tx: &impl ConnectionTrait, row: &delivery::Model) -> Result<About> {
    let conversation = conversation::get_by_contact(tx, row.organization_id, row.contact_id).await?;
    Ok(About {
        conversation: conversation.map(|conversation| conversation.id),
        contact: Some(row.contact_id),
        message: Some(row.message_id),
        link: row.link_id,
        user: None,
    })
}
