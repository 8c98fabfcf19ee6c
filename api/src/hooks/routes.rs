//! Where providers call.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder, post};
use sealpost_shared::problem::ProblemCode;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::problem::Result;
use crate::request::{ClientNetwork, Form, RawMail};
use crate::state::State;

pub fn routes(config: &mut ServiceConfig) {
    config.service(receive_text_status).service(receive_text).service(receive_email);
}

/// A gateway may call as often as it likes. Whoever is none is counted with its network's other strangers.
fn count_strangers<T>(state: &State, network: &ClientNetwork, answer: Result<T>) -> Result<T> {
    if answer.as_ref().is_err_and(|problem| problem.code == ProblemCode::Forbidden) {
        state.floods.take(&network.0, state.now())?;
    }
    answer
}

const SIGNATURE: &str = "x-twilio-signature";

fn signature(request: &HttpRequest) -> &str {
    request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What became of a text, as the gateway says: a form with `MessageSid`, `MessageStatus` and `ErrorCode`.
///
/// Each text is sent with this address as its `StatusCallback`. States move forward alone: a call that comes twice,
/// late or out of order changes nothing.
#[utoipa::path(tag = "hooks", params(
    ("handle" = String, Path, description = "Of one text, as its `StatusCallback` gave it"),
    ("X-Twilio-Signature" = String, Header, description = "Over the public URL and the form, with the account's token"),
), request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 204, description = "Noted, or known already"),
    (status = 403, description = "`forbidden`: the signature is not the gateway's"),
    (status = 404, description = "`not_found`: no text has this handle"),
))]
#[post("/hooks/twilio/status/{handle}")]
pub async fn receive_text_status(
    state: Data<State>,
    request: HttpRequest,
    handle: Path<String>,
    network: ClientNetwork,
    form: Form,
) -> Result<impl Responder> {
    let noted = service::text_status(&state, request.path(), signature(&request), &handle, &form.0).await;
    count_strangers(&state, &network, noted)?;
    Ok(HttpResponse::NoContent().finish())
}

/// A text that somebody sent to our number: a form with `MessageSid`, `From`, `To` and `Body`.
///
/// Success means that it is stored; the same `MessageSid` counts once. STOP, START and HELP are heeded before
/// anything else.
#[utoipa::path(tag = "hooks", params(
    ("X-Twilio-Signature" = String, Header, description = "Over the public URL and the form, with the account's token"),
), request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 204, description = "Stored, or known already"),
    (status = 403, description = "`forbidden`: the signature is not the gateway's"),
))]
#[post("/hooks/twilio/inbound")]
pub async fn receive_text(
    state: Data<State>,
    request: HttpRequest,
    network: ClientNetwork,
    form: Form,
) -> Result<impl Responder> {
    let stored = service::text(&state, request.path(), signature(&request), &form.0).await;
    count_strangers(&state, &network, stored)?;
    Ok(HttpResponse::NoContent().finish())
}

/// An email as it came, headers and all (RFC 5322): what somebody answered, or what came back undelivered.
///
/// Whoever hands it over shows `SEALPOST_MAIL_HOOK_SECRET` as a bearer token, or as the password of basic
/// authentication. Automatic answers are recognised, and neither kept nor answered.
#[utoipa::path(tag = "hooks", params(
    ("Authorization" = String, Header, description = "`Bearer` or `Basic` with the secret"),
), request_body(content = String, content_type = "message/rfc822"), responses(
    (status = 204, description = "Stored, noted, or known already"),
    (status = 403, description = "`forbidden`: the secret is wrong, or none is set up"),
))]
#[post("/hooks/email/raw")]
pub async fn receive_email(state: Data<State>, mail: RawMail) -> Result<impl Responder> {
    service::email(&state, &mail.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
