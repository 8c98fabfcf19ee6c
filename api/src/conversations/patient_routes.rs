//! The conversation for the patient whose session it is.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, post};
use sealpost_shared::chat::{Chat, ChatMessage, MarkChatRead, PostChatMessage};
use sealpost_shared::ids::ConversationId;
use sealpost_shared::links::PatientSession;
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::problem::ProblemBody;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Patient, clear_cookie};
use crate::problem::Result;
use crate::request::{Body, Params};
use crate::session_tokens::Audience;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_chat)
        .service(list_chat_messages)
        .service(post_chat_message)
        .service(mark_chat_read)
        .service(stay_in_chat)
        .service(leave_chat);
}

/// Who wrote, and until when link and session last.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), security(("patient" = [])), responses(
    (status = 200, body = Chat),
))]
#[get("/api/v1/chat/{conversation_id}")]
pub async fn get_chat(state: Data<State>, patient: Patient) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::info(&state, &patient).await?))
}

/// Lists what this session may see, newest first.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path), PageQuery), security(("patient" = [])), responses(
    (status = 200, body = Page<ChatMessage>),
))]
#[get("/api/v1/chat/{conversation_id}/messages")]
pub async fn list_chat_messages(
    state: Data<State>,
    patient: Patient,
    query: Params<PageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_chat(&state, &patient, query.0).await?))
}

/// Writes a reply. The same `client_message_id` twice is one message, and counts once. Thirty in a minute and 300 in 24
/// hours for one contact.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), request_body = PostChatMessage, security(("patient" = [])), responses(
    (status = 201, body = ChatMessage),
    (status = 429, body = ProblemBody, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/chat/{conversation_id}/messages")]
pub async fn post_chat_message(
    state: Data<State>,
    patient: Patient,
    body: Body<PostChatMessage>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Created().json(service::post(&state, &patient, body.0).await?))
}

/// Notes what was on screen.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), request_body = MarkChatRead, security(("patient" = [])), responses(
    (status = 204),
))]
#[post("/api/v1/chat/{conversation_id}/read")]
pub async fn mark_chat_read(
    state: Data<State>,
    patient: Patient,
    body: Body<MarkChatRead>,
) -> Result<impl Responder> {
    service::mark_read(&state, &patient, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Moves the idle limit.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), security(("patient" = [])), responses(
    (status = 200, body = PatientSession),
))]
#[post("/api/v1/chat/{conversation_id}/stay")]
pub async fn stay_in_chat(state: Data<State>, patient: Patient) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::stay(&state, &patient).await?))
}

/// Ends the session and clears what the browser kept of it.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), security(("patient" = [])), responses(
    (status = 204),
))]
#[post("/api/v1/chat/{conversation_id}/leave")]
pub async fn leave_chat(state: Data<State>, patient: Patient) -> Result<impl Responder> {
    service::leave(&state, &patient).await?;
    let mut response = HttpResponse::NoContent();
    // Not "cookies" and not "storage": the same browser may hold a staff session, and its language.
    response.insert_header(("clear-site-data", "\"cache\"")).cookie(clear_cookie(&state, Audience::Patient));
    Ok(response.finish())
}
