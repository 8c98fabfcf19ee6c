//! The staff's session.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, delete, get, post};
use sealpost_shared::staff::{SignIn, SignInOnce, SignedIn, StaffSession};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{DeviceTokens, StaffMember, clear_cookie, set_staff_cookie, staff_device_cookie};
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, FromOurPage};
use crate::session_tokens::Audience;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_session)
        .service(create_session_once)
        .service(get_session)
        .service(stay_in_session)
        .service(delete_session);
}

/// Signs in by email and password.
///
/// Where a second step is on the answer is `{"mfa_required": true}` with a cookie that `POST /session/second-step`
/// alone takes, for five minutes. Where the organization wants one and there is none it is
/// `{"enrolment_required": true}`, with a cookie that `POST /session/totp`, `POST /session/passkeys/start` and
/// what finishes each alone take.
///
/// Five tries in five minutes for an account from one network, twenty from the network; after five failures in a row
/// from anywhere a wait that grows from half a minute to an hour; after a hundred the password is turned off until it
/// is reset by email. A browser in which the person has signed in before is counted by itself.
#[utoipa::path(tag = "staff", request_body = SignIn, responses(
    (status = 200, body = SignedIn, description = "With the session's cookie"),
    (status = 401, description = "`credentials_invalid`"),
    (status = 403, description = "`password_disabled`: reset it by email"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session")]
pub async fn create_session(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<SignIn>,
) -> Result<impl Responder> {
    entered(&state, service::sign_in(&state, &body.0, &from.0, &devices).await?)
}

/// The session's cookie, and the one by which this browser is known.
pub fn entered(state: &State, entered: service::Entered) -> Result<HttpResponse> {
    let mut response = HttpResponse::Ok();
    set_staff_cookie(&mut response, state, &entered.token)?;
    if let Some(device) = &entered.device {
        response.cookie(staff_device_cookie(state, device));
    }
    Ok(response.json(entered.answer))
}

/// Signs in by a link that works once.
#[utoipa::path(tag = "staff", request_body = SignInOnce, responses(
    (status = 200, body = SignedIn, description = "With the session's cookie"),
    (status = 401, description = "`credentials_invalid`: used or over"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/one-time")]
pub async fn create_session_once(
    state: Data<State>,
    _: FromOurPage,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<SignInOnce>,
) -> Result<impl Responder> {
    entered(&state, service::sign_in_once(&state, &body.0.token, &from.0, &devices).await?)
}

/// Who is signed in, and until when.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 200, body = StaffSession)))]
#[get("/api/v1/session")]
pub async fn get_session(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::session(&state, &member).await?))
}

/// Moves the idle limit: somebody is still there.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 200, body = StaffSession)))]
#[post("/api/v1/session/stay")]
pub async fn stay_in_session(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::stay(&state, member).await?))
}

/// Signs out.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 204)))]
#[delete("/api/v1/session")]
pub async fn delete_session(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    service::sign_out(&state, &member).await?;
    let mut response = HttpResponse::NoContent();
    // Not "cookies" and not "storage": the same browser may hold a patient's session, and its language.
    response.insert_header(("clear-site-data", "\"cache\""));
    for stage in [Audience::Staff, Audience::PendingStaff, Audience::EnrollingStaff] {
        response.cookie(clear_cookie(&state, stage));
    }
    Ok(response.finish())
}
