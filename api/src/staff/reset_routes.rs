//! A new password by email.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, post};
use sealpost_shared::ids::UserId;
use sealpost_shared::staff::{AskForPasswordReset, CompletePasswordReset, PasswordReset, PasswordResetAsked};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{AdminMember, DeviceTokens, staff_device_cookie};
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, FromOurPage};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(ask_for_password_reset).service(complete_password_reset).service(send_password_reset);
}

/// Sends a link for a new password, if somebody has this address. The answer is always the same.
///
/// The link works once, for half an hour. Where the installation sends no email (`by_email`) an admin can help.
#[utoipa::path(tag = "staff", request_body = AskForPasswordReset, responses(
    (status = 202, body = PasswordResetAsked),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/password-reset")]
pub async fn ask_for_password_reset(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    body: Body<AskForPasswordReset>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Accepted().json(service::ask_for_password_reset(&state, &body.0, &from.0).await?))
}

/// Sets a new password by such a link.
///
/// Ends every session of the person and what was counted against them. Nobody is signed in by it, and a second step
/// stays on.
#[utoipa::path(tag = "staff", request_body = CompletePasswordReset, responses(
    (status = 204, description = "Sign in with the new password"),
    (status = 404, description = "`reset_not_found`: unknown, used and ended ones alike"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/password-reset/complete")]
pub async fn complete_password_reset(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    known: DeviceTokens,
    body: Body<CompletePasswordReset>,
) -> Result<impl Responder> {
    let device = service::complete_password_reset(&state, &body.0, &from.0, &known).await?;
    Ok(HttpResponse::NoContent().cookie(staff_device_cookie(&state, &device)).finish())
}

/// Sends a colleague a link for a new password. For admins.
///
/// Where the installation has no email the answer carries it in `link`, this once: give it to your colleague yourself.
#[utoipa::path(tag = "staff", security(("session" = [])), params(("id" = UserId, Path)), responses(
    (status = 202, body = PasswordReset),
    (status = 403, description = "`forbidden`: for admins alone, and not for oneself"),
    (status = 429, description = "`rate_limited`: fifty a day"),
))]
#[post("/api/v1/users/{id}/password-reset")]
pub async fn send_password_reset(
    state: Data<State>,
    admin: AdminMember,
    id: Path<UserId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Accepted().json(service::send_password_reset(&state, &admin.0, *id).await?))
}
