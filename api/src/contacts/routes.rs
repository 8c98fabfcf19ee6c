//! Contacts for staff and integrators.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, patch, post, put};
use sealpost_shared::contacts::{Contact, ContactQuery, CreateContact, SetPin, UpdateContact};
use sealpost_shared::ids::ContactId;
use sealpost_shared::page::Page;
use sealpost_shared::texts::TextStanding;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{Reader, Writer};
use crate::problem::Result;
use crate::request::{Body, Params, created, idempotency_key};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_contact)
        .service(list_contacts)
        .service(get_contact)
        .service(update_contact)
        .service(set_contact_pin)
        .service(remove_contact_pin)
        .service(unlock_contact)
        .service(get_contact_texts);
}

/// Makes a contact.
#[utoipa::path(tag = "contacts", request_body = CreateContact, security(("session" = []), ("key" = [])), responses(
    (status = 201, body = Contact),
    (status = 404, description = "`not_found`: the contact that this `Idempotency-Key` made was erased"),
    (status = 409, description = "`conflict`: another contact has this `external_id`"),
))]
#[post("/api/v1/contacts")]
pub async fn create_contact(
    state: Data<State>,
    writer: Writer,
    request: HttpRequest,
    body: Body<CreateContact>,
) -> Result<impl Responder> {
    let key = idempotency_key(&state, &request, &writer.0, "POST /contacts", &body.0)?;
    Ok(created(service::create(&state, &writer.0, body.0, key).await?))
}

/// Lists contacts, newest first.
#[utoipa::path(tag = "contacts", params(ContactQuery), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Page<Contact>),
))]
#[get("/api/v1/contacts")]
pub async fn list_contacts(
    state: Data<State>,
    reader: Reader,
    query: Params<ContactQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &reader.0, query.0).await?))
}

/// Gives one contact. It carries `has_pin`, never a PIN.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Contact),
))]
#[get("/api/v1/contacts/{contact_id}")]
pub async fn get_contact(state: Data<State>, reader: Reader, id: Path<ContactId>) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::get(&state, &reader.0, *id).await?))
}

/// Changes a contact: a JSON merge patch. A new number or address goes to notices that still wait, too.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), request_body = UpdateContact, security(("session" = []), ("key" = [])), responses(
    (status = 200, body = Contact),
    (status = 409, description = "`conflict`: another contact has this `external_id`"),
))]
#[patch("/api/v1/contacts/{contact_id}")]
pub async fn update_contact(
    state: Data<State>,
    writer: Writer,
    id: Path<ContactId>,
    body: Body<UpdateContact>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::update(&state, &writer.0, *id, body.0).await?))
}

/// Sets or replaces a contact's PIN. It counts at once, for links already sent too, and ends open sessions.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), request_body = SetPin, security(("session" = []), ("key" = [])), responses(
    (status = 204),
))]
#[put("/api/v1/contacts/{contact_id}/pin")]
pub async fn set_contact_pin(
    state: Data<State>,
    writer: Writer,
    id: Path<ContactId>,
    body: Body<SetPin>,
) -> Result<impl Responder> {
    service::set_pin(&state, &writer.0, *id, &body.0.pin).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes a contact's PIN; the organization's default applies then.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 204),
))]
#[delete("/api/v1/contacts/{contact_id}/pin")]
pub async fn remove_contact_pin(
    state: Data<State>,
    writer: Writer,
    id: Path<ContactId>,
) -> Result<impl Responder> {
    service::remove_pin(&state, &writer.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a contact their tries back, on all their links.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 204),
))]
#[post("/api/v1/contacts/{contact_id}/unlock")]
pub async fn unlock_contact(
    state: Data<State>,
    writer: Writer,
    id: Path<ContactId>,
) -> Result<impl Responder> {
    service::unlock(&state, &writer.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether a text can go to this contact now, and if not, why and until when.
#[utoipa::path(tag = "contacts", params(("contact_id" = ContactId, Path)), security(("session" = []), ("key" = [])), responses(
    (status = 200, body = TextStanding),
))]
#[get("/api/v1/contacts/{contact_id}/texts")]
pub async fn get_contact_texts(
    state: Data<State>,
    reader: Reader,
    id: Path<ContactId>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::texts(&state, &reader.0, *id).await?))
}
