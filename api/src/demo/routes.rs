//! What the demo caught, as a page and as JSON. Mounted by `sealpost demo` alone; not in the document.

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use sealpost_shared::demo::Outbox as OutboxView;
use sealpost_shared::problem::ProblemCode;

use super::Outbox;
use crate::problem::Result;

const PAGE: &str = include_str!("page/outbox.html");
const STYLE: &str = include_str!("page/outbox.css");
const SCRIPT: &str = include_str!("page/outbox.js");
const ICON: &str = include_str!("../../../web/icon.svg");

pub fn routes(config: &mut ServiceConfig, outbox: Arc<Outbox>) {
    config
        .app_data(Data::from(outbox))
        .service(list_outbox)
        .service(web::resource("/outbox").get(async || file("text/html; charset=utf-8", PAGE)))
        .service(web::resource("/outbox.css").get(async || file("text/css; charset=utf-8", STYLE)))
        .service(web::resource("/outbox.js").get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        .service(web::resource("/outbox.svg").get(async || file("image/svg+xml", ICON)));
}

/// Every text and email that was "sent", newest first.
#[get("/api/demo/outbox")]
pub async fn list_outbox(request: HttpRequest, outbox: Data<Outbox>) -> Result<HttpResponse> {
    let host = request.connection_info().host().to_owned();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    // Another site's name that was made to point here would read the links (DNS rebinding).
    if !matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return Err(ProblemCode::RequestOriginRefused.into());
    }
    Ok(HttpResponse::Ok().json(OutboxView { data: outbox.items() }))
}

fn file(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((actix_web::http::header::CONTENT_TYPE, kind)).body(text)
}
