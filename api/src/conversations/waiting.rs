//! Putting a message off: the row in which it waits, and what the conversation shows of it.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::conversations::{Message, Waiting};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::MessageId;

use super::compose::{Draft, Ready, author_kind};
use super::scheduled::{about, view};
use super::thread;
use crate::auth::Caller;
use crate::entities::{contact, conversation, scheduled_message, sending_policy};
use crate::folders::{Standing, shift};
use crate::ids::new_id;
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::secrets::Field;
use crate::sending::{Policy, When};
use crate::state::State;

/// Who chooses a later day has mistyped the year.
const LATEST: TimeDelta = TimeDelta::days(366);

/// Until when a message waits, and for what; nothing when it goes at once.
pub async fn wait(
    state: &State,
    tx: &impl ConnectionTrait,
    contact: &contact::Model,
    ready: &Ready,
    when: When,
) -> Result<Option<(DateTime<Utc>, Waiting)>> {
    let now = state.now();
    let when = When { send_at: when.send_at.map(|at| checked(at, now)).transpose()?, ..when };
    let row = sending_policy::get(tx, contact.organization_id).await?;
    Ok(Policy { row: &row, organization: &ready.organization, contact }.wait(when, now))
}

fn checked(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    if at <= now {
        return Err(Problem::field("/send_at", "in_the_past", "must be in the future"));
    }
    if at > now + LATEST {
        return Err(Problem::field("/send_at", "too_far", "must be within a year from now"));
    }
    Ok(at.trunc_subsecs(6))
}

/// Keeps a message until its time. The patient sees nothing of it: it is no message yet, and has no link.
pub async fn keep(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    contact: &contact::Model,
    (draft, ready, (send_at, waiting)): (Draft, &Ready, (DateTime<Utc>, Waiting)),
    mut journal: Journal,
) -> Result<Message> {
    let now = state.now();
    let (_, conversation) = thread::lock_or_create(state, tx, contact, &mut journal).await?;
    let id: MessageId = new_id(now);
    let (own_pin_hash, own_pin_digits) =
        draft.own_pin.map_or((None, false), |(hash, digits)| (Some(hash), digits));
    let row = scheduled_message::Model {
        id,
        organization_id: contact.organization_id,
        conversation_id: conversation.id,
        contact_id: contact.id,
        author_kind: author_kind(caller.actor),
        author_id: caller.actor.id(),
        author_name: caller.name.clone(),
        sealed_body: ready.key.seal(Field::ScheduledBody, id.uuid(), draft.body.as_str())?,
        secure: ready.secure,
        channel: draft.channel,
        link_lifetime: draft.lifetime,
        own_pin_hash,
        own_pin_digits,
        waiting,
        despite_quiet_hours: draft.when.despite_quiet_hours,
        send_at,
        next_try_at: send_at,
        failed_at: None,
        failure_code: None,
        failure_detail: None,
        created_at: now,
        updated_at: now,
    };
    let active = row.clone().into_active_model().reset_all();
    scheduled_message::Entity::insert(active).exec_without_returning(tx).await?;
    show_next(tx, contact).await?;
    journal.event(EventType::MessageScheduled, about(&row)).audit("message.scheduled", id);
    journal.write(tx).await?;
    view(&row, &ready.key)
}

/// What the conversation's row in the Scheduled folder says, after something was put off, sent or taken back.
pub async fn show_next(tx: &impl ConnectionTrait, contact: &contact::Model) -> Result<()> {
    let Some(mut row) = conversation::get_locked(tx, contact.organization_id, contact.id).await? else {
        return Ok(());
    };
    let next = scheduled_message::first_of(tx, contact.organization_id, row.id).await?;
    if next == row.next_send_at {
        return Ok(());
    }
    let before = Standing::of(tx, &row).await?;
    row.next_send_at = next;
    let row = row.into_active_model().reset_all().update(tx).await?;
    shift(tx, contact.organization_id, &before, &Standing::of(tx, &row).await?).await
}
