//! When an organization's messages go out.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, patch};
use sealpost_shared::settings::{SendingSettings, UpdateSendingSettings};
use utoipa_actix_web::service_config::ServiceConfig;

use super::sending;
use crate::auth::{Admin, Reader};
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_sending_settings).service(update_sending_settings);
}

/// When messages go out, and how: seconds of undo, quiet hours, reminders, the other channel.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = SendingSettings),
))]
#[get("/api/v1/settings/sending")]
pub async fn get_sending_settings(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(sending::get(&state, &reader.0).await?))
}

/// Changes that: a JSON merge patch. For admins.
#[utoipa::path(tag = "settings", request_body = UpdateSendingSettings, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = SendingSettings),
))]
#[patch("/api/v1/settings/sending")]
pub async fn update_sending_settings(
    state: Data<State>,
    admin: Admin,
    body: Body<UpdateSendingSettings>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(sending::update(&state, &admin.0, body.0).await?))
}
