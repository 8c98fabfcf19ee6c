//! What the organization asks of those who work there.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, patch};
use sealpost_shared::settings::{SecuritySettings, UpdateSecuritySettings};
use utoipa_actix_web::service_config::ServiceConfig;

use super::security;
use crate::auth::AdminMember;
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_security_settings).service(update_security_settings);
}

/// Whether a second factor is asked of everybody, and when a desk that nobody touches signs out. For admins.
#[utoipa::path(tag = "settings", security(("session" = [])), responses(
    (status = 200, body = SecuritySettings),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/settings/security")]
pub async fn get_security_settings(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(security::get(&state, &admin.0).await?))
}

/// Changes that: a JSON merge patch. For admins.
///
/// Counts at once, also for sessions that are open: who has no second factor signs in again and sets one up first.
#[utoipa::path(tag = "settings", security(("session" = [])), request_body = UpdateSecuritySettings, responses(
    (status = 200, body = SecuritySettings),
    (status = 409, description = "`second_step_state`: turn on your own second step first"),
))]
#[patch("/api/v1/settings/security")]
pub async fn update_security_settings(
    state: Data<State>,
    admin: AdminMember,
    body: Body<UpdateSecuritySettings>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(security::update(&state, &admin.0, body.0).await?))
}
