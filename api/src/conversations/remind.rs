//! Messages that nobody opens: reminders by the organization's policy, and telling staff when none is left to send
//! (features.md D-23). A reminder is made in one transaction with the row that watches its message, so that no crash
//! loses it and no second worker doubles it. Only a link's hash is kept: a reminder carries a link of its own, which
//! works as long as the first one did.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, QueryFilter};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Direction;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{MessageId, OrganizationId};
use sealpost_shared::links::{LinkOrigin, LinkState, LinkSummary};
use sealpost_shared::problem::ProblemCode;

use super::again::{Fresh, Held, hold, link_again};
use super::thread;
use crate::channels;
use crate::contacts::chosen_channel;
use crate::delivery as outbox;
use crate::entities::{
    contact, conversation, conversation_unread, delivery, message, reminder, sending_policy, user,
};
use crate::folders::{Standing, shift};
use crate::journal::{Actor, Journal};
use crate::links::summaries;
use crate::problem::{Problem, Result};
use crate::sending::Policy;
use crate::state::State;

/// While the last notice is on its way, or no text can go.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);
/// When the database or a key was in the way.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Watches a message that goes out now, where the policy says so: anew, when it goes out once more.
pub(super) async fn watch(state: &State, tx: &impl ConnectionTrait, message: &message::Model) -> Result<()> {
    let policy = sending_policy::get(tx, message.organization_id).await?;
    let Some(reminders) = policy.reminders() else { return Ok(()) };
    let now = state.now();
    let row = reminder::Model {
        id: message.id,
        organization_id: message.organization_id,
        conversation_id: message.conversation_id,
        contact_id: message.contact_id,
        made: 0,
        last_at: now,
        due_at: now + TimeDelta::hours(reminders.after_hours.into()),
        flagged_at: None,
    };
    Ok(reminder::watch(tx, row).await?)
}

/// What is right for a message that is due.
enum Step {
    /// It was opened, or there is nothing to remind of any more.
    Over,
    Later(DateTime<Utc>),
    Remind(Fresh),
    /// Staff are to know.
    Tell,
}

/// What a worker does with one that is due.
pub async fn remind_due(state: &State, organization: OrganizationId, id: MessageId) -> Result<()> {
    let db = state.db.of(organization);
    match db.write(async |tx| look(state, tx, organization, id, None).await).await {
        Err(problem) if problem.code == ProblemCode::RateLimited => {
            let later = state.now() + LOOK_AGAIN;
            db.write(async |tx| Ok(reminder::put_off(tx, id, later).await?)).await
        }
        // What stands in the way of a message stands in the way of its reminder: people must look.
        Err(problem) if problem.code.status() < 500 => {
            db.write(async |tx| look(state, tx, organization, id, Some(Step::Tell)).await).await
        }
        Err(problem) => {
            tracing::warn!(message.id = %id, problem.code = problem.code.as_str(), "a reminder waits longer");
            let later = state.now() + AGAIN_AFTER;
            db.write(async |tx| Ok(reminder::put_off(tx, id, later).await?)).await
        }
        Ok(()) => Ok(()),
    }
}

async fn look(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    id: MessageId,
    known: Option<Step>,
) -> Result<()> {
    let now = state.now();
    let Some(seen) = reminder::get(tx, organization, id).await? else { return Ok(()) };
    let Some(contact) = contact::get_locked(tx, organization, seen.contact_id).await? else {
        return Ok(reminder::delete(tx, id).await?);
    };
    let Some(row) = reminder::claim(tx, organization, id, now).await? else { return Ok(()) };
    let Some(message) = message::get(tx, organization, id).await? else {
        return Ok(reminder::delete(tx, id).await?);
    };
    let mut journal = Journal::new(organization, Actor::System, now);
    let held = hold(state, tx, organization, &contact).await?;
    let step = match known {
        Some(step) => step,
        None => step(state, tx, &held, &contact, &row, &message).await?,
    };
    match step {
        Step::Over => reminder::delete(tx, id).await?,
        Step::Later(until) => reminder::put_off(tx, id, until).await?,
        Step::Tell => tell(tx, &contact, &message, now, &mut journal).await?,
        Step::Remind(fresh) => {
            let (link, sent) = link_again(state, tx, &held, &message, &contact, fresh, &mut journal).await?;
            if sent.status == DeliveryStatus::Failed {
                // Somebody took the last text since the look: none of this was.
                return Err(ProblemCode::RateLimited.into());
            }
            let policy = sending_policy::get(tx, organization).await?;
            let hours = policy.reminders().map_or(1, |reminders| reminders.after_hours);
            reminder::made(tx, id, now, link.created_at + TimeDelta::hours(hours.into())).await?;
        }
    }
    Ok(journal.write(tx).await?)
}

