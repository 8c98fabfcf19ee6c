//! Links as staff and integrators see them: never the token.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::deliveries::{Delivery, DeliveryFailure, DeliveryStatus, FailureCode};
use sealpost_shared::ids::{LinkId, MessageId, OrganizationId};
use sealpost_shared::links::{Link, LinkState, LinkSummary};

use crate::entities::link_guard::{self, LINK_TRIES};
use crate::entities::{delivery, link};
use crate::problem::Result;

pub fn link_state(link: &link::Model, guard: Option<&link_guard::Model>, now: DateTime<Utc>) -> LinkState {
    if link.revoked_at.is_some() {
        LinkState::Revoked
    } else if link.expires_at <= now {
        LinkState::Expired
    } else if guard.is_some_and(|guard| guard.consecutive >= LINK_TRIES || locked_until(guard, now).is_some())
    {
        LinkState::Locked
    } else {
        LinkState::Active
    }
}

fn locked_until(guard: &link_guard::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (guard.window_left <= 0 && guard.window_ends_at > now).then_some(guard.window_ends_at)
}

/// While somebody is at it, the reason of the try before says nothing.
const fn has_reason(status: DeliveryStatus) -> bool {
    matches!(status, DeliveryStatus::Queued | DeliveryStatus::Failed | DeliveryStatus::Canceled)
}

pub fn delivery_view(row: &delivery::Model) -> Delivery {
    Delivery {
        id: row.id,
        channel: row.channel,
        status: row.status,
        created_at: row.created_at,
        sent_at: row.sent_at,
        delivered_at: row.settled_at.filter(|_| row.status == DeliveryStatus::Delivered),
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        next_attempt_at: Some(row.next_attempt_at)
            .filter(|_| row.status == DeliveryStatus::Queued && row.attempts > 0),
        failure: row.failure_code.as_deref().filter(|_| has_reason(row.status)).map(|code| DeliveryFailure {
            code: FailureCode::of(code),
            detail: row.failure_detail.clone().unwrap_or_default(),
        }),
        falls_back_at: row.fallback_at,
        fallback_of: row.fallback_of_id.filter(|other| *other != row.id),
    }
}

pub fn link_view(
    row: &link::Model,
    guard: Option<&link_guard::Model>,
    deliveries: Vec<Delivery>,
    now: DateTime<Utc>,
) -> Link {
    let failed = guard.map_or(0, |guard| guard.consecutive);
    Link {
        id: row.id,
        message_id: row.message_id,
        conversation_id: row.conversation_id,
        contact_id: row.contact_id,
        origin: row.origin,
        channel: row.channel,
        lifetime: row.lifetime,
        state: link_state(row, guard, now),
        created_at: row.created_at,
        expires_at: row.expires_at,
        opened_at: row.opened_at,
        read_at: row.read_at,
        failed_attempts: u32::try_from(failed).unwrap_or(0),
        locked_until: guard.and_then(|guard| locked_until(guard, now)),
        wrong_pins: guard.map_or(0, |guard| u32::try_from(guard.failures).unwrap_or(0)),
        last_wrong_pin_at: guard.and_then(|guard| guard.failed_at),
        locked_at: guard.and_then(|guard| guard.locked_at),
        revoked_at: row.revoked_at,
        deliveries,
    }
}

/// The guards of these links.
pub async fn guards(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    links: impl IntoIterator<Item = LinkId>,
) -> Result<HashMap<LinkId, link_guard::Model>> {
    let rows = link_guard::list(db, organization, links).await?;
    Ok(rows.into_iter().map(|guard| (guard.link_id, guard)).collect())
}

/// Each message's newest link. `opened_at` and `read_at` are the first over all links of the message: a
/// fresh link does not make an opened message unopened.
pub async fn summaries(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: impl IntoIterator<Item = MessageId>,
    now: DateTime<Utc>,
) -> Result<HashMap<MessageId, LinkSummary>> {
    let links = link::list_of_messages(db, organization, messages).await?;
    let guards = guards(db, organization, links.iter().map(|link| link.id)).await?;
    let mut summaries: HashMap<MessageId, LinkSummary> = HashMap::new();
    for link in links {
        let before = summaries.get(&link.message_id);
        let first = |before: Option<DateTime<Utc>>, this| before.into_iter().chain(this).min();
        let summary = LinkSummary {
            id: link.id,
            state: link_state(&link, guards.get(&link.id), now),
            expires_at: link.expires_at,
            opened_at: first(before.and_then(|link| link.opened_at), link.opened_at),
            read_at: first(before.and_then(|link| link.read_at), link.read_at),
        };
        summaries.insert(link.message_id, summary);
    }
    Ok(summaries)
}
