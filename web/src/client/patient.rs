//! The patients' endpoints, one function each.

use sealpost_shared::chat::{Chat, ChatMessage, MarkChatRead, PostChatMessage};
use sealpost_shared::ids::{ConversationId, MessageId};
use sealpost_shared::links::{Entered, Gate, LinkToken, PatientSession, RelinkAccepted, VerifyPin};
use sealpost_shared::page::Page;
use sealpost_shared::paths;

use super::{Answer, Empty, Method, get, query, send, send_quietly};

/// What a link shows before anybody is let in. Consumes nothing; can be repeated.
pub async fn open(token: &str) -> Answer<Gate> {
    send(Method::Post, paths::SECURE_LINKS_OPEN, &LinkToken { token: token.to_owned() }).await
}

pub async fn enter(token: &str) -> Answer<Entered> {
    send(Method::Post, paths::SECURE_LINKS_ENTER, &LinkToken { token: token.to_owned() }).await
}

pub async fn verify_pin(token: &str, pin: &str) -> Answer<Entered> {
    let body = VerifyPin { token: token.to_owned(), pin: pin.to_owned() };
    send(Method::Post, paths::SECURE_LINKS_VERIFY_PIN, &body).await
}

pub async fn relink(token: &str) -> Answer<RelinkAccepted> {
    send(Method::Post, paths::SECURE_LINKS_RELINK, &LinkToken { token: token.to_owned() }).await
}

pub async fn chat(id: ConversationId) -> Answer<Chat> {
    get(&address(id, "")).await
}

/// Newest first.
pub async fn messages(id: ConversationId, limit: u64, cursor: Option<String>) -> Answer<Page<ChatMessage>> {
    let query = query(&[("limit", Some(limit.to_string())), ("cursor", cursor)]);
    get(&(address(id, "/messages") + &query)).await
}

pub async fn post_message(id: ConversationId, message: &PostChatMessage) -> Answer<ChatMessage> {
    send(Method::Post, &address(id, "/messages"), message).await
}

pub async fn mark_read(id: ConversationId, up_to: MessageId) -> Answer<()> {
    send_quietly(Method::Post, &address(id, "/read"), &MarkChatRead { up_to }).await
}

/// Moves the idle limit.
pub async fn stay(id: ConversationId) -> Answer<PatientSession> {
    send(Method::Post, &address(id, "/stay"), &Empty {}).await
}

pub async fn leave(id: ConversationId) -> Answer<()> {
    send_quietly(Method::Post, &address(id, "/leave"), &Empty {}).await
}

/// Where the conversation's live updates come from; for [`super::live::listen`].
pub fn events_address(id: ConversationId) -> String {
    address(id, "/events")
}

fn address(id: ConversationId, rest: &str) -> String {
    format!("{}/{id}{rest}", paths::CHAT)
}
