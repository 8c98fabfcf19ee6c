//! Integrators' keys, for admins.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, delete, get, post};
use sealpost_shared::api_keys::{ApiKey, ApiKeyQuery, CreateApiKey, CreatedApiKey};
use sealpost_shared::ids::KeyId;
use sealpost_shared::page::Page;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::AdminMember;
use crate::problem::Result;
use crate::request::{Body, ClientNetwork, Params};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_api_keys).service(create_api_key).service(revoke_api_key);
}

/// The keys that let in, newest first; with `ended`, also those that did. For admins.
#[utoipa::path(tag = "api-keys", security(("session" = [])), params(ApiKeyQuery), responses(
    (status = 200, body = Page<ApiKey>),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/api-keys")]
pub async fn list_api_keys(
    state: Data<State>,
    admin: AdminMember,
    query: Params<ApiKeyQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &admin.0, query.0).await?))
}

/// Makes a key. Its secret stands in this answer and nowhere else. For admins.
///
/// Asks for one's own password.
#[utoipa::path(tag = "api-keys", security(("session" = [])), request_body = CreateApiKey, responses(
    (status = 201, body = CreatedApiKey),
    (status = 409, description = "`conflict`: there are 100 already; `admin_due`: set email and password first"),
    (status = 429, description = "`rate_limited`: too many wrong passwords"),
))]
#[post("/api/v1/api-keys")]
pub async fn create_api_key(
    state: Data<State>,
    admin: AdminMember,
    from: ClientNetwork,
    body: Body<CreateApiKey>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Created().json(service::create(&state, &admin.0, body.0, &from.0).await?))
}

/// Revokes a key: its calls are refused at once and its event streams end within a second. For admins.
#[utoipa::path(tag = "api-keys", security(("session" = [])), params(("key_id" = KeyId, Path)), responses(
    (status = 204),
))]
#[delete("/api/v1/api-keys/{key_id}")]
pub async fn revoke_api_key(
    state: Data<State>,
    admin: AdminMember,
    id: Path<KeyId>,
) -> Result<impl Responder> {
    service::revoke(&state, &admin.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
