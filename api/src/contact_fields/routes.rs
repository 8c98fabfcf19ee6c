//! An organization's own contact fields.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, patch, post};
use sealpost_shared::contact_fields::{ContactField, CreateContactField, UpdateContactField};
use sealpost_shared::ids::ContactFieldId;
use sealpost_shared::page::Page;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Admin, Reader};
use crate::problem::Result;
use crate::request::{Body, created, idempotency_key};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_contact_fields)
        .service(create_contact_field)
        .service(get_contact_field)
        .service(update_contact_field)
        .service(delete_contact_field);
}

/// Lists the organization's own contact fields, in its order. There are at most 50: one page holds them all.
#[utoipa::path(tag = "contact-fields", security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<ContactField>),
))]
#[get("/api/v1/contact-fields")]
pub async fn list_contact_fields(state: Data<State>, reader: Reader) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &reader.0).await?))
}

/// Makes a field. Contacts carry its values under `custom_fields`, templates name it `{{ custom.KEY }}`.
#[utoipa::path(tag = "contact-fields", request_body = CreateContactField, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = ContactField),
    (status = 409, description = "`conflict`: another field has this key, or there are 50 already"),
))]
#[post("/api/v1/contact-fields")]
pub async fn create_contact_field(
    state: Data<State>,
    admin: Admin,
    request: HttpRequest,
    body: Body<CreateContactField>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &admin.0, "POST /contact-fields", &body.0)?;
    Ok(created(service::create(&state, &admin.0, body.0, key).await?))
}

/// Gives one field.
#[utoipa::path(tag = "contact-fields", params(("contact_field_id" = ContactFieldId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = ContactField),
))]
#[get("/api/v1/contact-fields/{contact_field_id}")]
pub async fn get_contact_field(
    state: Data<State>,
    reader: Reader,
    id: Path<ContactFieldId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &reader.0, *id).await?))
}

/// Changes a field: a JSON merge patch. Contacts keep their values when its key changes.
#[utoipa::path(tag = "contact-fields", params(("contact_field_id" = ContactFieldId, Path)), request_body = UpdateContactField, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = ContactField),
    (status = 409, description = "`conflict`: another field has this key, or a template names the old one"),
))]
#[patch("/api/v1/contact-fields/{contact_field_id}")]
pub async fn update_contact_field(
    state: Data<State>,
    admin: Admin,
    id: Path<ContactFieldId>,
    body: Body<UpdateContactField>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update(&state, &admin.0, *id, body.0).await?))
}

/// Removes a field, and with it what contacts hold in it.
#[utoipa::path(tag = "contact-fields", params(("contact_field_id" = ContactFieldId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 204),
    (status = 409, description = "`conflict`: a template names it"),
))]
#[delete("/api/v1/contact-fields/{contact_field_id}")]
pub async fn delete_contact_field(
    state: Data<State>,
    admin: Admin,
    id: Path<ContactFieldId>,
) -> Result<impl Responder> {
    service::delete(&state, &admin.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
