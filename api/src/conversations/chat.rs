//! The conversation as a patient sees it, through the link they came by.
//!
//! A message with a PIN of its own is shown through its own links alone: the rule is in the finder
//! (`message::find_visible`), and [`is_visible`] asks it for live events.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use sealpost_shared::chat::{Chat, ChatAuthor, ChatLink, ChatMessage, MarkChatRead, PostChatMessage};
use sealpost_shared::conversations::{AuthorKind, Direction};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, OrganizationId};
use sealpost_shared::links::{PatientSession, Sender};
use sealpost_shared::page::{Page, PageQuery};

use super::thread::{self, NewMessage, contact_names, open_body};
use crate::auth::{Patient, find_patient, touches};
use crate::entities::budget::{self, Limit};
use crate::entities::{contact, link, message, organization, patient_session};
use crate::journal::{About, Actor, Journal};
use crate::links::{known_as, patient_session_view};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

/// Replies of one contact, whoever holds their links: never reached by a person who types (security.md D7).
const REPLIES_OF_MINUTE: Limit =
    Limit { scope: "replies_of_minute", times: 30, window: TimeDelta::minutes(1) };
const REPLIES_OF_DAY: Limit = Limit { scope: "replies_of_day", times: 300, window: TimeDelta::hours(24) };

/// Who wrote, until when the link works, and until when the session lasts.
pub async fn info(state: &State, patient: &Patient) -> Result<Chat> {
    let db = &state.db.of(patient.session.organization_id).read().await?;
    let organization_id = patient.session.organization_id;
    let organization = organization::get(db, organization_id).await?.ok_or_else(not_found)?;
    let opened =
        message::get(db, organization_id, patient.session.message_id).await?.ok_or_else(not_found)?;
    Ok(Chat {
        conversation_id: patient.session.conversation_id,
        organization: organization.card(),
        sender: Sender { name: known_as(&opened, &organization).to_owned() },
        link: ChatLink { expires_at: patient.link.expires_at },
        session: patient_session_view(&patient.session),
        replies_allowed: true,
    })
}

/// Whether a patient who came in by one of `opened`'s links may see a message.
pub async fn is_visible(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    conversation: ConversationId,
    opened: MessageId,
    id: MessageId,
) -> Result<bool> {
    let visible = message::find_visible(organization, conversation, opened);
    Ok(visible.filter(message::Column::Id.eq(id)).one(db).await?.is_some())
}

pub async fn list(state: &State, patient: &Patient, query: PageQuery) -> Result<Page<ChatMessage>> {
    let session = &patient.session;
    let name = format!("chat {} {}", session.conversation_id, session.message_id);
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let visible = message::find_visible(session.organization_id, session.conversation_id, session.message_id);
    let select = paging.apply(visible, message::Column::CreatedAt, message::Column::Id);
    let db = &state.db.of(patient.session.organization_id).read().await?;
    let page = paging.page(select.all(db).await?, |row| (row.created_at, row.id.uuid()));
    let data = views(state, db, &page.data).await?;
    let actor = Actor::Contact(session.contact_id);
    state.reads.note(session.organization_id, actor, thread::READ, session.conversation_id, state.now());
    Ok(map(page, data))
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    rows: &[message::Model],
) -> Result<Vec<ChatMessage>> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let keys = state.secrets.contacts(db, first.organization_id, [first.contact_id]).await?;
    let organization = organization::get(db, first.organization_id).await?.ok_or_else(not_found)?;
    let names = contact_names(db, first.organization_id, rows, &keys).await?;
    rows.iter()
        .map(|row| {
            // Who works behind a key is no business of the patient's.
            let kind = match row.author_kind {
                AuthorKind::ApiKey => AuthorKind::Staff,
                kind => kind,
            };
            let name = match kind {
                AuthorKind::Contact => names.get(&row.contact_id).cloned().unwrap_or_default(),
                _ => known_as(row, &organization).to_owned(),
            };
            Ok(ChatMessage {
                id: row.id,
                author: ChatAuthor { kind, name },
                body: open_body(&keys, row)?,
                created_at: row.created_at,
                read_at: row.read_at,
                client_message_id: row.client_message_id,
            })
        })
        .collect()
}

