//! The list of conversations: folders, filters, numbers, and what staff change on one.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, QueryFilter,
};
use sealpost_shared::conversations::{
    ContactSummary, Conversation, ConversationCounts, ConversationQuery, Folder, FolderCounts, LastMessage,
    NextScheduled, Undelivered, UpdateConversation,
};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, UserId};
use sealpost_shared::links::LinkSummary;
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;

use super::thread::{READ, open_body, preview};
use super::{scheduled, undelivered};
use crate::auth::Caller;
use crate::contacts::display_name;
use crate::entities::{
    contact, conversation, conversation_unread, delivery, folder_count, message, reminder, staff_session,
};
use crate::folders::{Standing, shift};
use crate::journal::{About, Journal};
use crate::links::summaries;
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::ContactKey;
use crate::state::State;

pub async fn list(state: &State, caller: &Caller, query: ConversationQuery) -> Result<Page<Conversation>> {
    let folder = query.folder.unwrap_or_default();
    let user = caller.actor.user();
    let name = format!("conversations {folder:?} {:?} {:?} {user:?}", query.unread, query.contact_id);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let mut select = conversation::find_in(caller.organization, folder);
    if let Some(contact) = query.contact_id {
        select = select.filter(conversation::Column::ContactId.eq(contact));
    }
    if let Some(unread) = query.unread {
        let marked = unread_by(user);
        let column = conversation::Column::Id;
        select =
            select.filter(if unread { column.in_subquery(marked) } else { column.not_in_subquery(marked) });
    }
    use conversation::Column::{Id, LastMessageAt, NextSendAt};
    let soonest = folder == Folder::Scheduled;
    let select = if soonest {
        paging.apply_soonest(select, NextSendAt, Id)
    } else {
        paging.apply(select, LastMessageAt, Id)
    };
    let db = &state.db.of(caller.organization).read().await?;
    let place = |row: &conversation::Model| {
        (row.next_send_at.filter(|_| soonest).unwrap_or(row.last_message_at), row.id.uuid())
    };
    let page = paging.page(select.all(db).await?, place);
    let data = views(state, db, caller, &page.data).await?;
    // It shows the beginnings of messages (security.md D23).
    if !data.is_empty() {
        let folder = folder.as_str();
        state.reads.note(caller.organization, caller.actor, "conversation.listed", folder, state.now());
    }
    Ok(map(page, data))
}

/// What a person has unread; a key has nothing.
fn unread_by(user: Option<UserId>) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(conversation_unread::Column::ConversationId)
        .from(conversation_unread::Entity)
        .and_where(conversation_unread::Column::UserId.eq(user.unwrap_or(folder_count::EVERYBODY)))
        .to_owned()
}

pub async fn get(state: &State, caller: &Caller, id: ConversationId) -> Result<Conversation> {
    let db = &state.db.of(caller.organization).read().await?;
    let row = conversation::get(db, caller.organization, id).await?.ok_or_else(not_found)?;
    let view = views(state, db, caller, &[row]).await?.pop().ok_or_else(not_found)?;
    state.reads.note(caller.organization, caller.actor, READ, id, state.now());
    Ok(view)
}

/// What rows are made of, looked up for all of them at once.
struct Material {
    contacts: HashMap<ContactId, contact::Model>,
    keys: HashMap<ContactId, ContactKey>,
    messages: HashMap<MessageId, message::Model>,
    deliveries: Vec<delivery::Model>,
    links: HashMap<MessageId, LinkSummary>,
    unread: HashSet<ConversationId>,
    scheduled: HashMap<ConversationId, NextScheduled>,
    not_opened: HashSet<ConversationId>,
    undelivered: HashMap<ContactId, Undelivered>,
}

/// Rows whose contact was erased meanwhile are left out.
async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    caller: &Caller,
    rows: &[conversation::Model],
) -> Result<Vec<Conversation>> {
    let material = material(state, db, caller, rows).await?;
    rows.iter().filter_map(|row| view(row, &material).transpose()).collect()
}

async fn material(
    state: &State,
    db: &impl ConnectionTrait,
    caller: &Caller,
    rows: &[conversation::Model],
) -> Result<Material> {
    let organization = caller.organization;
    let people = || rows.iter().map(|row| row.contact_id);
    let last = || rows.iter().map(|row| row.last_message_id);
    let contacts = contact::list_by_ids(db, organization, people()).await?;
    let messages = message::list_by_ids(db, organization, last()).await?;
    let unread = match caller.actor.user() {
        Some(user) => conversation_unread::list_unread(db, user, rows.iter().map(|row| row.id)).await?,
        None => Vec::new(),
    };
    let keys = state.secrets.contacts(db, organization, people()).await?;
    Ok(Material {
        contacts: contacts.into_iter().map(|contact| (contact.id, contact)).collect(),
        scheduled: scheduled::next_of(db, organization, rows, &keys).await?,
        undelivered: undelivered::newest_of(db, organization, rows, &keys).await?,
        keys,
        messages: messages.into_iter().map(|message| (message.id, message)).collect(),
        deliveries: delivery::list_of_messages(db, organization, last()).await?,
        links: summaries(db, organization, last(), state.now()).await?,
        unread: unread.into_iter().collect(),
        not_opened: reminder::list_not_opened(db, organization, rows.iter().map(|row| row.id))
            .await?
            .into_iter()
            .collect(),
    })
}