async fn step(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    contact: &contact::Model,
    row: &reminder::Model,
    message: &message::Model,
) -> Result<Step> {
    let now = state.now();
    let policy = sending_policy::get(tx, message.organization_id).await?;
    let link = summaries(tx, message.organization_id, [message.id], now).await?.remove(&message.id);
    let (Some(reminders), Some(link)) = (policy.reminders(), link) else { return Ok(Step::Over) };
    if is_over(message, &link) || has_answered(tx, message).await? {
        return Ok(Step::Over);
    }
    // Somebody tries to open it; or it is no use until staff have cleared the lock, which they see.
    if link.state == LinkState::Locked {
        return Ok(Step::Later(now + LOOK_AGAIN));
    }
    let deliveries = delivery::list_of_messages(tx, message.organization_id, [message.id]).await?;
    let Some(newest) = deliveries.last() else { return Ok(Step::Over) };
    match newest.status {
        // That is said already, and waits for a person.
        DeliveryStatus::Failed | DeliveryStatus::Canceled => return Ok(Step::Over),
        DeliveryStatus::Queued | DeliveryStatus::Sending | DeliveryStatus::NeedsReview => {
            return Ok(Step::Later(now + LOOK_AGAIN));
        }
        DeliveryStatus::Sent | DeliveryStatus::Delivered => {}
    }
    // It may have gone out later than it was written, and the policy be more patient than it was.
    let since = newest.sent_at.unwrap_or(row.last_at).max(row.last_at);
    let due = since + TimeDelta::hours(reminders.after_hours.into());
    if due > now {
        return Ok(Step::Later(due));
    }
    if row.made >= i64::from(reminders.times) {
        return Ok(Step::Tell);
    }
    let quiet = Policy { row: &policy, organization: &held.organization, contact };
    if let Some(end) = quiet.quiet_until(now) {
        return Ok(Step::Later(end));
    }
    let falls_back = policy.falls_back(newest.channel, true);
    way(state, tx, held, contact, (newest.channel, falls_back), &link).await
}

fn is_over(message: &message::Model, link: &LinkSummary) -> bool {
    let seen = message.read_at.or(link.opened_at).or(link.read_at).is_some();
    seen || link.state == LinkState::Revoked
}

/// Whether the contact wrote anything since, on any channel. STOP and its like are no answer.
async fn has_answered(tx: &impl ConnectionTrait, message: &message::Model) -> Result<bool> {
    use message::Column::{ConversationId, CreatedAt, Direction as Way, Keyword};
    let since = message::find_in(message.organization_id)
        .filter(ConversationId.eq(message.conversation_id))
        .filter(Way.eq(Direction::Inbound))
        .filter(Keyword.is_null())
        .filter(CreatedAt.gt(message.created_at));
    Ok(since.one(tx).await?.is_some())
}

/// The way that the message went, where it is still open; else the other one by the policy.
async fn way(
    state: &State,
    tx: &DatabaseTransaction,
    held: &Held,
    contact: &contact::Model,
    (wanted, falls_back): (Channel, bool),
    link: &LinkSummary,
) -> Result<Step> {
    let now = state.now();
    channels::refresh(state, tx).await?;
    let to = held.recipient(contact);
    let own = chosen_channel(state, &to, Some(wanted));
    let channel = match own {
        Err(_) if falls_back => chosen_channel(state, &to, Some(wanted.other())),
        own => own,
    };
    let channel = match channel {
        Ok(channel) => channel,
        Err(problem) if problem.code == ProblemCode::ChannelNotConfigured => {
            return Ok(Step::Later(now + LOOK_AGAIN));
        }
        // They do not want it, or have no such address any more.
        Err(_) => return Ok(Step::Tell),
    };
    if channel == Channel::Sms {
        let standing = outbox::standing(tx, &held.organization, contact, &held.key, now).await?;
        if !standing.allowed {
            return Ok(Step::Later(standing.until.unwrap_or(now + LOOK_AGAIN)));
        }
    }
    Ok(Step::Remind(Fresh { origin: LinkOrigin::Reminded, parent: Some(link.id), channel }))
}

/// Everybody has something to look at: the conversation is unread, and the message says why.
async fn tell(
    tx: &DatabaseTransaction,
    contact: &contact::Model,
    message: &message::Model,
    now: DateTime<Utc>,
    journal: &mut Journal,
) -> Result<()> {
    let organization = message.organization_id;
    let thread = conversation::get_locked(tx, organization, contact.id).await?;
    let thread = thread.ok_or_else(|| Problem::internal("a message has no conversation"))?;
    reminder::flag(tx, message.id, now).await?;
    let before = Standing::of(tx, &thread).await?;
    let everybody = user::list_active_ids(tx, organization).await?;
    conversation_unread::mark(tx, organization, thread.id, everybody).await?;
    shift(tx, organization, &before, &Standing::of(tx, &thread).await?).await?;
    journal
        .event(EventType::MessageNotOpened, thread::about(message))
        .audit("message.not_opened", message.id);
    Ok(())
}
