//! Conversations and messages for staff and integrators.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, patch, post};
use sealpost_shared::conversations::{
    Conversation, ConversationCounts, ConversationQuery, Message, ReplyInConversation, RetryMessage,
    SendMessage, UpdateConversation,
};
use sealpost_shared::ids::{ContactId, ConversationId, MessageId};
use sealpost_shared::page::{Page, PageQuery};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Reader, Writer};
use crate::problem::Result;
use crate::request::{Body, Params, created, idempotency_key};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(send_message)
        .service(get_message)
        .service(resend_message)
        .service(retry_message)
        .service(list_conversations)
        .service(count_conversations)
        .service(get_conversation)
        .service(update_conversation)
        .service(list_conversation_messages)
        .service(reply_in_conversation)
        .service(list_contact_messages)
        .service(delete_contact);
}

const REFUSED: &str = "A field is wrong, or the message cannot be sent: `channel_not_configured`, \
    `address_missing`, `contact_opted_out`, `country_not_allowed`, `secure_messaging_disabled`, `pin_unresolved`, `pin_policy_unmet`, \
    `pins_disabled`, `idempotency_key_reused`";

/// Sends a message: behind a private link, or plainly.
#[utoipa::path(tag = "messages", request_body = SendMessage, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Message),
    (status = 404, description = "`not_found`: no contact has this `contact_id`"),
    (status = 409, description = "`idempotency_key_in_use`, or `conflict` for a new contact's `external_id`"),
    (status = 422, description = REFUSED),
))]
#[post("/api/v1/messages")]
pub async fn send_message(
    state: Data<State>,
    writer: Writer,
    request: HttpRequest,
    body: Body<SendMessage>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &writer.0, "POST /messages", &body.0)?;
    Ok(created(service::send(&state, &writer.0, body.0, key).await?))
}

/// Gives one message with its newest link and its deliveries.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Message),
))]
#[get("/api/v1/messages/{message_id}")]
pub async fn get_message(state: Data<State>, reader: Reader, id: Path<MessageId>) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get_message(&state, &reader.0, *id).await?))
}

/// Sends a fresh link for the same message. Earlier links go on until their own end.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Message),
    (status = 409, description = "`conflict`: not a secure message to the contact; `idempotency_key_in_use`"),
    (status = 422, description = REFUSED),
))]
#[post("/api/v1/messages/{message_id}/resend")]
pub async fn resend_message(
    state: Data<State>,
    writer: Writer,
    request: HttpRequest,
    id: Path<MessageId>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &writer.0, "POST /messages/{id}/resend", &*id)?;
    Ok(created(service::resend(&state, &writer.0, *id, key).await?))
}

/// Sends once more what did not arrive, on the same channel or the other; a secure message with a fresh link.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), request_body = RetryMessage, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Message),
    (status = 409, description = "`conflict`: it is on its way or has arrived; `idempotency_key_in_use`"),
    (status = 422, description = REFUSED),
))]
#[post("/api/v1/messages/{message_id}/retry")]
pub async fn retry_message(
    state: Data<State>,
    writer: Writer,
    request: HttpRequest,
    id: Path<MessageId>,
    body: Body<RetryMessage>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &writer.0, "POST /messages/{id}/retry", &(*id, &body.0))?;
    Ok(created(service::retry(&state, &writer.0, *id, body.0, key).await?))
}

/// Lists a folder's conversations, the newest message first.
#[utoipa::path(tag = "conversations", params(ConversationQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Conversation>),
))]
#[get("/api/v1/conversations")]
pub async fn list_conversations(
    state: Data<State>,
    reader: Reader,
    query: Params<ConversationQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &reader.0, query.0).await?))
}

/// Numbers for badges, per folder.
#[utoipa::path(tag = "conversations", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = ConversationCounts),
))]
#[get("/api/v1/conversations/counts")]
pub async fn count_conversations(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::counts(&state, &reader.0).await?))
}

/// Gives one conversation.
#[utoipa::path(tag = "conversations", params(("conversation_id" = ConversationId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Conversation),
))]
#[get("/api/v1/conversations/{conversation_id}")]
pub async fn get_conversation(
    state: Data<State>,
    reader: Reader,
    id: Path<ConversationId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &reader.0, *id).await?))
}

/// Archives a conversation or brings it back; marks it read or unread for the caller; says that what failed in it has
/// been dealt with.
#[utoipa::path(tag = "conversations", params(("conversation_id" = ConversationId, Path)), request_body = UpdateConversation, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Conversation),
))]
#[patch("/api/v1/conversations/{conversation_id}")]
pub async fn update_conversation(
    state: Data<State>,
    reader: Reader,
    id: Path<ConversationId>,
    body: Body<UpdateConversation>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update(&state, &reader.0, *id, body.0).await?))
}

/// Lists a conversation's messages, newest first.
#[utoipa::path(tag = "conversations", params(("conversation_id" = ConversationId, Path), PageQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Message>),
))]
#[get("/api/v1/conversations/{conversation_id}/messages")]
pub async fn list_conversation_messages(
    state: Data<State>,
    reader: Reader,
    id: Path<ConversationId>,
    query: Params<PageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_of_conversation(&state, &reader.0, *id, query.0).await?))
}

/// Answers in a conversation; by default the way it last went.
#[utoipa::path(tag = "conversations", params(("conversation_id" = ConversationId, Path)), request_body = ReplyInConversation, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Message),
    (status = 409, description = "`idempotency_key_in_use`"),
    (status = 422, description = REFUSED),
))]
#[post("/api/v1/conversations/{conversation_id}/messages")]
pub async fn reply_in_conversation(
    state: Data<State>,
    writer: Writer,
    request: HttpRequest,
    id: Path<ConversationId>,
    body: Body<ReplyInConversation>,
) -> Result<impl Responder> {
    let key =
        idempotency_key(&state, &request, &writer.0, "POST /conversations/{id}/messages", &(*id, &body.0))?;
    Ok(created(service::reply(&state, &writer.0, *id, body.0, key).await?))
}

/// Lists a contact's message history, every channel, newest first.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path), PageQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Message>),
))]
#[get("/api/v1/contacts/{contact_id}/messages")]
pub async fn list_contact_messages(
    state: Data<State>,
    reader: Reader,
    id: Path<ContactId>,
    query: Params<PageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_of_contact(&state, &reader.0, *id, query.0).await?))
}

/// Erases a contact: ends their links and sessions, stops what is on its way, and destroys the key that
/// everything of theirs is sealed with.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 204),
))]
#[delete("/api/v1/contacts/{contact_id}")]
pub async fn delete_contact(
    state: Data<State>,
    writer: Writer,
    id: Path<ContactId>,
) -> Result<impl Responder> {
    service::erase_contact(&state, &writer.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
