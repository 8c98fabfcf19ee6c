//! Passkeys: one's own, and signing in with one after the password.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, get, patch, post};
use sealpost_shared::ids::PasskeyId;
use sealpost_shared::page::Page;
use sealpost_shared::passkeys::{
    AddPasskey, AddedPasskey, Passkey, PasskeyPassword, PasskeyRegistration, PasskeyRequest, RenamePasskey,
    StartPasskey, TakePasskey,
};
use sealpost_shared::staff::StaffSession;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{
    DeviceTokens, Enrolling, PendingMember, StaffMember, session_cookie, set_staff_cookie,
    staff_device_cookie,
};
use crate::problem::Result;
use crate::request::{Body, ClientNetwork};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_passkeys)
        .service(start_passkey)
        .service(add_passkey)
        .service(rename_passkey)
        .service(remove_passkey)
        .service(ask_passkey)
        .service(take_passkey);
}

/// Lists one's own passkeys, the oldest first. There are at most 20: one page holds them all.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 200, body = Page<Passkey>)))]
#[get("/api/v1/session/passkeys")]
pub async fn list_passkeys(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_passkeys(&state, &member).await?))
}

/// Starts adding a passkey: a challenge for `navigator.credentials.create`, which waits for five minutes.
///
/// Asks for the password, where it was not given a moment ago to sign in. A passkey belongs to the host of the public URL.
#[utoipa::path(tag = "staff", security(("session" = []), ("enrolling_session" = [])), request_body = StartPasskey, responses(
    (status = 200, body = PasskeyRegistration),
    (status = 409, description = "`admin_due`: set email and password first; `second_step_state`: the public URL has no name"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/session/passkeys/start")]
pub async fn start_passkey(
    state: Data<State>,
    member: Enrolling,
    from: ClientNetwork,
    body: Body<StartPasskey>,
) -> Result<impl Responder> {
    let password = body.0.password.as_deref();
    Ok(HttpResponse::Ok().json(service::start_passkey(&state, &member, password, &from.0).await?))
}

/// Adds a passkey; with the first second step come ten recovery codes, shown once.
///
/// Ends one's other sessions. Who signed in to set a second step up is in with it.
#[utoipa::path(tag = "staff", security(("session" = []), ("enrolling_session" = [])), request_body = AddPasskey, responses(
    (status = 201, body = AddedPasskey, description = "With a new session's cookie"),
    (status = 409, description = "`conflict`: there are 20 already"),
))]
#[post("/api/v1/session/passkeys")]
pub async fn add_passkey(
    state: Data<State>,
    member: Enrolling,
    body: Body<AddPasskey>,
) -> Result<impl Responder> {
    let (added, token) = service::add_passkey(&state, &member, body.0).await?;
    let mut response = HttpResponse::Created();
    set_staff_cookie(&mut response, &state, &token)?;
    Ok(response.json(added))
}

/// Gives a passkey another name.
#[utoipa::path(tag = "staff", security(("session" = [])), params(("passkey_id" = PasskeyId, Path)),
    request_body = RenamePasskey, responses((status = 200, body = Passkey)))]
#[patch("/api/v1/session/passkeys/{passkey_id}")]
pub async fn rename_passkey(
    state: Data<State>,
    member: StaffMember,
    id: Path<PasskeyId>,
    body: Body<RenamePasskey>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::rename_passkey(&state, &member, *id, &body.0.name).await?))
}

/// Removes a passkey.
///
/// Asks for the password and ends one's other sessions. The recovery codes go with the last second step.
#[utoipa::path(tag = "staff", security(("session" = [])), params(("passkey_id" = PasskeyId, Path)),
    request_body = PasskeyPassword, responses(
    (status = 200, body = StaffSession, description = "With a new session's cookie"),
    (status = 409, description = "`second_step_state`: the organization asks for a second factor, and this is the last"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/session/passkeys/{passkey_id}/remove")]
pub async fn remove_passkey(
    state: Data<State>,
    member: StaffMember,
    from: ClientNetwork,
    id: Path<PasskeyId>,
    body: Body<PasskeyPassword>,
) -> Result<impl Responder> {
    let (session, token) = service::remove_passkey(&state, &member, *id, &body.0.password, &from.0).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&state, &token)?).json(session))
}

/// Asks for a passkey as the second step: a challenge for `navigator.credentials.get`.
#[utoipa::path(tag = "staff", security(("pending_session" = [])), responses(
    (status = 200, body = PasskeyRequest),
    (status = 401, description = "`session_ended`: start again with the password"),
    (status = 409, description = "`second_step_state`: the account has no passkey that lets in"),
))]
#[post("/api/v1/session/second-step/passkey")]
pub async fn ask_passkey(state: Data<State>, pending: PendingMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::ask_passkey(&state, &pending).await?))
}

/// Takes a passkey's answer as the second step of signing in.
///
/// A challenge is answered once. A passkey that seems to have been copied lets nobody in any more.
#[utoipa::path(tag = "staff", security(("pending_session" = [])), request_body = TakePasskey, responses(
    (status = 200, body = StaffSession, description = "With the session's cookie"),
    (status = 401, description = "`passkey_incorrect`; `session_ended`: start again with the password"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/second-step/passkey/finish")]
pub async fn take_passkey(
    state: Data<State>,
    pending: PendingMember,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<TakePasskey>,
) -> Result<impl Responder> {
    let (session, token, device) =
        service::take_passkey(&state, &pending, &body.0, &from.0, &devices).await?;
    let mut response = HttpResponse::Ok();
    set_staff_cookie(&mut response, &state, &token)?;
    response.cookie(staff_device_cookie(&state, &device));
    Ok(response.json(session))
}
