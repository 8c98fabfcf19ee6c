//! A conversation's messages: adding one, and showing them to staff.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, Select,
};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Author, AuthorKind, Direction, Keyword, Message};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, KeyId, MessageId, OrganizationId, UserId};
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::text::MessageText;
use uuid::Uuid;

use super::scheduled;
use crate::auth::Caller;
use crate::contacts::display_name;
use crate::entities::{contact, conversation, conversation_unread, delivery, link, message, reminder, user};
use crate::folders::{Standing, shift};
use crate::ids::new_id;
use crate::journal::{About, Journal};
use crate::links::{delivery_view, summaries};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field};
use crate::state::State;

/// A message about to be written.
pub struct NewMessage<'a> {
    /// Of a message that has waited; else a new one.
    pub id: Option<MessageId>,
    pub direction: Direction,
    pub author_kind: AuthorKind,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub body: &'a MessageText,
    pub secure: bool,
    pub channel: Option<Channel>,
    pub own_pin: Option<(String, bool)>,
    pub client_message_id: Option<Uuid>,
    pub keyword: Option<Keyword>,
}

pub fn about(message: &message::Model) -> About {
    About {
        conversation: Some(message.conversation_id),
        contact: Some(message.contact_id),
        message: Some(message.id),
        ..About::default()
    }
}

