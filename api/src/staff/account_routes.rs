//! One's own account, its second step, and the people of the organization.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, get, patch, post, put};
use sealpost_shared::ids::UserId;
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::staff::{
    Account, ConfirmTotp, RecoveryCodes, RemoveTotp, RenewRecoveryCodes, SetPassword, StaffSession,
    StartTotp, TakeSecondStep, TotpEnrolment, UpdateAccount, UpdateOwnUser,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{
    AdminMember, DeviceTokens, Enrolling, PendingMember, StaffMember, session_cookie, set_staff_cookie,
    staff_device_cookie,
};
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, Params};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(take_second_step)
        .service(update_own_user)
        .service(set_password)
        .service(enrol_totp)
        .service(confirm_totp)
        .service(renew_recovery_codes)
        .service(remove_totp)
        .service(list_users)
        .service(update_user);
}

/// Takes the second step of signing in, within five minutes of the password.
///
/// The code is six digits from the app or one of the recovery codes; each works once. Five tries in five minutes.
#[utoipa::path(tag = "staff", security(("pending_session" = [])), request_body = TakeSecondStep, responses(
    (status = 200, body = StaffSession, description = "With the session's cookie"),
    (status = 401, description = "`code_incorrect`; `session_ended`: start again with the password"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/second-step")]
pub async fn take_second_step(
    state: Data<State>,
    pending: PendingMember,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<TakeSecondStep>,
) -> Result<impl Responder> {
    let taken = service::take_second_step(&state, &pending, &body.0.code, &from.0, &devices).await?;
    let (session, token, device) = taken;
    let mut response = HttpResponse::Ok();
    set_staff_cookie(&mut response, &state, &token)?;
    response.cookie(staff_device_cookie(&state, &device));
    Ok(response.json(session))
}

/// Changes one's own name or email address.
#[utoipa::path(tag = "staff", security(("session" = [])), request_body = UpdateOwnUser, responses(
    (status = 200, body = StaffSession),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[patch("/api/v1/session/user")]
pub async fn update_own_user(
    state: Data<State>,
    member: StaffMember,
    from: ClientNetwork,
    body: Body<UpdateOwnUser>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update_own_user(&state, member, body.0, &from.0).await?))
}

/// Sets one's own password and ends one's other sessions.
///
/// 12 to 128 characters that are hard to guess: `errors` says why one is refused.
#[utoipa::path(tag = "staff", security(("session" = [])), request_body = SetPassword, responses(
    (status = 200, body = StaffSession, description = "With a new session's cookie"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[put("/api/v1/session/password")]
pub async fn set_password(
    state: Data<State>,
    member: StaffMember,
    from: ClientNetwork,
    devices: DeviceTokens,
    body: Body<SetPassword>,
) -> Result<impl Responder> {
    let (session, token, device) = service::set_password(&state, &member, body.0, &from.0, &devices).await?;
    let mut response = HttpResponse::Ok();
    response.cookie(session_cookie(&state, &token)?).cookie(staff_device_cookie(&state, &device));
    Ok(response.json(session))
}

/// Starts setting up a second step: a secret for an authenticator app, as text and as a QR code.
///
/// Asks for the password, where it was not given a moment ago to sign in. Nothing changes until a code from the app was confirmed, within half an hour.
#[utoipa::path(tag = "staff", security(("session" = []), ("enrolling_session" = [])), request_body = StartTotp, responses(
    (status = 200, body = TotpEnrolment),
    (status = 409, description = "`second_step_state`: it is on already; `admin_due`: set email and password first"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/session/totp")]
pub async fn enrol_totp(
    state: Data<State>,
    member: Enrolling,
    from: ClientNetwork,
    body: Body<StartTotp>,
) -> Result<impl Responder> {
    let password = body.0.password.as_deref();
    Ok(HttpResponse::Ok().json(service::enrol_totp(&state, &member, password, &from.0).await?))
}

/// Turns the second step on with a code from the app; gives ten recovery codes, shown once.
///
/// Ends one's other sessions.
#[utoipa::path(tag = "staff", security(("session" = []), ("enrolling_session" = [])), request_body = ConfirmTotp, responses(
    (status = 200, body = RecoveryCodes, description = "With a new session's cookie"),
    (status = 409, description = "`second_step_state`: it is on already, or was not started"),
    (status = 429, description = "`rate_limited`, with `Retry-After`"),
))]
#[post("/api/v1/session/totp/confirm")]
pub async fn confirm_totp(
    state: Data<State>,
    member: Enrolling,
    from: ClientNetwork,
    body: Body<ConfirmTotp>,
) -> Result<impl Responder> {
    let (codes, token) = service::confirm_totp(&state, &member, &body.0.code, &from.0).await?;
    let mut response = HttpResponse::Ok();
    set_staff_cookie(&mut response, &state, &token)?;
    Ok(response.json(codes))
}

/// Makes ten fresh recovery codes, shown once, in the place of those before.
///
/// Asks for the password and ends one's other sessions.
#[utoipa::path(tag = "staff", security(("session" = [])), request_body = RenewRecoveryCodes, responses(
    (status = 200, body = RecoveryCodes, description = "With a new session's cookie"),
    (status = 409, description = "`second_step_state`: the second step is off"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/session/recovery-codes")]
pub async fn renew_recovery_codes(
    state: Data<State>,
    member: StaffMember,
    from: ClientNetwork,
    body: Body<RenewRecoveryCodes>,
) -> Result<impl Responder> {
    let (codes, token) = service::renew_recovery_codes(&state, &member, &body.0.password, &from.0).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&state, &token)?).json(codes))
}

/// Turns the second step off.
///
/// Ends one's other sessions.
#[utoipa::path(tag = "staff", security(("session" = [])), request_body = RemoveTotp, responses(
    (status = 200, body = StaffSession, description = "With a new session's cookie"),
    (status = 409, description = "`second_step_state`: it is off already, or the organization wants one"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/session/totp/remove")]
pub async fn remove_totp(
    state: Data<State>,
    member: StaffMember,
    from: ClientNetwork,
    body: Body<RemoveTotp>,
) -> Result<impl Responder> {
    let (session, token) = service::remove_totp(&state, &member, &body.0.password, &from.0).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&state, &token)?).json(session))
}

/// The people of the organization, newest first. For admins.
#[utoipa::path(tag = "staff", security(("session" = [])), params(PageQuery), responses(
    (status = 200, body = Page<Account>),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/users")]
pub async fn list_users(
    state: Data<State>,
    admin: AdminMember,
    query: Params<PageQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_accounts(&state, &admin.0, query.0).await?))
}

/// Changes a colleague's role, lets them in or keeps them out, or takes a lost second step away. For admins.
///
/// Ends the person's sessions. One admin who can sign in always stays.
#[utoipa::path(tag = "staff", security(("session" = [])), params(("id" = UserId, Path)),
    request_body = UpdateAccount, responses(
    (status = 200, body = Account),
    (status = 409, description = "`last_admin`"),
))]
#[patch("/api/v1/users/{id}")]
pub async fn update_user(
    state: Data<State>,
    admin: AdminMember,
    id: Path<UserId>,
    body: Body<UpdateAccount>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update_account(&state, &admin.0, *id, body.0).await?))
}
