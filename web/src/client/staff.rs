//! The staff's endpoints, one function each.

use sealpost_shared::contacts::{Channel, Contact, CreateContact, SetPin, UpdateContact};
use sealpost_shared::conversations::{
    Conversation, ConversationCounts, Folder, Message, ReplyInConversation, RetryMessage, SendMessage,
    UpdateConversation, UpdateScheduledMessage,
};
use sealpost_shared::ids::{ContactId, ConversationId, LinkId, MessageId};
use sealpost_shared::links::Link;
use sealpost_shared::page::{MAX_LIMIT, Page};
use sealpost_shared::paths;
use sealpost_shared::staff::{SignIn, SignInOnce, SignedIn, StaffSession};
use uuid::Uuid;

use super::{Answer, Empty, Method, get, idempotent, query, send, send_quietly, send_with};

pub async fn sign_in(email: String, password: String) -> Answer<SignedIn> {
    send(Method::Post, paths::SESSION, &SignIn { email, password }).await
}

pub async fn sign_in_once(token: String) -> Answer<SignedIn> {
    send(Method::Post, paths::SESSION_ONE_TIME, &SignInOnce { token }).await
}

pub async fn session() -> Answer<StaffSession> {
    get(paths::SESSION).await
}

/// Moves the idle limit.
pub async fn stay() -> Answer<StaffSession> {
    send(Method::Post, paths::SESSION_STAY, &Empty {}).await
}

pub async fn sign_out() -> Answer<()> {
    send_quietly(Method::Delete, paths::SESSION, &Empty {}).await
}

pub async fn contacts(q: Option<String>, limit: u64, cursor: Option<String>) -> Answer<Page<Contact>> {
    let query = query(&[("q", q), ("limit", Some(limit.to_string())), ("cursor", cursor)]);
    get(&(paths::CONTACTS.to_owned() + &query)).await
}

/// The same `key` twice makes one contact.
pub async fn create_contact(contact: &CreateContact, key: Uuid) -> Answer<Contact> {
    send_with(Method::Post, paths::CONTACTS, contact, &idempotent(&key.to_string())).await
}

pub async fn contact(id: ContactId) -> Answer<Contact> {
    get(&of_contact(id, "")).await
}

pub async fn update_contact(id: ContactId, patch: &UpdateContact) -> Answer<Contact> {
    send(Method::Patch, &of_contact(id, ""), patch).await
}

pub async fn delete_contact(id: ContactId) -> Answer<()> {
    send_quietly(Method::Delete, &of_contact(id, ""), &Empty {}).await
}

pub async fn set_pin(id: ContactId, pin: &SetPin) -> Answer<()> {
    send_quietly(Method::Put, &of_contact(id, "/pin"), pin).await
}

pub async fn remove_pin(id: ContactId) -> Answer<()> {
    send_quietly(Method::Delete, &of_contact(id, "/pin"), &Empty {}).await
}

/// Clears what wrong PINs have locked.
pub async fn unlock_contact(id: ContactId) -> Answer<()> {
    send_quietly(Method::Post, &of_contact(id, "/unlock"), &Empty {}).await
}

/// Everything ever written to or by the contact, newest first.
pub async fn contact_messages(id: ContactId, limit: u64, cursor: Option<String>) -> Answer<Page<Message>> {
    get(&(of_contact(id, "/messages") + &page(limit, cursor))).await
}

/// The same `key` twice is one message.
pub async fn send_message(message: &SendMessage, key: Uuid) -> Answer<Message> {
    send_with(Method::Post, paths::MESSAGES, message, &idempotent(&key.to_string())).await
}

pub async fn message(id: MessageId) -> Answer<Message> {
    get(&format!("{}/{id}", paths::MESSAGES)).await
}

/// A fresh link for the same message.
pub async fn resend(id: MessageId, key: Uuid) -> Answer<Message> {
    let address = format!("{}/{id}/resend", paths::MESSAGES);
    send_with(Method::Post, &address, &Empty {}, &idempotent(&key.to_string())).await
}

/// What did not arrive goes out once more on this channel, a secure one with a fresh link.
pub async fn retry(id: MessageId, channel: Channel, key: Uuid) -> Answer<Message> {
    let address = format!("{}/{id}/retry", paths::MESSAGES);
    let body = RetryMessage { channel: Some(channel) };
    send_with(Method::Post, &address, &body, &idempotent(&key.to_string())).await
}

