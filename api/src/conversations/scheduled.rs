//! Messages that wait: seen, changed, taken back, sent. What is sent goes in one transaction with the row in
//! which it waited, so that no crash loses it and no second worker doubles it. Of the rows that are held, the
//! contact's comes first (ARCHITECTURE.md).

use std::collections::HashMap;

use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, QueryFilter,
};
use sealpost_shared::conversations::{
    AuthorKind, Direction, Message, NextScheduled, ScheduledMessageQuery, SendingFailure,
    UpdateScheduledMessage, Waiting,
};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, KeyId, MessageId, OrganizationId, UserId};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::Role;
use sealpost_shared::text::MessageText;

use super::compose::{Draft, dispatch, prepare};
use super::thread::{READ, author_as, preview, view_one};
use super::waiting::{show_next, wait};
use crate::auth::Caller;
use crate::entities::{contact, conversation, message, organization, scheduled_message, sending_policy};
use crate::journal::{About, Actor, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field};
use crate::sending::{Policy, When};
use crate::state::State;

/// When the database or a key was in the way.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

pub fn about(row: &scheduled_message::Model) -> About {
    About {
        conversation: Some(row.conversation_id),
        contact: Some(row.contact_id),
        message: Some(row.id),
        ..About::default()
    }
}

fn failure(row: &scheduled_message::Model) -> Option<SendingFailure> {
    let code = ProblemCode::of(row.failure_code.as_deref()?);
    Some(SendingFailure { code, detail: row.failure_detail.clone()? })
}

fn body(row: &scheduled_message::Model, key: &ContactKey) -> Result<MessageText> {
    let body = key.open(Field::ScheduledBody, row.id.uuid(), &row.sealed_body)?;
    body.parse().map_err(|_| Problem::internal("a waiting message is not what it was when it was stored"))
}

pub fn view(row: &scheduled_message::Model, key: &ContactKey) -> Result<Message> {
    Ok(Message {
        id: row.id,
        conversation_id: row.conversation_id,
        contact_id: row.contact_id,
        direction: Direction::Outbound,
        author: author_as(row.author_kind, row.author_id, row.author_name.clone()),
        body: body(row, key)?,
        secure: row.secure,
        channel: row.channel,
        keyword: None,
        has_own_pin: row.own_pin_hash.is_some(),
        created_at: row.created_at,
        link: None,
        deliveries: Vec::new(),
        send_at: Some(row.send_at),
        waiting: Some(row.waiting),
        failure: failure(row),
        not_opened_at: None,
    })
}

/// A message that is none yet, by the id it will have.
pub async fn view_waiting(
    state: &State,
    db: &impl ConnectionTrait,
    caller: &Caller,
    id: MessageId,
) -> Result<Message> {
    let row = scheduled_message::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    let key = state.secrets.contact(db, caller.organization, row.contact_id).await?;
    state.reads.note(caller.organization, caller.actor, READ, row.conversation_id, state.now());
    view(&row, &key)
}

pub async fn get_one(state: &State, caller: &Caller, id: MessageId) -> Result<Message> {
    let db = &state.db.of(caller.organization).read().await?;
    view_waiting(state, db, caller, id).await
}

/// What waits, the first to go first.
pub async fn list(state: &State, caller: &Caller, query: ScheduledMessageQuery) -> Result<Page<Message>> {
    let organization = caller.organization;
    let name = format!("scheduled {:?}", query.conversation_id);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let mut select = scheduled_message::find_in(organization);
    if let Some(conversation) = query.conversation_id {
        select = select.filter(scheduled_message::Column::ConversationId.eq(conversation));
    }
    use scheduled_message::Column::{Id, SendAt};
    let db = &state.db.of(organization).read().await?;
    let rows = paging.apply_soonest(select, SendAt, Id).all(db).await?;
    let page = paging.page(rows, |row| (row.send_at, row.id.uuid()));
    let keys = state.secrets.contacts(db, organization, page.data.iter().map(|row| row.contact_id)).await?;
    let known = page.data.iter().filter_map(|row| keys.get(&row.contact_id).map(|key| view(row, key)));
    let data = known.collect::<Result<Vec<_>>>()?;
    for row in &page.data {
        state.reads.note(organization, caller.actor, READ, row.conversation_id, state.now());
    }
    Ok(map(page, data))
}

