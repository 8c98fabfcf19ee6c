//! The wizard and the checklist.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, post};
use sealpost_shared::setup::{AddressCheck, CheckAddress, Setup, SkipSetupStep};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::AdminMember;
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_setup).service(skip_setup_step).service(dismiss_setup).service(check_address);
}

/// How far the setup has come: for the wizard, and for the checklist on the home screen. For admins.
///
/// A step is done when it is so, wherever it was done. The second step and the admin's are the caller's own.
#[utoipa::path(tag = "setup", security(("session" = [])), responses(
    (status = 200, body = Setup),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/setup")]
pub async fn get_setup(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &admin.0).await?))
}

/// Leaves a step out. It is done all the same once it is so.
#[utoipa::path(tag = "setup", security(("session" = [])), request_body = SkipSetupStep, responses(
    (status = 200, body = Setup),
))]
#[post("/api/v1/setup/skip")]
pub async fn skip_setup_step(
    state: Data<State>,
    admin: AdminMember,
    body: Body<SkipSetupStep>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::skip(&state, &admin.0, body.0.step).await?))
}

/// Puts the checklist away.
#[utoipa::path(tag = "setup", security(("session" = [])), responses(
    (status = 200, body = Setup),
    (status = 409, description = "`admin_due`: nobody could sign in again"),
))]
#[post("/api/v1/setup/dismiss")]
pub async fn dismiss_setup(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::dismiss(&state, &admin.0).await?))
}

/// Looks at the public URL that links carry: from the browser, and from this server.
///
/// The URL itself stays `SEALPOST_PUBLIC_URL` in the server's environment; the answer has the line to put there.
#[utoipa::path(tag = "setup", security(("session" = [])), request_body = CheckAddress, responses(
    (status = 200, body = AddressCheck),
    (status = 429, description = "`rate_limited`: thirty checks an hour"),
))]
#[post("/api/v1/setup/check-address")]
pub async fn check_address(
    state: Data<State>,
    admin: AdminMember,
    body: Body<CheckAddress>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::check_address(&state, &admin.0, &body.0.origin).await?))
}