pub async fn conversations(
    folder: Folder,
    unread_only: bool,
    limit: u64,
    cursor: Option<String>,
) -> Answer<Page<Conversation>> {
    let query = query(&[
        ("folder", Some(folder.as_str().to_owned())),
        ("unread", unread_only.then(|| "true".to_owned())),
        ("limit", Some(limit.to_string())),
        ("cursor", cursor),
    ]);
    get(&(paths::CONVERSATIONS.to_owned() + &query)).await
}

/// The conversation of a contact, if this folder shows it.
pub async fn in_folder(folder: Folder, contact: ContactId) -> Answer<Page<Conversation>> {
    let query =
        query(&[("folder", Some(folder.as_str().to_owned())), ("contact_id", Some(contact.to_string()))]);
    get(&(paths::CONVERSATIONS.to_owned() + &query)).await
}

pub async fn counts() -> Answer<ConversationCounts> {
    get(paths::CONVERSATION_COUNTS).await
}

pub async fn conversation(id: ConversationId) -> Answer<Conversation> {
    get(&of_conversation(id, "")).await
}

pub async fn update_conversation(id: ConversationId, patch: &UpdateConversation) -> Answer<Conversation> {
    send(Method::Patch, &of_conversation(id, ""), patch).await
}

/// Newest first.
pub async fn messages(id: ConversationId, limit: u64, cursor: Option<String>) -> Answer<Page<Message>> {
    get(&(of_conversation(id, "/messages") + &page(limit, cursor))).await
}

/// The same `key` twice is one message.
pub async fn reply(id: ConversationId, reply: &ReplyInConversation, key: Uuid) -> Answer<Message> {
    let address = of_conversation(id, "/messages");
    send_with(Method::Post, &address, reply, &idempotent(&key.to_string())).await
}

/// What waits in a conversation, the first to go first; as many as one page can hold.
pub async fn scheduled(id: ConversationId) -> Answer<Page<Message>> {
    let query = query(&[("conversation_id", Some(id.to_string())), ("limit", Some(MAX_LIMIT.to_string()))]);
    get(&(paths::SCHEDULED_MESSAGES.to_owned() + &query)).await
}

pub async fn update_scheduled(id: MessageId, patch: &UpdateScheduledMessage) -> Answer<Message> {
    send(Method::Patch, &of_scheduled(id, ""), patch).await
}

pub async fn cancel_scheduled(id: MessageId) -> Answer<()> {
    send_quietly(Method::Delete, &of_scheduled(id, ""), &Empty {}).await
}

/// At once, in quiet hours too; what has gone out already is not sent again.
pub async fn send_scheduled(id: MessageId) -> Answer<Message> {
    send(Method::Post, &of_scheduled(id, "/send"), &Empty {}).await
}

fn of_scheduled(id: MessageId, rest: &str) -> String {
    format!("{}/{id}{rest}", paths::SCHEDULED_MESSAGES)
}

/// The newest links of a conversation, as many as one page can hold.
pub async fn links(id: ConversationId) -> Answer<Page<Link>> {
    let query = query(&[("conversation_id", Some(id.to_string())), ("limit", Some(MAX_LIMIT.to_string()))]);
    get(&(paths::LINKS.to_owned() + &query)).await
}

pub async fn revoke_link(id: LinkId) -> Answer<Link> {
    send(Method::Post, &format!("{}/{id}/revoke", paths::LINKS), &Empty {}).await
}

pub async fn unlock_link(id: LinkId) -> Answer<Link> {
    send(Method::Post, &format!("{}/{id}/unlock", paths::LINKS), &Empty {}).await
}

fn page(limit: u64, cursor: Option<String>) -> String {
    query(&[("limit", Some(limit.to_string())), ("cursor", cursor)])
}

fn of_contact(id: ContactId, rest: &str) -> String {
    format!("{}/{id}{rest}", paths::CONTACTS)
}

fn of_conversation(id: ConversationId, rest: &str) -> String {
    format!("{}/{id}{rest}", paths::CONVERSATIONS)
}