/// What goes out next in each of these conversations.
pub async fn next_of(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[conversation::Model],
    keys: &HashMap<ContactId, ContactKey>,
) -> Result<HashMap<ConversationId, NextScheduled>> {
    let waiting = rows.iter().filter(|row| row.next_send_at.is_some()).map(|row| row.id).collect();
    let next = scheduled_message::list_next(db, organization, waiting).await?;
    let known = next.iter().filter_map(|row| keys.get(&row.contact_id).map(|key| (row, key)));
    known
        .map(|(row, key)| {
            let next = NextScheduled {
                id: row.id,
                preview: preview(body(row, key)?.as_str()),
                secure: row.secure,
                channel: row.channel,
                send_at: row.send_at,
                waiting: row.waiting,
                failure: failure(row),
            };
            Ok((row.conversation_id, next))
        })
        .collect()
}

/// With its contact, both held until the transaction ends.
async fn hold(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<(contact::Model, scheduled_message::Model)>> {
    let Some(seen) = scheduled_message::get(tx, organization, id).await? else { return Ok(None) };
    let Some(contact) = contact::get_locked(tx, organization, seen.contact_id).await? else {
        return Ok(None);
    };
    Ok(scheduled_message::get_locked(tx, organization, id).await?.map(|row| (contact, row)))
}

/// A message that has gone out is there, and cannot be changed any more.
async fn gone(tx: &impl ConnectionTrait, organization: OrganizationId, id: MessageId) -> Result<Problem> {
    let sent = message::get(tx, organization, id).await?.is_some();
    let detail = "the message has gone out already";
    Ok(if sent { Problem::new(ProblemCode::Conflict, detail) } else { not_found() })
}

/// Changes what waits: the text, the time, the way. A new time is a new try for what could not go out.
pub async fn update(
    state: &State,
    caller: &Caller,
    id: MessageId,
    request: UpdateScheduledMessage,
) -> Result<Message> {
    let organization = caller.organization;
    let work = async |tx: &DatabaseTransaction| {
        caller.still_counts(state, tx).await?;
        let Some((contact, mut row)) = hold(tx, organization, id).await? else {
            return Err(gone(tx, organization, id).await?);
        };
        let key = state.secrets.contact(tx, organization, contact.id).await?;
        if let Some(body) = &request.body {
            row.sealed_body = key.seal(Field::ScheduledBody, id.uuid(), body.as_str())?;
        }
        row.channel = request.channel.apply(row.channel);
        let when = When { send_at: request.send_at, undo: false, despite_quiet_hours: false };
        let draft = draft_of(&row, &key, when)?;
        let ready = prepare(state, tx, organization, &contact, &draft).await?;
        if let (Some(_), Some((at, waiting))) =
            (request.send_at, wait(state, tx, &contact, &ready, when).await?)
        {
            (row.send_at, row.next_try_at, row.waiting) = (at, at, waiting);
            (row.failed_at, row.failure_code, row.failure_detail) = (None, None, None);
            row.despite_quiet_hours = false;
        }
        row.updated_at = state.now();
        let row = row.into_active_model().reset_all().update(tx).await?;
        show_next(tx, &contact).await?;
        let mut journal = Journal::new(organization, caller.actor, state.now());
        journal.event(EventType::MessageScheduled, about(&row)).audit("message.rescheduled", id);
        journal.write(tx).await?;
        view(&row, &key)
    };
    state.db.of(organization).write(work).await
}

/// Takes it back: as if it had never been written.
pub async fn cancel(state: &State, caller: &Caller, id: MessageId) -> Result<()> {
    let organization = caller.organization;
    let work = async |tx: &DatabaseTransaction| {
        caller.still_counts(state, tx).await?;
        let Some((contact, row)) = hold(tx, organization, id).await? else {
            return Err(gone(tx, organization, id).await?);
        };
        scheduled_message::delete(tx, id).await?;
        show_next(tx, &contact).await?;
        let mut journal = Journal::new(organization, caller.actor, state.now());
        journal.event(EventType::MessageUnscheduled, about(&row)).audit("message.unscheduled", id);
        Ok(journal.write(tx).await?)
    };
    state.db.of(organization).write(work).await
}

/// Sends it at once, in quiet hours too: somebody said so. What is in the way is said to them.
pub async fn send_now(state: &State, caller: &Caller, id: MessageId) -> Result<Message> {
    let organization = caller.organization;
    let work = async |tx: &DatabaseTransaction| {
        caller.still_counts(state, tx).await?;
        let sent = match hold(tx, organization, id).await? {
            Some((contact, row)) => {
                let journal = Journal::new(organization, caller.actor, state.now());
                send(state, tx, &contact, &row, journal).await?
            }
            // Pressed twice, or its time came meanwhile.
            None => message::get(tx, organization, id).await?.ok_or_else(not_found)?,
        };
        view_one(state, tx, &sent).await
    };
    state.db.of(organization).write(work).await
}

/// What a worker does with one that is due. Its failure is kept with it, for people to see.
pub async fn send_due(state: &State, organization: OrganizationId, id: MessageId) -> Result<()> {
    let db = state.db.of(organization);
    match db.write(async |tx| go(state, tx, organization, id).await).await {
        Err(problem) if problem.code.status() < 500 => {
            db.write(async |tx| record_failed(state, tx, organization, id, &problem).await).await
        }
        Err(problem) => {
            tracing::warn!(message.id = %id, problem.code = problem.code.as_str(), "a message waits longer");
            let later = state.now() + AGAIN_AFTER;
            db.write(async |tx| Ok(scheduled_message::put_off(tx, id, later).await?)).await
        }
        Ok(()) => Ok(()),
    }
}

async fn go(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    id: MessageId,
) -> Result<()> {
    let now = state.now();
    let Some(seen) = scheduled_message::get(tx, organization, id).await? else { return Ok(()) };
    let Some(contact) = contact::get_locked(tx, organization, seen.contact_id).await? else {
        return Ok(scheduled_message::delete(tx, id).await?);
    };
    let Some(row) = scheduled_message::claim(tx, organization, id, now).await? else { return Ok(()) };
    let mut journal = Journal::new(organization, Actor::System, now);
    let policy = sending_policy::get(tx, organization).await?;
    let whose = organization::get(tx, organization).await?.ok_or_else(not_found)?;
    let policy = Policy { row: &policy, organization: &whose, contact: &contact };
    // Hours may have been set, or the contact have moved, since it was put off.
    match policy.quiet_until(now).filter(|_| !row.despite_quiet_hours) {
        Some(end) => {
            let waiting = Waiting::QuietHours;
            let quiet = scheduled_message::Model { waiting, send_at: end, next_try_at: end, ..row };
            let row = quiet.into_active_model().reset_all().update(tx).await?;
            show_next(tx, &contact).await?;
            journal.event(EventType::MessageScheduled, about(&row)).audit("message.rescheduled", id);
            Ok(journal.write(tx).await?)
        }
        None => send(state, tx, &contact, &row, journal).await.map(drop),
    }
}

/// The message, its link and its notice, in the place of the row in which it waited.
async fn send(
    state: &State,
    tx: &DatabaseTransaction,
    contact: &contact::Model,
    row: &scheduled_message::Model,
    mut journal: Journal,
) -> Result<message::Model> {
    let key = state.secrets.contact(tx, row.organization_id, contact.id).await?;
    let draft = draft_of(row, &key, When::default())?;
    let ready = prepare(state, tx, row.organization_id, contact, &draft).await?;
    let author = author_of(row);
    let message = dispatch(state, tx, &author, contact, (draft, &ready), &mut journal).await?;
    scheduled_message::delete(tx, row.id).await?;
    show_next(tx, contact).await?;
    journal.write(tx).await?;
    Ok(message)
}

fn draft_of(row: &scheduled_message::Model, key: &ContactKey, when: When) -> Result<Draft> {
    Ok(Draft {
        id: Some(row.id),
        body: body(row, key)?,
        secure: Some(row.secure),
        channel: row.channel,
        lifetime: row.link_lifetime,
        own_pin: row.own_pin_hash.clone().map(|hash| (hash, row.own_pin_digits)),
        // Looked at when it was written.
        clear_pin: None,
        when,
        may_fall_back: true,
    })
}

/// Whoever wrote it, also when they work here no more.
fn author_of(row: &scheduled_message::Model) -> Caller {
    let actor = match (row.author_kind, row.author_id) {
        (AuthorKind::Staff, Some(id)) => Actor::Staff(UserId::from_uuid(id)),
        (AuthorKind::ApiKey, Some(id)) => Actor::ApiKey(KeyId::from_uuid(id)),
        _ => Actor::System,
    };
    Caller {
        organization: row.organization_id,
        actor,
        name: row.author_name.clone(),
        role: Role::Member,
        session: None,
    }
}

async fn record_failed(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    id: MessageId,
    problem: &Problem,
) -> Result<()> {
    let now = state.now();
    let Some((contact, mut row)) = hold(tx, organization, id).await? else { return Ok(()) };
    // Sent, changed or put off by somebody else meanwhile.
    if row.failed_at.is_some() || row.next_try_at > now {
        return Ok(());
    }
    row.failed_at = Some(now);
    row.failure_code = Some(problem.code.as_str().to_owned());
    row.failure_detail = Some(reason(problem));
    let row = row.into_active_model().reset_all().update(tx).await?;
    show_next(tx, &contact).await?;
    let mut journal = Journal::new(organization, Actor::System, now);
    journal.event(EventType::MessageFailed, about(&row)).audit("message.not_sent", id);
    Ok(journal.write(tx).await?)
}

/// A sentence for staff, without what only the call's own caller could use.
fn reason(problem: &Problem) -> String {
    format!("{}.", problem.code.title())
}
