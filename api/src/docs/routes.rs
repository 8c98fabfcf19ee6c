//! `/docs` and what is below it. Not in the API's document: pages are for people.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, VARY,
};
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::{assets, layout, library};
use crate::limits::place;
use crate::problem::{Result, not_found};
use crate::request::takes_coding;
use crate::state::State;

/// Stricter than the apps': text, one style, one script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For the reference: it asks this server, and its style holds pictures as `data:`. No other host, no inline
/// style, no inline script.
const REFERENCE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(place("/docs", async |state: Data<State>| show(&state, "")))
        .service(place("/docs/", to_the_first))
        .service(place("/docs/api", async |state: Data<State>| reference(&state)))
        .service(place("/docs/assets/{file}", asset))
        .service(place("/docs/{page:.*}", async |state: Data<State>, page: Path<String>| {
            show(&state, &page)
        }));
}

async fn to_the_first() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs")).finish()
}

fn show(state: &State, slug: &str) -> HttpResponse {
    let (status, text) = match library::find(slug) {
        Some(page) => (StatusCode::OK, layout::page(page, &state.config.origin())),
        None => (StatusCode::NOT_FOUND, layout::not_found()),
    };
    html(state, status, POLICY, text)
}

fn reference(state: &State) -> HttpResponse {
    html(state, StatusCode::OK, REFERENCE_POLICY, layout::reference())
}

fn html(state: &State, status: StatusCode, policy: &str, text: String) -> HttpResponse {
    let upgrade = if state.config.is_https() { "; upgrade-insecure-requests" } else { "" };
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, format!("{policy}{upgrade}")))
        .body(text)
}

async fn asset(request: HttpRequest, name: Path<String>) -> Result<HttpResponse> {
    let asset = assets::find(&name).ok_or_else(not_found)?;
    let (bytes, encoding) = asset.best(|coding| takes_coding(&request, coding));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, asset.kind))
        .insert_header((VARY, "accept-encoding"))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    Ok(response.body(bytes.clone().into_owned()))
}
