//! What the demo caught, as a page and as JSON. Mounted by `sealpost demo` alone; not in the document.

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use sealpost_shared::demo::Outbox as OutboxView;
use sealpost_shared::problem::ProblemCode;

use crate::problem::Result;
use crate::state::State;

const PAGE: &str = include_str!("page/outbox.html");
const STYLE: &str = include_str!("page/outbox.css");
const SCRIPT: &str = include_str!("page/outbox.js");
const ICON: &str = include_str!("../../../web/icon.svg");

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_outbox)
        .service(web::resource("/outbox").get(async || file("text/html; charset=utf-8", PAGE)))
        .service(web::resource("/outbox.css").get(async || file("text/css; charset=utf-8", STYLE)))
        .service(web::resource("/outbox.js").get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        .service(web::resource("/outbox.svg").get(async || file("image/svg+xml", ICON)));
}

/// Every text and email that was "sent", newest first.
#[get("/api/demo/outbox")]
pub async fn list_outbox(state: Data<State>) -> Result<HttpResponse> {
    let outbox = state.outbox.as_ref().ok_or(ProblemCode::NotFound)?;
    Ok(HttpResponse::Ok().json(OutboxView { data: outbox.items() }))
}

fn file(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((actix_web::http::header::CONTENT_TYPE, kind)).body(text)
}