fn view(row: &conversation::Model, material: &Material) -> Result<Option<Conversation>> {
    let contact = material.contacts.get(&row.contact_id);
    let (Some(contact), Some(key)) = (contact, material.keys.get(&row.contact_id)) else {
        return Ok(None);
    };
    let message = material.messages.get(&row.last_message_id);
    Ok(Some(Conversation {
        id: row.id,
        contact: ContactSummary {
            id: contact.id,
            display_name: display_name(key, contact)?,
            first_name: contact.first_name.as_deref().and_then(|name| name.parse().ok()),
            has_pin: contact.pin_hash.is_some(),
        },
        archived: row.archived_at.is_some(),
        failed: row.has_failed,
        unread: material.unread.contains(&row.id),
        not_opened: material.not_opened.contains(&row.id),
        last_message: message.map(|message| last_message(message, material)).transpose()?,
        next_scheduled: material.scheduled.get(&row.id).cloned(),
        undelivered: material.undelivered.get(&row.contact_id).cloned(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }))
}

fn last_message(message: &message::Model, material: &Material) -> Result<LastMessage> {
    let newest = material.deliveries.iter().rfind(|delivery| delivery.message_id == message.id);
    Ok(LastMessage {
        id: message.id,
        direction: message.direction,
        preview: preview(open_body(&material.keys, message)?.as_str()),
        secure: message.secure,
        channel: message.channel,
        created_at: message.created_at,
        delivery_status: newest.map(|delivery| delivery.status),
        link: material.links.get(&message.id).cloned(),
    })
}

/// Archiving is for everybody, the unread mark for the caller alone; a read-only member may read.
pub async fn update(
    state: &State,
    caller: &Caller,
    id: ConversationId,
    request: UpdateConversation,
) -> Result<Conversation> {
    if request.archived.is_some() || request.failed.is_some() {
        caller.may_write()?;
    }
    if request.failed == Some(true) {
        return Err(Problem::field("/failed", "invalid", "can be taken back, not set"));
    }
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let found = conversation::get(tx, caller.organization, id).await?.ok_or_else(not_found)?;
            contact::get(tx, caller.organization, found.contact_id).await?.ok_or_else(not_found)?;
            let row = conversation::get_locked(tx, caller.organization, found.contact_id).await?;
            let mut row = row.ok_or_else(not_found)?;
            let before = Standing::of(tx, &row).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            let about = About { conversation: Some(id), contact: Some(row.contact_id), ..About::default() };
            if let Some(archived) = request.archived.filter(|archived| *archived != row.archived_at.is_some())
            {
                row.archived_at = archived.then(|| state.now());
                row.updated_at = state.now();
                row = row.into_active_model().reset_all().update(tx).await?;
                // Reading is no doing (security.md D11); archiving is.
                if let Some(session) = caller.session {
                    staff_session::touch(tx, session, state.now()).await?;
                }
                let action = if archived { "conversation.archived" } else { "conversation.unarchived" };
                journal.event(EventType::ConversationUpdated, about).audit(action, id);
            }
            if request.failed == Some(false) && row.has_failed {
                let all = delivery::Column::ContactId.eq(row.contact_id);
                delivery::resolve(tx, caller.organization, all).await?;
                row.has_failed = false;
                row = row.into_active_model().reset_all().update(tx).await?;
                journal
                    .event(EventType::ConversationUpdated, about)
                    .audit("conversation.failure_settled", id);
            }
            if let Some(unread) = request.unread {
                set_unread(state, tx, caller, &row, (unread, before.has_unread_of(caller)), &mut journal)
                    .await?;
            }
            shift(tx, caller.organization, &before, &Standing::of(tx, &row).await?).await?;
            journal.write(tx).await?;
            views(state, tx, caller, &[row]).await?.pop().ok_or_else(not_found)
        })
        .await
}

async fn set_unread(
    state: &State,
    tx: &DatabaseTransaction,
    caller: &Caller,
    row: &conversation::Model,
    (unread, was_unread): (bool, bool),
    journal: &mut Journal,
) -> Result<()> {
    let user = caller
        .actor
        .user()
        .ok_or_else(|| Problem::new(ProblemCode::Forbidden, "a key has no unread marks of its own"))?;
    let about = About {
        conversation: Some(row.id),
        contact: Some(row.contact_id),
        user: Some(user),
        ..About::default()
    };
    if unread {
        conversation_unread::mark(tx, caller.organization, row.id, [user]).await?;
    } else {
        conversation_unread::clear(tx, row.id, user).await?;
        // The first of the staff to read: the patient's page says so.
        let seen = message::mark_inbound_read(tx, caller.organization, row.id, state.now()).await?;
        if seen > 0 {
            journal.event(EventType::MessageRead, About { user: None, ..about });
        }
    }
    if unread != was_unread {
        journal.event(EventType::ConversationRead, about);
    }
    Ok(())
}

/// Numbers for badges: the folders' own, and what the caller has unread.
pub async fn counts(state: &State, caller: &Caller) -> Result<ConversationCounts> {
    let db = &state.db.of(caller.organization).read().await?;
    let totals = folder_count::list(db, caller.organization, folder_count::EVERYBODY).await?;
    let unread = match caller.actor.user() {
        Some(user) => folder_count::list(db, caller.organization, user).await?,
        None => Vec::new(),
    };
    let number = |rows: &[folder_count::Model], folder| {
        let row = rows.iter().find(|row| row.folder == folder);
        row.map_or(0, |row| u64::try_from(row.number).unwrap_or(0))
    };
    let folder = |folder| FolderCounts { total: number(&totals, folder), unread: number(&unread, folder) };
    Ok(ConversationCounts {
        inbox: folder(Folder::Inbox),
        outbox: folder(Folder::Outbox),
        archived: folder(Folder::Archived),
        scheduled: folder(Folder::Scheduled),
        failed: folder(Folder::Failed),
    })
}
