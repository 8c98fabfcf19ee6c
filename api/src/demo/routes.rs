//! The page that plays the other side, and what it asks for. Mounted by `sealpost demo` alone; not in the document.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HOST};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use sealpost_shared::demo::{PlayInbound, SetFault};
use sealpost_shared::problem::ProblemCode;

use super::{Outbox, other_side};
use crate::limits::place;
use crate::problem::{Problem, Result};
use crate::request::{Body, FromOurPage};
use crate::state::State;

/// What the page is made of.
const FILES: &[(&str, &str, &str)] = &[
    ("/outbox", "text/html; charset=utf-8", include_str!("page/outbox.html")),
    ("/outbox.css", "text/css; charset=utf-8", include_str!("page/outbox.css")),
    ("/outbox.js", "text/javascript; charset=utf-8", include_str!("page/outbox.js")),
    ("/outbox/phone.js", "text/javascript; charset=utf-8", include_str!("page/phone.js")),
    ("/outbox/mailbox.js", "text/javascript; charset=utf-8", include_str!("page/mailbox.js")),
    ("/outbox/parts.js", "text/javascript; charset=utf-8", include_str!("page/parts.js")),
    ("/outbox.svg", "image/svg+xml", include_str!("../../../web/icon.svg")),
];

pub fn routes(config: &mut ServiceConfig, outbox: Arc<Outbox>) {
    config
        .app_data(Data::from(outbox))
        .service(list_outbox)
        .service(list_people)
        .service(play_inbound)
        .service(set_fault);
    for (path, kind, text) in FILES {
        config.service(place(path, async || {
            HttpResponse::Ok().insert_header((CONTENT_TYPE, *kind)).body(*text)
        }));
    }
}

/// Asked for by a name of this computer. Another site's name that was made to point here would read the links
/// (DNS rebinding).
struct OnThisComputer;

impl FromRequest for OnThisComputer {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Not what a page can set, such as `Forwarded`: a browser alone writes this one.
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let local = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
        ready(if local { Ok(Self) } else { Err(ProblemCode::RequestOriginRefused.into()) })
    }
}

/// Every text and email that was "sent", what was answered, and what went wrong; newest first.
#[get("/api/demo/outbox")]
async fn list_outbox(_: OnThisComputer, outbox: Data<Outbox>) -> HttpResponse {
    HttpResponse::Ok().json(outbox.view())
}

/// Whose phones and mailboxes there are.
#[get("/api/demo/people")]
async fn list_people(_: OnThisComputer, state: Data<State>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(other_side::people(&state).await?))
}

/// Somebody writes back.
#[post("/api/demo/inbound")]
async fn play_inbound(
    _: OnThisComputer,
    _: FromOurPage,
    state: Data<State>,
    outbox: Data<Outbox>,
    Body(request): Body<PlayInbound>,
) -> Result<HttpResponse> {
    Ok(HttpResponse::Created().json(other_side::play(&state, &outbox, request).await?))
}

/// The next text or email to somebody fails.
#[post("/api/demo/faults")]
async fn set_fault(
    _: OnThisComputer,
    _: FromOurPage,
    outbox: Data<Outbox>,
    Body(request): Body<SetFault>,
) -> Result<HttpResponse> {
    other_side::set_fault(&outbox, request)?;
    Ok(HttpResponse::NoContent().finish())
}