/// Writes a message into its contact's conversation, which is made with the first one, and moves what
/// follows from it: folders, unread marks, numbers.
pub async fn append(
    state: &State,
    tx: &DatabaseTransaction,
    contact: &contact::Model,
    key: &ContactKey,
    new: NewMessage<'_>,
    journal: &mut Journal,
) -> Result<message::Model> {
    let (before, conversation) = lock_or_create(state, tx, contact, journal).await?;
    let now = after_the_last(&conversation, state.now());
    let id = new.id.unwrap_or_else(|| new_id(now));
    let (own_pin_hash, own_pin_digits) =
        new.own_pin.map_or((None, false), |(hash, digits)| (Some(hash), digits));
    let message = message::Model {
        id,
        organization_id: contact.organization_id,
        conversation_id: conversation.id,
        contact_id: contact.id,
        direction: new.direction,
        author_kind: new.author_kind,
        author_id: new.author_id,
        author_name: new.author_name,
        sealed_body: key.seal(Field::MessageBody(new.direction), id.uuid(), new.body.as_str())?,
        secure: new.secure,
        channel: new.channel,
        own_pin_hash,
        own_pin_digits,
        client_message_id: new.client_message_id,
        created_at: now,
        read_at: None,
        keyword: new.keyword,
    };
    message::Entity::insert(message.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    let conversation = moved(conversation, &message).into_active_model().reset_all().update(tx).await?;
    mark_unread(tx, &message).await?;
    shift(tx, contact.organization_id, &before, &Standing::of(tx, &conversation).await?).await?;
    Ok(message)
}

/// The conversation, and how it stood before. Its row is held until the transaction ends.
pub(super) async fn lock_or_create(
    state: &State,
    tx: &DatabaseTransaction,
    contact: &contact::Model,
    journal: &mut Journal,
) -> Result<(Standing, conversation::Model)> {
    if let Some(row) = conversation::get_locked(tx, contact.organization_id, contact.id).await? {
        return Ok((Standing::of(tx, &row).await?, row));
    }
    let now = state.now();
    let id: ConversationId = new_id(now);
    let row = conversation::Model {
        id,
        organization_id: contact.organization_id,
        contact_id: contact.id,
        has_inbound: false,
        has_outbound: false,
        archived_at: None,
        // Set to the first message's before the transaction ends.
        last_message_id: MessageId::from_uuid(id.uuid()),
        last_message_at: now,
        last_secure: false,
        created_at: now,
        updated_at: now,
        next_send_at: None,
        has_failed: false,
    };
    // Two first messages at once make one conversation.
    conversation::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = conversation::get_locked(tx, contact.organization_id, contact.id).await?;
    let row = row.ok_or_else(|| Problem::internal("a conversation that was just made is gone"))?;
    if row.id == id {
        let about = About { conversation: Some(id), contact: Some(contact.id), ..About::default() };
        journal.event(EventType::ConversationCreated, about);
    }
    Ok((Standing::of(tx, &row).await?, row))
}

/// Two messages of one moment stay in the order in which they were written.
fn after_the_last(conversation: &conversation::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    if conversation.has_inbound || conversation.has_outbound {
        now.max(conversation.last_message_at + TimeDelta::microseconds(1))
    } else {
        now
    }
}

fn moved(mut row: conversation::Model, message: &message::Model) -> conversation::Model {
    match message.direction {
        Direction::Inbound => {
            row.has_inbound = true;
            row.archived_at = None;
        }
        Direction::Outbound => row.has_outbound = true,
    }
    row.last_message_id = message.id;
    row.last_message_at = message.created_at;
    // A text that came back, or an answer we gave by ourselves, does not make a private thread an open one.
    if message.secure || matches!(message.author_kind, AuthorKind::Staff | AuthorKind::ApiKey) {
        row.last_secure = message.secure;
    }
    row.updated_at = message.created_at;
    row
}

/// An answer is unread for everybody; a message of ours is read by whoever wrote it.
async fn mark_unread(tx: &DatabaseTransaction, message: &message::Model) -> Result<()> {
    let (organization, conversation) = (message.organization_id, message.conversation_id);
    match (message.direction, message.author_kind, message.author_id) {
        (Direction::Inbound, ..) => {
            let everybody = user::list_active_ids(tx, organization).await?;
            conversation_unread::mark(tx, organization, conversation, everybody).await?;
        }
        (Direction::Outbound, AuthorKind::Staff, Some(author)) => {
            conversation_unread::clear(tx, conversation, UserId::from_uuid(author)).await?;
        }
        (Direction::Outbound, ..) => {}
    }
    Ok(())
}

/// How long this message's links live.
pub async fn lifetime_of(
    db: &impl ConnectionTrait,
    message: &message::Model,
) -> Result<Option<LinkLifetime>> {
    let links = link::list_of_messages(db, message.organization_id, [message.id]).await?;
    Ok(links.first().map(|link| link.lifetime))
}

/// The start of an opened text for a list row: one line, at most 120 characters.
pub fn preview(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(119) {
        Some((cut, _)) if line.chars().count() > 120 => format!("{}…", &line[..cut]),
        _ => line,
    }
}

/// A contact's name is that of today, and never in the message's row: who has no name is known by
/// their phone number, which is sealed.
fn author(row: &message::Model, contacts: &HashMap<ContactId, String>) -> Author {
    let name = match row.author_kind {
        AuthorKind::Contact => contacts.get(&row.contact_id).cloned().unwrap_or_default(),
        _ => row.author_name.clone(),
    };
    author_as(row.author_kind, row.author_id, name)
}

pub fn author_as(kind: AuthorKind, id: Option<Uuid>, name: String) -> Author {
    let id = id.and_then(|id| match kind {
        AuthorKind::Staff => Some(UserId::from_uuid(id).to_string()),
        AuthorKind::ApiKey => Some(KeyId::from_uuid(id).to_string()),
        AuthorKind::Contact => Some(ContactId::from_uuid(id).to_string()),
        AuthorKind::System => None,
    });
    Author { kind, id, name }
}

/// How the audit log names that somebody read a thread.
pub const READ: &str = "conversation.read";

/// What a message says.
pub fn open_body(keys: &HashMap<ContactId, ContactKey>, row: &message::Model) -> Result<MessageText> {
    let key = keys.get(&row.contact_id).ok_or_else(|| Problem::internal("contact key is missing"))?;
    body_of(key, row)
}

pub fn body_of(key: &ContactKey, row: &message::Model) -> Result<MessageText> {
    let body = key.open(Field::MessageBody(row.direction), row.id.uuid(), &row.sealed_body)?;
    body.parse().map_err(|_| Problem::internal("a stored message is not what it was when it was stored"))
}

pub async fn view_one(state: &State, db: &impl ConnectionTrait, row: &message::Model) -> Result<Message> {
    let rows = std::slice::from_ref(row);
    views(state, db, row.organization_id, rows).await?.pop().ok_or_else(not_found)
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[message::Model],
) -> Result<Vec<Message>> {
    let keys = state.secrets.contacts(db, organization, rows.iter().map(|row| row.contact_id)).await?;
    let names = contact_names(db, organization, rows, &keys).await?;
    let ids = || rows.iter().filter(|row| row.direction == Direction::Outbound).map(|row| row.id);
    let mut links = summaries(db, organization, ids(), state.now()).await?;
    let deliveries = delivery::list_of_messages(db, organization, ids()).await?;
    let told = reminder::list_flagged(db, organization, ids()).await?;
    rows.iter()
        .map(|row| {
            let link = links.remove(&row.id);
            let seen = link.as_ref().and_then(|link| link.opened_at.or(link.read_at)).or(row.read_at);
            let told = told.iter().find(|told| told.id == row.id && seen.is_none());
            let own = deliveries.iter().filter(|delivery| delivery.message_id == row.id);
            Ok(Message {
                id: row.id,
                conversation_id: row.conversation_id,
                contact_id: row.contact_id,
                direction: row.direction,
                author: author(row, &names),
                body: open_body(&keys, row)?,
                secure: row.secure,
                channel: row.channel,
                keyword: row.keyword,
                has_own_pin: row.own_pin_hash.is_some(),
                created_at: row.created_at,
                link,
                deliveries: own.map(delivery_view).collect(),
                send_at: None,
                waiting: None,
                failure: None,
                not_opened_at: told.and_then(|told| told.flagged_at),
            })
        })
        .collect()
}

/// The names of those who wrote themselves.
pub async fn contact_names(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[message::Model],
    keys: &HashMap<ContactId, ContactKey>,
) -> Result<HashMap<ContactId, String>> {
    let writers = rows.iter().filter(|row| row.author_kind == AuthorKind::Contact).map(|row| row.contact_id);
    let writers: HashSet<ContactId> = writers.collect();
    let contacts = contact::list_by_ids(db, organization, writers).await?;
    let named = contacts.iter().filter_map(|row| keys.get(&row.id).map(|key| (row, key)));
    named.map(|(row, key)| Ok((row.id, display_name(key, row)?))).collect()
}

pub async fn get_message(state: &State, caller: &Caller, id: MessageId) -> Result<Message> {
    let db = &state.db.of(caller.organization).read().await?;
    let Some(row) = message::get(db, caller.organization, id).await? else {
        return scheduled::view_waiting(state, db, caller, id).await;
    };
    contact::get(db, caller.organization, row.contact_id).await?.ok_or_else(not_found)?;
    let view = view_one(state, db, &row).await?;
    state.reads.note(caller.organization, caller.actor, READ, row.conversation_id, state.now());
    Ok(view)
}

pub async fn list_of_conversation(
    state: &State,
    caller: &Caller,
    id: ConversationId,
    query: PageQuery,
) -> Result<Page<Message>> {
    let db = &state.db.of(caller.organization).read().await?;
    let conversation = conversation::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    contact::get(db, caller.organization, conversation.contact_id).await?.ok_or_else(not_found)?;
    let which = message::find_in(caller.organization).filter(message::Column::ConversationId.eq(id));
    list(state, caller, format!("messages {id}"), which, query).await
}

/// A contact's message history, every channel.
pub async fn list_of_contact(
    state: &State,
    caller: &Caller,
    id: ContactId,
    query: PageQuery,
) -> Result<Page<Message>> {
    contact::get(&state.db.of(caller.organization).read().await?, caller.organization, id)
        .await?
        .ok_or_else(not_found)?;
    let which = message::find_in(caller.organization).filter(message::Column::ContactId.eq(id));
    list(state, caller, format!("messages {id}"), which, query).await
}

async fn list(
    state: &State,
    caller: &Caller,
    name: String,
    which: Select<message::Entity>,
    query: PageQuery,
) -> Result<Page<Message>> {
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let select = paging.apply(which, message::Column::CreatedAt, message::Column::Id);
    let db = &state.db.of(caller.organization).read().await?;
    let page = paging.page(select.all(db).await?, |row| (row.created_at, row.id.uuid()));
    let data = views(state, db, caller.organization, &page.data).await?;
    if let Some(row) = page.data.first() {
        state.reads.note(caller.organization, caller.actor, READ, row.conversation_id, state.now());
    }
    Ok(map(page, data))
}

#[cfg(test)]
mod tests {
    use super::preview;

    #[test]
    fn a_preview_is_one_line_of_at_most_120_characters() {
        assert_eq!(preview("Your results\n\nare in."), "Your results are in.");
        assert_eq!(preview(&"é".repeat(120)).chars().count(), 120);
        assert_eq!(preview(&"é".repeat(500)).chars().count(), 120);
    }
}
