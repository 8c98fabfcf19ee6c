//! The organization's settings.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, patch};
use sealpost_shared::settings::{SecureMessagingSettings, UpdateSecureMessagingSettings};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Admin, Reader};
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_secure_messaging_settings).service(update_secure_messaging_settings);
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
