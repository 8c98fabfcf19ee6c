//! Server-sent events (WHATWG HTML, 9.2) for the desk and for the patient's page.

use actix_web::http::header::CONTENT_ENCODING;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, get};
use sealpost_shared::events::{ChatEvent, Event};
use sealpost_shared::ids::ConversationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::follow::{follow, start};
use super::listener::Listener;
use crate::auth::{Patient, Reader};
use crate::problem::Result;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(follow_events).service(follow_chat_events);
}

/// What happens in the organization, as it happens: `event:` is the type, `data:` ids alone.
#[utoipa::path(tag = "events", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Event, content_type = "text/event-stream"),
    (status = 429, description = "`rate_limited`: too many open streams"),
))]
#[get("/api/v1/events")]
pub async fn follow_events(
    state: Data<State>,
    request: HttpRequest,
    reader: Reader,
) -> Result<impl Responder> {
    stream(&state, &request, Listener::of_staff(&reader.0)?).await
}

/// What happens in this conversation, as it happens.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), security(("patient" = [])), responses(
    (status = 200, body = ChatEvent, content_type = "text/event-stream"),
    (status = 429, description = "`rate_limited`: too many open streams"),
))]
#[get("/api/v1/chat/{conversation_id}/events")]
pub async fn follow_chat_events(
    state: Data<State>,
    request: HttpRequest,
    patient: Patient,
) -> Result<impl Responder> {
    stream(&state, &request, Listener::of_patient(&patient)).await
}

/// From where the page left off, else from now.
async fn stream(state: &State, request: &HttpRequest, listener: Listener) -> Result<HttpResponse> {
    let place = state.streams.take(&listener.holders())?;
    let after = start(state, request, listener).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(follow(state.clone(), listener, after, place)))
}
