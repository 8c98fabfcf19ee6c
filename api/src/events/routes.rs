//! Server-sent events (WHATWG HTML, 9.2) for the desk and for the patient's page.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, get};
use sealpost_shared::events::{ChatEvent, Event};
use sealpost_shared::ids::ConversationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::follow::{Listener, follow, last_sequence};
use crate::auth::{Patient, Reader};
use crate::problem::Result;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(follow_events).service(follow_chat_events);
}

/// What happens in the organization, as it happens: `event:` is the type, `data:` ids alone.
#[utoipa::path(tag = "events", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Event, content_type = "text/event-stream"),
))]
#[get("/api/v1/events")]
pub async fn follow_events(
    state: Data<State>,
    request: HttpRequest,
    reader: Reader,
) -> Result<impl Responder> {
    stream(&state, &request, Listener::of(&reader.0)).await
}

/// What happens in this conversation, as it happens.
#[utoipa::path(tag = "chat", params(("conversation_id" = ConversationId, Path)), security(("patient" = [])), responses(
    (status = 200, body = ChatEvent, content_type = "text/event-stream"),
))]
#[get("/api/v1/chat/{conversation_id}/events")]
pub async fn follow_chat_events(
    state: Data<State>,
    request: HttpRequest,
    patient: Patient,
) -> Result<impl Responder> {
    let session = &patient.session;
    let listener = Listener::Patient {
        organization: session.organization_id,
        conversation: session.conversation_id,
        session: session.id,
    };
    stream(&state, &request, listener).await
}

/// From where the page left off, else from now.
async fn stream(state: &State, request: &HttpRequest, listener: Listener) -> Result<HttpResponse> {
    let last = last_sequence(state, listener).await?;
    let seen = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    let after = seen.filter(|seen| (0..=last).contains(seen)).unwrap_or(last);
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(follow(state.clone(), listener, after)))
}