/// Writes a reply. The same `client_message_id` twice is one message.
pub async fn post(state: &State, patient: &Patient, request: PostChatMessage) -> Result<ChatMessage> {
    let (organization, conversation) = (patient.session.organization_id, patient.session.conversation_id);
    state
        .db
        .of(patient.session.organization_id)
        .write(async |tx| {
            // Holds the conversation, so that the second of two equal requests sees the first one's message.
            contact::get_locked(tx, organization, patient.contact.id).await?.ok_or_else(not_found)?;
            // The body may have taken its time: what let the caller in must still count.
            find_patient(state, tx, patient.session.id).await?;
            let row = match message::find_by_client_id(tx, conversation, request.client_message_id).await? {
                Some(row) => row,
                None => append(state, tx, patient, &request).await?,
            };
            views(state, tx, &[row]).await?.pop().ok_or_else(not_found)
        })
        .await
}

async fn charge(
    tx: &sea_orm::DatabaseTransaction,
    limit: Limit,
    contact: ContactId,
    now: DateTime<Utc>,
) -> Result<()> {
    let subject = contact.uuid();
    if budget::charge(tx, limit, subject.as_bytes(), now).await? {
        return Ok(());
    }
    let until = budget::window_ends_at(tx, limit, subject.as_bytes()).await?;
    Err(Problem::wait(until.unwrap_or(now + limit.window), now))
}

async fn append(
    state: &State,
    tx: &sea_orm::DatabaseTransaction,
    patient: &Patient,
    request: &PostChatMessage,
) -> Result<message::Model> {
    let organization = patient.session.organization_id;
    let actor = Actor::Contact(patient.contact.id);
    // The contact is held: nobody else charges these meanwhile. What is refused rolls back, with what it took.
    for limit in [REPLIES_OF_MINUTE, REPLIES_OF_DAY] {
        charge(tx, limit, patient.contact.id, state.now()).await?;
    }
    let key = state.secrets.contact(tx, organization, patient.contact.id).await?;
    let new = NewMessage {
        id: None,
        direction: Direction::Inbound,
        author_kind: AuthorKind::Contact,
        author_id: actor.id(),
        author_name: String::new(),
        body: &request.body,
        secure: true,
        channel: None,
        own_pin: None,
        client_message_id: Some(request.client_message_id),
        keyword: None,
    };
    let mut journal = Journal::new(organization, actor, state.now());
    let row = thread::append(state, tx, &patient.contact, &key, new, &mut journal).await?;
    journal.event(EventType::MessageReceived, thread::about(&row)).audit("message.received", row.id);
    journal.write(tx).await?;
    Ok(row)
}

/// Notes what was on screen, for the first time only.
pub async fn mark_read(state: &State, patient: &Patient, request: MarkChatRead) -> Result<()> {
    let session = &patient.session;
    let visible = message::find_visible(session.organization_id, session.conversation_id, session.message_id);
    let newest = visible
        .filter(message::Column::Id.eq(request.up_to))
        .one(&state.db.of(patient.session.organization_id).read().await?)
        .await?;
    let up_to: DateTime<Utc> = newest.ok_or_else(not_found)?.created_at;
    let now = state.now();
    state
        .db
        .of(patient.session.organization_id)
        .write(async |tx| {
            find_patient(state, tx, session.id).await?;
            let read =
                message::mark_outbound_read(tx, session.conversation_id, session.message_id, up_to, now)
                    .await?;
            let actor = Actor::Contact(session.contact_id);
            let mut journal = Journal::new(session.organization_id, actor, now);
            for id in &read {
                let about = About {
                    conversation: Some(session.conversation_id),
                    contact: Some(session.contact_id),
                    message: Some(*id),
                    link: Some(session.link_id),
                    user: None,
                };
                journal.event(EventType::MessageRead, about);
            }
            link::mark_read_of_messages(tx, session.organization_id, read, now).await?;
            Ok(journal.write(tx).await?)
        })
        .await
}

/// Somebody is still there.
pub async fn stay(state: &State, patient: &Patient) -> Result<PatientSession> {
    let mut session = patient.session.clone();
    let now = state.now();
    if touches(session.active_at, now) {
        session.active_at = now;
        let db = state.db.of(session.organization_id);
        db.write(async |tx| Ok(patient_session::touch(tx, session.id, now).await?)).await?;
    }
    Ok(patient_session_view(&session))
}

/// Ends the session at once.
pub async fn leave(state: &State, patient: &Patient) -> Result<()> {
    let session = &patient.session;
    state
        .db
        .of(patient.session.organization_id)
        .write(async |tx| {
            patient_session::revoke(tx, session.id, state.now()).await?;
            let actor = Actor::Contact(session.contact_id);
            let mut journal = Journal::new(session.organization_id, actor, state.now());
            journal.audit("session.left", session.id);
            Ok(journal.write(tx).await?)
        })
        .await
}
