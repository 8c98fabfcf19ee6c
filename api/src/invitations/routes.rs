//! Invitations: for admins, and for who was invited.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, delete, get, post};
use sealpost_shared::ids::InvitationId;
use sealpost_shared::invitations::{
    AcceptInvitation, CreateInvitation, Invitation, InvitationOffer, OpenInvitation,
};
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::staff::SignedIn;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{AdminMember, DeviceTokens};
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, FromOurPage, Params};
use crate::staff::routes::entered;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(open_invitation)
        .service(accept_invitation)
        .service(create_invitation)
        .service(list_invitations)
        .service(withdraw_invitation)
        .service(resend_invitation);
}

/// Invites a colleague by email. For admins.
///
/// The link works once, for seven days. Where the installation has no email the answer carries it in `link`, this
/// once: give it to your colleague yourself.
#[utoipa::path(tag = "invitations", security(("session" = [])), request_body = CreateInvitation, responses(
    (status = 201, body = Invitation),
    (status = 409, description = "`conflict`: invited already, or on your staff already"),
    (status = 429, description = "`rate_limited`: fifty a day"),
))]
#[post("/api/v1/invitations")]
pub async fn create_invitation(
    state: Data<State>,
    admin: AdminMember,
    body: Body<CreateInvitation>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Created().json(service::create(&state, &admin.0, body.0).await?))
}

/// The invitations, newest first, without those that were withdrawn. For admins.
#[utoipa::path(tag = "invitations", security(("session" = [])), params(PageQuery), responses(
    (status = 200, body = Page<Invitation>),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/invitations")]
pub async fn list_invitations(
    state: Data<State>,
    admin: AdminMember,
    query: Params<PageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &admin.0, query.0).await?))
}

/// Withdraws an invitation that nobody accepted yet. For admins.
#[utoipa::path(tag = "invitations", security(("session" = [])), params(("id" = InvitationId, Path)), responses(
    (status = 204, description = "Its link works no more"),
))]
#[delete("/api/v1/invitations/{id}")]
pub async fn withdraw_invitation(
    state: Data<State>,
    admin: AdminMember,
    id: Path<InvitationId>,
) -> Result<impl Responder> {
    service::withdraw(&state, &admin.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a fresh link for another seven days; the one before works no more. For admins.
#[utoipa::path(tag = "invitations", security(("session" = [])), params(("id" = InvitationId, Path)), responses(
    (status = 200, body = Invitation),
    (status = 429, description = "`rate_limited`: fifty a day"),
))]
#[post("/api/v1/invitations/{id}/resend")]
pub async fn resend_invitation(
    state: Data<State>,
    admin: AdminMember,
    id: Path<InvitationId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::resend(&state, &admin.0, *id).await?))
}

/// What an invitation says, for who has its link. Changes nothing.
#[utoipa::path(tag = "invitations", request_body = OpenInvitation, responses(
    (status = 200, body = InvitationOffer),
    (status = 404, description = "`invitation_not_found`: unknown, used, withdrawn and ended ones alike"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/invitations/open")]
pub async fn open_invitation(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    body: Body<OpenInvitation>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::open(&state, &body.0.token, &from.0).await?))
}

/// Accepts an invitation: makes the account and signs in.
///
/// Where the organization wants a second step the answer is `{"enrolment_required": true}`: see `POST /session`.
#[utoipa::path(tag = "invitations", request_body = AcceptInvitation, responses(
    (status = 200, body = SignedIn, description = "With the session's cookie"),
    (status = 404, description = "`invitation_not_found`: unknown, used, withdrawn and ended ones alike"),
    (status = 409, description = "`conflict`: the address has an account already"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/invitations/accept")]
pub async fn accept_invitation(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<AcceptInvitation>,
) -> Result<impl Responder> {
    entered(&state, service::accept(&state, body.0, &from.0, &devices).await?)
}
