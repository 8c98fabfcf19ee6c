//! Patients by their own session cookie. Everything is asked again on every request: the session, its
//! link and the contact (security.md D10), so that what ends one of them ends the session.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use sea_orm::ConnectionTrait;
use sealpost_shared::ids::{ConversationId, SessionId};
use sealpost_shared::problem::ProblemCode;

use super::{PATIENT_IDLE, cookies, origin, state_of, touches};
use crate::entities::{contact, link, patient_session};
use crate::problem::{Problem, Result, not_found};
use crate::session_tokens::Audience;
use crate::state::State;

/// Somebody who came in by a link, in the conversation that the path names.
#[derive(Debug, Clone)]
pub struct Patient {
    pub session: patient_session::Model,
    pub link: link::Model,
    pub contact: contact::Model,
}

/// The session with its link and contact, when all three still count. An ended link is said as such,
/// so that the page can offer a new one; whatever else ended is one answer.
pub async fn find_patient(state: &State, db: &impl ConnectionTrait, session: SessionId) -> Result<Patient> {
    let ended = || Problem::from(ProblemCode::SessionEnded);
    let now = state.now();
    let session = patient_session::find_unrevoked(db, session).await?.ok_or_else(ended)?;
    let organization = session.organization_id;
    let link = link::get(db, organization, session.link_id).await?.ok_or_else(ended)?;
    let contact = contact::get(db, organization, session.contact_id).await?.ok_or_else(ended)?;
    if link.revoked_at.is_some() || contact.session_version != session.session_version {
        return Err(ended());
    }
    if link.expires_at <= now {
        return Err(ProblemCode::LinkExpired.into());
    }
    if session.expires_at <= now || session.active_at <= now - PATIENT_IDLE {
        return Err(ended());
    }
    Ok(Patient { session, link, contact })
}

async fn patient(request: &HttpRequest) -> Result<Patient> {
    let state = state_of(request)?;
    if !cookies::present(request, &state, Audience::Patient) {
        return Err(ProblemCode::Unauthenticated.into());
    }
    let conversation: ConversationId =
        request.match_info().query("conversation_id").parse().map_err(|_| not_found())?;
    let ended = || Problem::from(ProblemCode::SessionEnded);
    let verified = cookies::read(request, &state, Audience::Patient).ok_or_else(ended)?;
    let db = state.db.of(verified.token.organization);
    let patient = find_patient(&state, &db.read().await?, verified.token.session).await?;
    let row = &patient.session;
    let own = verified.token.says(row.organization_id, row.contact_id.uuid(), row.session_version);
    if !verified.in_time || !own {
        return Err(ended());
    }
    cookies::renew(request, &state, &verified);
    if patient.session.conversation_id != conversation {
        return Err(ProblemCode::SessionChanged.into());
    }
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(ProblemCode::CredentialsAmbiguous.into());
    }
    origin::check_cookie_call(request, &state.config)?;
    let now = state.now();
    // What the page marks by itself is reading, and reading does not move the idle limit (security.md D11).
    let reading = request.method().is_safe() || request.path().ends_with("/read");
    if !reading && touches(patient.session.active_at, now) {
        db.write(async |tx| Ok(patient_session::touch(tx, patient.session.id, now).await?)).await?;
    }
    Ok(patient)
}

impl FromRequest for Patient {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { patient(&request).await })
    }
}
