//! The organization's settings.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, get, patch, post};
use sealpost_shared::conversations::Message;
use sealpost_shared::settings::{
    PreviewSecureMessaging, SecureMessagingPreview, SecureMessagingSettings, SendTestMessage,
    UpdateSecureMessagingSettings,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{preview, service, trial};
use crate::auth::{Admin, Reader};
use crate::problem::Result;
use crate::request::{Body, created, idempotency_key};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_secure_messaging_settings)
        .service(update_secure_messaging_settings)
        .service(preview_secure_messaging)
        .service(send_test_message);
}

/// How the organization sends privately. A text PIN is never returned.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = SecureMessagingSettings),
))]
#[get("/api/v1/settings/secure-messaging")]
pub async fn get_secure_messaging_settings(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &reader.0).await?))
}

/// Changes how the organization sends privately: a JSON merge patch.
#[utoipa::path(tag = "settings", request_body = UpdateSecureMessagingSettings, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = SecureMessagingSettings),
))]
#[patch("/api/v1/settings/secure-messaging")]
pub async fn update_secure_messaging_settings(
    state: Data<State>,
    admin: Admin,
    body: Body<UpdateSecureMessagingSettings>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update(&state, &admin.0, body.0).await?))
}

/// Shows what would arrive, before it is saved. Changes nothing and sends nothing.
#[utoipa::path(tag = "settings", request_body = PreviewSecureMessaging, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = SecureMessagingPreview),
    (status = 404, description = "`not_found`: no such contact"),
))]
#[post("/api/v1/settings/secure-messaging/preview")]
pub async fn preview_secure_messaging(
    state: Data<State>,
    reader: Reader,
    body: Body<PreviewSecureMessaging>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(preview::preview(&state, &reader.0, body.0).await?))
}

/// Sends a real secure message to whoever asks for it, with the saved settings. Ten an hour.
#[utoipa::path(tag = "settings", request_body = SendTestMessage, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Message),
    (status = 429, description = "`rate_limited`: ten in an hour"),
))]
#[post("/api/v1/settings/secure-messaging/test")]
pub async fn send_test_message(
    state: Data<State>,
    admin: Admin,
    request: HttpRequest,
    body: Body<SendTestMessage>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &admin.0, "POST /settings/test", &body.0)?;
    Ok(created(trial::send_test(&state, &admin.0, body.0, key).await?))
}
