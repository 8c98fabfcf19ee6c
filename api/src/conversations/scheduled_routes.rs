//! Messages that wait for their time, for staff and integrators.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, delete, get, patch, post};
use sealpost_shared::conversations::{Message, ScheduledMessageQuery, UpdateScheduledMessage};
use sealpost_shared::ids::MessageId;
use sealpost_shared::page::Page;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Reader, Writer};
use crate::problem::Result;
use crate::request::{Body, Params};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_scheduled_messages)
        .service(get_scheduled_message)
        .service(update_scheduled_message)
        .service(cancel_scheduled_message)
        .service(send_scheduled_message);
}

const REFUSED: &str = "`validation_failed`, or the message cannot be sent: `channel_not_configured`, `address_missing`, \
    `contact_opted_out`, `country_not_allowed`, `secure_messaging_disabled`, `pin_unresolved`, `notice_unresolved`, `pin_policy_unmet`, \
    `pins_disabled`";

/// Lists messages that have not gone out: the first to go first.
#[utoipa::path(tag = "messages", params(ScheduledMessageQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Message>),
))]
#[get("/api/v1/scheduled-messages")]
pub async fn list_scheduled_messages(
    state: Data<State>,
    reader: Reader,
    query: Params<ScheduledMessageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_scheduled(&state, &reader.0, query.0).await?))
}

/// Gives one message that has not gone out; afterwards `GET /messages/{message_id}` has it, by the same id.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Message),
))]
#[get("/api/v1/scheduled-messages/{message_id}")]
pub async fn get_scheduled_message(
    state: Data<State>,
    reader: Reader,
    id: Path<MessageId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get_scheduled(&state, &reader.0, *id).await?))
}

/// Changes the text, the time or the channel of a message that has not gone out.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), request_body = UpdateScheduledMessage, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Message),
    (status = 409, description = "`conflict`: it has gone out"),
    (status = 422, description = REFUSED),
))]
#[patch("/api/v1/scheduled-messages/{message_id}")]
pub async fn update_scheduled_message(
    state: Data<State>,
    writer: Writer,
    id: Path<MessageId>,
    body: Body<UpdateScheduledMessage>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update_scheduled(&state, &writer.0, *id, body.0).await?))
}

/// Takes back a message that has not gone out.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 204),
    (status = 409, description = "`conflict`: it has gone out"),
))]
#[delete("/api/v1/scheduled-messages/{message_id}")]
pub async fn cancel_scheduled_message(
    state: Data<State>,
    writer: Writer,
    id: Path<MessageId>,
) -> Result<impl Responder> {
    service::cancel_scheduled(&state, &writer.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a waiting message at once, in quiet hours too. One that has gone out meanwhile is not sent again.
#[utoipa::path(tag = "messages", params(("message_id" = MessageId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Message),
    (status = 422, description = REFUSED),
))]
#[post("/api/v1/scheduled-messages/{message_id}/send")]
pub async fn send_scheduled_message(
    state: Data<State>,
    writer: Writer,
    id: Path<MessageId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::send_now(&state, &writer.0, *id).await?))
}
