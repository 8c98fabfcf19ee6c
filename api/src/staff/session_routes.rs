//! One's own signed-in browsers.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, Responder, delete, get, post};
use sealpost_shared::ids::SessionId;
use sealpost_shared::page::Page;
use sealpost_shared::sessions::{EndedSessions, OwnSession};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::auth::{StaffMember, clear_cookie};
use crate::problem::Result;
use crate::session_tokens::Audience;
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_sessions).service(end_session).service(end_other_sessions);
}

/// Lists the browsers in which one is signed in, the newest first. One page holds them all.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 200, body = Page<OwnSession>)))]
#[get("/api/v1/sessions")]
pub async fn list_sessions(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::list_sessions(&state, &member).await?))
}

/// Signs one of one's own browsers out, within a second.
#[utoipa::path(tag = "staff", security(("session" = [])), params(("session_id" = SessionId, Path)), responses(
    (status = 204),
))]
#[delete("/api/v1/sessions/{session_id}")]
pub async fn end_session(
    state: Data<State>,
    member: StaffMember,
    id: Path<SessionId>,
) -> Result<impl Responder> {
    service::end_session(&state, &member, *id).await?;
    let mut response = HttpResponse::NoContent();
    if *id == member.session.id {
        response.cookie(clear_cookie(&state, Audience::Staff));
    }
    Ok(response.finish())
}

/// Signs all of one's other browsers out, within a second.
#[utoipa::path(tag = "staff", security(("session" = [])), responses((status = 200, body = EndedSessions)))]
#[post("/api/v1/sessions/end-others")]
pub async fn end_other_sessions(state: Data<State>, member: StaffMember) -> Result<impl Responder> {
    Ok(HttpResponse::Ok().json(service::end_other_sessions(&state, &member).await?))
}
