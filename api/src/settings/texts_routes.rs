//! Where texts may go, how many, and how many there were.

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get, patch, post};
use sealpost_shared::texts::{DismissTextNotice, TextSettings, TextUsage, UpdateTextSettings};
use utoipa_actix_web::service_config::ServiceConfig;

use super::texts;
use crate::auth::{Admin, AdminMember, Reader};
use crate::problem::Result;
use crate::request::Body;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_text_settings)
        .service(update_text_settings)
        .service(get_text_usage)
        .service(dismiss_text_notice);
}

/// Where texts may go and how many a month may hold.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = TextSettings),
))]
#[get("/api/v1/settings/texts")]
pub async fn get_text_settings(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(texts::get(&state, &reader.0).await?))
}

/// Changes that: a JSON merge patch. For admins.
///
/// Counts from the next text on; what is queued already goes out.
#[utoipa::path(tag = "settings", request_body = UpdateTextSettings, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = TextSettings),
))]
#[patch("/api/v1/settings/texts")]
pub async fn update_text_settings(
    state: Data<State>,
    admin: Admin,
    body: Body<UpdateTextSettings>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(texts::update(&state, &admin.0, body.0).await?))
}

/// How many texts, segments and emails went out to contacts: by month, and by day of this month.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = TextUsage),
))]
#[get("/api/v1/settings/texts/usage")]
pub async fn get_text_usage(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(texts::usage(&state, &reader.0).await?))
}

/// Puts this month's notice about the limit away, for the calling admin.
#[utoipa::path(tag = "settings", security(("session" = [])), request_body = DismissTextNotice, responses(
    (status = 204, description = "It is not shown again this month"),
))]
#[post("/api/v1/settings/texts/dismiss")]
pub async fn dismiss_text_notice(
    state: Data<State>,
    admin: AdminMember,
    body: Body<DismissTextNotice>,
) -> Result<impl Responder> {
    texts::dismiss(&state, &admin.0, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
