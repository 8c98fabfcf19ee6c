//! The web apps, from inside the binary, compressed when they were built.

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION, VARY,
};
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};
use sealpost_shared::paths::{DESK_PAGE, PATIENT_PAGE};

use crate::problem::{Result, not_found};

/// What `web/build` makes. A debug build reads the folder itself.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "The web apps are not built yet: run web/build, then start again.";

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(front))
        .route(PATIENT_PAGE, web::get().to(async |request: HttpRequest| page(&request, "chat")))
        .route(PATIENT_PAGE, web::head().to(async |request: HttpRequest| page(&request, "chat")))
        .route(DESK_PAGE, web::get().to(async |request: HttpRequest| page(&request, "desk")))
        .route("/desk/{tail:.*}", web::get().to(async |request: HttpRequest| page(&request, "desk")))
        .route("/assets/{app}/{file}", web::get().to(asset));
}

async fn front() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, DESK_PAGE)).finish()
}

fn page(request: &HttpRequest, app: &str) -> HttpResponse {
    match file(request, &format!("{app}/index.html")) {
        Some(response) => response,
        None => HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body(NOT_BUILT),
    }
}

/// A missing asset is 404, never the page (an old tab must not take HTML for a script).
async fn asset(request: HttpRequest, path: Path<(String, String)>) -> Result<HttpResponse> {
    let (app, name) = path.into_inner();
    if !matches!(app.as_str(), "chat" | "desk") || name == "index.html" {
        return Err(not_found());
    }
    let mut response = file(&request, &format!("{app}/{name}")).ok_or_else(not_found)?;
    // Names carry a hash of what is inside.
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(CACHE_CONTROL, forever);
    Ok(response)
}

fn file(request: &HttpRequest, path: &str) -> Option<HttpResponse> {
    let plain = Dist::get(path)?;
    let (file, encoding) = smallest(request, path).unwrap_or((plain, None));
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, kind)).insert_header((VARY, "accept-encoding"));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    Some(response.body(file.data.into_owned()))
}

fn smallest(request: &HttpRequest, path: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = request.headers().get(ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |coding: &str| {
        accepted.split(',').map(str::trim).any(|offer| {
            let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
            name.trim() == coding && quality.trim() != "q=0"
        })
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, ending)| Dist::get(&format!("{path}.{ending}")).map(|file| (file, Some(coding))))
}
