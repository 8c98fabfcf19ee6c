//! The audit log, for admins in person.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, Responder, get};
use futures_util::TryStreamExt;
use sealpost_shared::audit::{AuditEntry, AuditExportQuery, AuditQuery, AuditState};
use sealpost_shared::page::Page;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::AdminMember;
use crate::problem::Result;
use crate::request::Params;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(export_audit_entries).service(get_audit_state).service(list_audit_entries);
}

/// Lists who did what, newest first. Looking is written down too, once in 15 minutes.
#[utoipa::path(tag = "audit", params(AuditQuery), security(("session" = [])), responses(
    (status = 200, body = Page<AuditEntry>),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/audit")]
pub async fn list_audit_entries(
    state: Data<State>,
    admin: AdminMember,
    query: Params<AuditQuery>,
) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list(&state, &admin, query.0).await?))
}

/// Gives the log as a table, newest first. That it was taken away is written down.
#[utoipa::path(tag = "audit", params(AuditExportQuery), security(("session" = [])), responses(
    (status = 200, description = "Comma-separated values with a line of headings", body = String, content_type = "text/csv"),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/audit/export")]
pub async fn export_audit_entries(
    state: Data<State>,
    admin: AdminMember,
    query: Params<AuditExportQuery>,
) -> Result<impl Responder> {
    let lines = service::export(&state, &admin, &query.0).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", "attachment; filename=\"audit-log.csv\""))
        .streaming(lines.map_ok(Bytes::from)))
}

/// Says whether the newest entries are as they were written, and what the chain ends in.
#[utoipa::path(tag = "audit", security(("session" = [])), responses(
    (status = 200, body = AuditState),
    (status = 403, description = "`forbidden`: for admins alone"),
))]
#[get("/api/v1/audit/state")]
pub async fn get_audit_state(state: Data<State>, admin: AdminMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::chain_state(&state, &admin).await?))
}
