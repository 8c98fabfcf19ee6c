//! A notice that failed for good goes out on the other channel, by the organization's policy (features.md D-08): once
//! for a message, never back and forth. That one is due was noted with its failure; here it is made, in one transaction
//! with that note, so that no crash loses it and no second worker doubles it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseTransaction;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{DeliveryId, OrganizationId};
use sealpost_shared::links::{LinkOrigin, LinkState};
use sealpost_shared::problem::ProblemCode;

use super::again::{Fresh, Held, hold, link_again, plain_again};
use super::thread;
use crate::channels;
use crate::contacts::chosen_channel;
use crate::delivery as outbox;
use crate::entities::{contact, conversation, delivery, message, sending_policy};
use crate::folders;
use crate::journal::{Actor, Journal};
use crate::links::summaries;
use crate::problem::Result;
use crate::sending::Policy;
use crate::state::State;

/// When the database or a key was in the way.
/// After a failure, quiet hours and a database that was away included.
const TRIED_FOR: TimeDelta = TimeDelta::hours(24);
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What is right for one that is due.
enum Step {
    /// It is not needed any more: somebody sent it again, or it was read.
    Over,
    /// It cannot be done: somebody must look.
    GiveUp,
    Later(DateTime<Utc>),
    Send(Channel),
}

/// What a worker does with one that is due.
pub async fn fall_back_due(state: &State, organization: OrganizationId, id: DeliveryId) -> Result<()> {
    let db = state.db.of(organization);
    match db.write(async |tx| go(state, tx, organization, id, None).await).await {
        // What stands in the way of a message stands in the way here, too.
        Err(problem) if problem.code.status() < 500 => {
            db.write(async |tx| go(state, tx, organization, id, Some(Step::GiveUp)).await).await
        }
        Err(problem) => {
            tracing::warn!(delivery.id = %id, problem.code = problem.code.as_str(), "a fallback waits longer");
            let later = state.now() + AGAIN_AFTER;
            db.write(async |tx| Ok(delivery::put_fallback(tx, id, Some(later)).await?)).await
        }
        Ok(()) => Ok(()),
    }
}

async fn go(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    id: DeliveryId,
    known: Option<Step>,
) -> Result<()> {
    let now = state.now();
    let Some(seen) = delivery::get(tx, organization, id).await? else { return Ok(()) };
    let contact = contact::get_locked(tx, organization, seen.contact_id).await?;
    let message = message::get(tx, organization, seen.message_id).await?;
    let (Some(contact), Some(message)) = (contact, message) else {
        return Ok(delivery::put_fallback(tx, id, None).await?);
    };
    // The contact is held: whoever was quicker has done it by now.
    let due = |row: &delivery::Model| row.fallback_at.is_some_and(|at| at <= now);
    let Some(row) = delivery::get(tx, organization, id).await?.filter(due) else { return Ok(()) };
    let mut journal = Journal::new(organization, Actor::System, now);
    let held = hold(state, tx, organization, &contact).await?;
    let step = match known {
        Some(step) => step,
        None => step(state, tx, &held, &contact, &row, &message).await?,
    };
    match step {
        Step::Over => delivery::put_fallback(tx, id, None).await?,
        Step::Later(until) => delivery::put_fallback(tx, id, Some(until)).await?,
        Step::GiveUp => give_up(tx, &row, &message, &mut journal).await?,
        Step::Send(channel) => {
            send(state, tx, &held, &contact, (&row, &message), channel, &mut journal).await?;
        }
    }
    Ok(journal.write(tx).await?)
}

async fn step(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    contact: &contact::Model,
    row: &delivery::Model,
    message: &message::Model,
) -> Result<Step> {
    let (organization, now) = (row.organization_id, state.now());
    let deliveries = delivery::list_of_messages(tx, organization, [message.id]).await?;
    if deliveries.iter().any(|other| other.id != row.id && other.created_at > row.created_at) {
        return Ok(Step::Over);
    }
    let link = summaries(tx, organization, [message.id], now).await?.remove(&message.id);
    let seen = link.as_ref().and_then(|link| link.opened_at.or(link.read_at)).or(message.read_at);
    if seen.is_some() || link.as_ref().is_some_and(|link| link.state == LinkState::Revoked) {
        return Ok(Step::Over);
    }
    // As long as any notice is tried: what took longer is for people to look at.
    let too_late = row.settled_at.is_none_or(|at| at + TRIED_FOR < now);
    let locked = link.is_some_and(|link| link.state == LinkState::Locked);
    let policy = sending_policy::get(tx, organization).await?;
    let had_its_turn = deliveries.iter().any(|row| row.fallback_of_id.is_some());
    if too_late || locked || had_its_turn || !policy.falls_back(row.channel, message.secure) {
        return Ok(Step::GiveUp);
    }
    let quiet = Policy { row: &policy, organization: &held.organization, contact };
    if let Some(end) = quiet.quiet_until(now) {
        return Ok(Step::Later(end));
    }
    channels::refresh(state, tx).await?;
    let channel = chosen_channel(state, &held.recipient(contact), Some(row.channel.other()))?;
    if channel == Channel::Sms {
        let standing = outbox::standing(tx, &held.organization, contact, &held.key, now).await?;
        if !standing.allowed {
            return Ok(Step::GiveUp);
        }
    }
    Ok(Step::Send(channel))
}

async fn send(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    contact: &contact::Model,
    (row, message): (&delivery::Model, &message::Model),
    channel: Channel,
    journal: &mut Journal,
) -> Result<()> {
    let sent = if message.secure {
        let fresh = Fresh { origin: LinkOrigin::Fallback, parent: row.link_id, channel };
        link_again(state, tx, held, message, contact, fresh, journal).await?.1
    } else {
        plain_again(state, tx, &held.recipient(contact), message, channel, journal).await?
    };
    if sent.status == DeliveryStatus::Failed {
        // Somebody took the last text since the look: none of this was.
        return Err(ProblemCode::RateLimited.into());
    }
    delivery::fell_back(tx, row.id, sent.id).await?;
    journal.audit("delivery.fell_back", sent.id);
    Ok(())
}

/// Into the folder of what failed, where it would have been at once.
async fn give_up(
    tx: &DatabaseTransaction,
    row: &delivery::Model,
    message: &message::Model,
    journal: &mut Journal,
) -> Result<()> {
    conversation::get_locked(tx, row.organization_id, row.contact_id).await?;
    delivery::put_fallback(tx, row.id, None).await?;
    if row.status == DeliveryStatus::Failed {
        delivery::leave_unresolved(tx, row.id).await?;
        folders::keep_failed(tx, row.organization_id, row.contact_id).await?;
    }
    journal.event(EventType::DeliveryUpdated, thread::about(message));
    Ok(())
}
