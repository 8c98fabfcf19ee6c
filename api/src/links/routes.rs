//! The patient's gate (no credentials but the link) and the staff's view of links.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, get, post};
use sealpost_shared::ids::LinkId;
use sealpost_shared::links::{Entered, Gate, Link, LinkQuery, LinkToken, RelinkAccepted, VerifyPin};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemBody;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, LetIn, Visitor};
use crate::auth::{DeviceCookie, Reader, Writer, device_cookie, session_cookie};
use crate::entities::known_device::KNOWN_FOR;
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, FromOurPage, Params};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(open_secure_link)
        .service(enter_secure_link)
        .service(verify_secure_link_pin)
        .service(relink_secure_link)
        .service(list_links)
        .service(revoke_link)
        .service(unlock_link);
}

/// What a private link shows first. Free: it consumes nothing and can be repeated.
#[utoipa::path(tag = "links", request_body = LinkToken, responses(
    (status = 200, body = Gate),
    (status = 403, body = ProblemBody, description = "`pin_disabled`"),
    (status = 404, body = ProblemBody, description = "`link_not_found`: unknown, malformed, revoked, deleted"),
    (status = 410, body = ProblemBody, description = "`link_expired`, with where a new one can go"),
))]
#[post("/api/v1/secure-links/open")]
pub async fn open_secure_link(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    device: DeviceCookie,
    body: Body<LinkToken>,
) -> Result<impl Responder> {
    let visitor = Visitor { network: from.0, device: device.0 };
    Ok(HttpResponse::Ok().json(service::open(&state, &body.0.token, &visitor).await?))
}

/// Lets in whoever holds a link that asks for no PIN. Sixty times in 15 minutes for one link.
#[utoipa::path(tag = "links", request_body = LinkToken, responses(
    (status = 200, body = Entered, description = "With the session's cookie"),
    (status = 401, body = ProblemBody, description = "`pin_required`"),
    (status = 403, body = ProblemBody, description = "`pin_disabled`"),
    (status = 429, body = ProblemBody, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/secure-links/enter")]
pub async fn enter_secure_link(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    device: DeviceCookie,
    body: Body<LinkToken>,
) -> Result<impl Responder> {
    let visitor = Visitor { network: from.0, device: device.0 };
    entered(&state, service::enter(&state, &body.0.token, &visitor).await?)
}

/// Lets in whoever knows the PIN too. Five tries in 15 minutes, ten in a row; a browser in which the PIN was right
/// before has as many of its own.
#[utoipa::path(tag = "links", request_body = VerifyPin, responses(
    (status = 200, body = Entered, description = "With the session's cookie"),
    (status = 401, body = ProblemBody, description = "`pin_incorrect`, with `attempts_left`"),
    (status = 403, body = ProblemBody, description = "`pin_disabled`"),
    (status = 429, body = ProblemBody, description = "`pin_locked`, with `Retry-After`"),
))]
#[post("/api/v1/secure-links/verify-pin")]
pub async fn verify_secure_link_pin(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    device: DeviceCookie,
    body: Body<VerifyPin>,
) -> Result<impl Responder> {
    let VerifyPin { token, pin } = body.0;
    let visitor = Visitor { network: from.0, device: device.0 };
    entered(&state, service::verify_pin(&state, &token, &pin, &visitor).await?)
}

fn entered(state: &State, let_in: LetIn) -> Result<HttpResponse> {
    let mut response = HttpResponse::Ok();
    response.cookie(session_cookie(state, &let_in.token)?);
    if let Some(token) = let_in.device {
        response.cookie(device_cookie(state, token, KNOWN_FOR));
    }
    Ok(response.json(let_in.entered))
}

/// Asks for a new link in place of one that has ended. It goes to the contact's own number or address;
/// the answer is always the same.
#[utoipa::path(tag = "links", request_body = LinkToken, responses(
    (status = 202, body = RelinkAccepted),
))]
#[post("/api/v1/secure-links/relink")]
pub async fn relink_secure_link(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    body: Body<LinkToken>,
) -> Result<impl Responder> {
    let visitor = Visitor { network: from.0, device: None };
    Ok(HttpResponse::Accepted().json(service::relink(&state, &body.0.token, &visitor).await?))
}

/// Lists the links of a conversation or of a contact.
#[utoipa::path(tag = "links", params(LinkQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Link>),
))]
#[get("/api/v1/links")]
pub async fn list_links(
    state: Data<State>,
    reader: Reader,
    query: Params<LinkQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &reader.0, query.0).await?))
}

/// Ends a link for good, with the sessions it opened.
#[utoipa::path(tag = "links", params(("link_id" = LinkId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Link),
))]
#[post("/api/v1/links/{link_id}/revoke")]
pub async fn revoke_link(state: Data<State>, writer: Writer, id: Path<LinkId>) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::revoke(&state, &writer.0, *id).await?))
}

/// Gives a link its tries back after wrong PINs.
#[utoipa::path(tag = "links", params(("link_id" = LinkId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Link),
))]
#[post("/api/v1/links/{link_id}/unlock")]
pub async fn unlock_link(state: Data<State>, writer: Writer, id: Path<LinkId>) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::unlock(&state, &writer.0, *id).await?))
}
