//! What comes in by text and email, and what is answered by itself. Plain, both: they travelled in the open.

use sea_orm::DatabaseTransaction;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{AuthorKind, Direction, Keyword};
use sealpost_shared::events::EventType;
use sealpost_shared::text::MessageText;

use super::thread::{self, NewMessage};
use crate::delivery::{self, Content, EmailContent, Notice, SmsContent, Urgency};
use crate::entities::{contact, message, organization};
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::secrets::ContactKey;
use crate::state::State;

/// A text or email from somebody's number or address. Who held the phone nobody knows: it counts as theirs,
/// and says by which way it came (security.md D31).
pub struct Arrival<'a> {
    pub contact: &'a contact::Model,
    pub key: &'a ContactKey,
    pub channel: Channel,
    pub keyword: Option<Keyword>,
}

/// Puts it into its contact's conversation: unread, and in the inbox again.
pub async fn arrive(
    state: &State,
    tx: &DatabaseTransaction,
    arrival: &Arrival<'_>,
    body: &MessageText,
    journal: &mut Journal,
) -> Result<message::Model> {
    let new = NewMessage {
        id: None,
        direction: Direction::Inbound,
        author_kind: AuthorKind::Contact,
        author_id: Some(arrival.contact.id.uuid()),
        author_name: String::new(),
        body,
        secure: false,
        channel: Some(arrival.channel),
        own_pin: None,
        client_message_id: None,
        keyword: arrival.keyword,
    };
    let row = thread::append(state, tx, arrival.contact, arrival.key, new, journal).await?;
    journal.event(EventType::MessageReceived, thread::about(&row)).audit("message.received", row.id);
    Ok(row)
}

/// Answers a keyword the way it came, whether or not they have opted out: that is what it confirms.
pub async fn answer(
    state: &State,
    tx: &DatabaseTransaction,
    arrival: &Arrival<'_>,
    organization: &organization::Model,
    words: &str,
    journal: &mut Journal,
) -> Result<()> {
    let body: MessageText = words.parse().map_err(Problem::internal)?;
    let content = match arrival.channel {
        Channel::Sms => Content::Sms(SmsContent::notice(words)),
        Channel::Email => Content::Email(EmailContent::plain(&organization.name, &organization.name, words)),
    };
    let new = NewMessage {
        id: None,
        direction: Direction::Outbound,
        author_kind: AuthorKind::System,
        author_id: None,
        author_name: organization.name.clone(),
        body: &body,
        secure: false,
        channel: Some(arrival.channel),
        own_pin: None,
        client_message_id: None,
        keyword: arrival.keyword,
    };
    let row = thread::append(state, tx, arrival.contact, arrival.key, new, journal).await?;
    let notice = Notice {
        organization,
        contact: arrival.contact,
        key: arrival.key,
        message: row.id,
        link: None,
        content,
        urgency: Urgency::Confirmation,
    };
    delivery::enqueue(tx, state.now(), notice, journal).await?;
    journal.event(EventType::MessageCreated, thread::about(&row)).audit("message.answered", row.id);
    Ok(())
}
