//! The installation's channels.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, delete, get, post, put};
use sealpost_shared::channels::{
    ChannelTest, Channels, PutEmailChannel, PutSmsChannel, TestEmailChannel, TestSmsChannel,
};
use sealpost_shared::contacts::Channel;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::AdminMember;
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_channels)
        .service(put_sms_channel)
        .service(delete_sms_channel)
        .service(test_sms_channel)
        .service(put_email_channel)
        .service(delete_email_channel)
        .service(test_email_channel);
}

/// How the installation sends texts and emails, and who set it. Secrets are never returned. For admins.
///
/// Channels are shared by all organizations: admins of the one that the installation was set up for see and change
/// the details.
#[utoipa::path(tag = "channels", security(("session" = [])), responses(
    (status = 200, body = Channels),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/settings/channels")]
pub async fn get_channels(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &admin.0).await?))
}

/// Stores the gateway for texts, sealed. Servers and workers use it from the next text on.
#[utoipa::path(tag = "channels", security(("session" = [])), request_body = PutSmsChannel, responses(
    (status = 200, body = Channels),
    (status = 409, description = "`channel_from_environment`: the environment wins"),
))]
#[put("/api/v1/settings/channels/sms")]
pub async fn put_sms_channel(
    state: Data<State>,
    admin: AdminMember,
    body: Body<PutSmsChannel>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::put_sms(&state, &admin.0, body.0).await?))
}

/// Takes the gateway out. Texts that wait keep waiting for a new one.
#[utoipa::path(tag = "channels", security(("session" = [])), responses(
    (status = 204, description = "It is not set up any more"),
    (status = 409, description = "`channel_from_environment`: the environment wins"),
))]
#[delete("/api/v1/settings/channels/sms")]
pub async fn delete_sms_channel(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    service::delete(&state, &admin.0, Channel::Sms).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends one plain test text now and says what came of it.
#[utoipa::path(tag = "channels", security(("session" = [])), request_body = TestSmsChannel, responses(
    (status = 200, body = ChannelTest, description = "It went out, or not, and why"),
    (status = 429, description = "`rate_limited`: ten tests an hour"),
))]
#[post("/api/v1/settings/channels/sms/test")]
pub async fn test_sms_channel(
    state: Data<State>,
    admin: AdminMember,
    body: Body<TestSmsChannel>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::test_sms(&state, &admin.0, &body.0.to).await?))
}

/// Stores the mail server, sealed. Servers and workers use it from the next email on.
#[utoipa::path(tag = "channels", security(("session" = [])), request_body = PutEmailChannel, responses(
    (status = 200, body = Channels),
    (status = 409, description = "`channel_from_environment`: the environment wins"),
))]
#[put("/api/v1/settings/channels/email")]
pub async fn put_email_channel(
    state: Data<State>,
    admin: AdminMember,
    body: Body<PutEmailChannel>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::put_email(&state, &admin.0, body.0).await?))
}

/// Takes the mail server out. Emails that wait keep waiting for a new one.
#[utoipa::path(tag = "channels", security(("session" = [])), responses(
    (status = 204, description = "It is not set up any more"),
    (status = 409, description = "`channel_from_environment`: the environment wins"),
))]
#[delete("/api/v1/settings/channels/email")]
pub async fn delete_email_channel(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    service::delete(&state, &admin.0, Channel::Email).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends one plain test email now and says what came of it.
#[utoipa::path(tag = "channels", security(("session" = [])), request_body = TestEmailChannel, responses(
    (status = 200, body = ChannelTest, description = "It went out, or not, and why"),
    (status = 429, description = "`rate_limited`: ten tests an hour"),
))]
#[post("/api/v1/settings/channels/email/test")]
pub async fn test_email_channel(
    state: Data<State>,
    admin: AdminMember,
    body: Body<TestEmailChannel>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::test_email(&state, &admin.0, &body.0.to).await?))
}
