//! How the organization shows itself.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, delete, get, patch, put};
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::settings::{OrganizationSettings, UpdateOrganizationSettings};
use utoipa_actix_web::service_config::ServiceConfig;

use super::practice;
use crate::auth::{Admin, Reader};
use crate::problem::Result;
use crate::request::{Body, Picture};
use crate::state::State;

/// A picture, byte for byte.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct PictureBytes(#[expect(dead_code, reason = "it is never made")] Vec<u8>);

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_organization_settings)
        .service(update_organization_settings)
        .service(put_organization_logo)
        .service(delete_organization_logo)
        .service(get_logo);
}

/// How the organization shows itself to patients and staff.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = OrganizationSettings),
))]
#[get("/api/v1/settings/organization")]
pub async fn get_organization_settings(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(practice::get(&state, &reader.0).await?))
}

/// Changes how the organization shows itself: a JSON merge patch. Patients see it when they next load a page.
#[utoipa::path(tag = "settings", request_body = UpdateOrganizationSettings, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = OrganizationSettings),
))]
#[patch("/api/v1/settings/organization")]
pub async fn update_organization_settings(
    state: Data<State>,
    admin: Admin,
    body: Body<UpdateOrganizationSettings>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(practice::update(&state, &admin.0, body.0).await?))
}

/// Takes a picture for the logo: a PNG or a JPEG of at most 1 MiB and 4,000 × 4,000 pixels. It is made to fit
/// 256 × 256 and loses everything but its pixels.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])),
    request_body(content((PictureBytes = "image/png"), (PictureBytes = "image/jpeg")), description = "The picture itself"),
    responses((status = 200, body = OrganizationSettings)),
)]
#[put("/api/v1/settings/organization/logo")]
pub async fn put_organization_logo(
    state: Data<State>,
    admin: Admin,
    picture: Picture,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(practice::put_logo(&state, &admin.0, picture.0).await?))
}

/// Removes the logo.
#[utoipa::path(tag = "settings", security(("session" = []), ("key" = [])), responses((status = 204)))]
#[delete("/api/v1/settings/organization/logo")]
pub async fn delete_organization_logo(state: Data<State>, admin: Admin) -> Result<impl Responder> {
    practice::delete_logo(&state, &admin.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An organization's logo, for anybody, for ever: another picture has another address (`logo_url`).
#[utoipa::path(tag = "settings",
    params(("organization_id" = OrganizationId, Path), ("file" = String, Path, description = "`{hash}.png`")),
    responses((status = 200, description = "A PNG that fits 256 × 256", body = PictureBytes, content_type = "image/png")),
)]
#[get("/api/v1/logos/{organization_id}/{file}")]
pub async fn get_logo(state: Data<State>, path: Path<(OrganizationId, String)>) -> Result<impl Responder> {
    let (organization, file) = path.into_inner();
    let png = practice::logo(&state, organization, &file).await?;
    let forever = (CACHE_CONTROL, "public, max-age=31536000, immutable");
    Ok(HttpResponse::Ok().content_type("image/png").insert_header(forever).body(png))
}
