//! The web apps, from inside the binary, compressed when they were built.

use actix_web::http::header::ContentType;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION, VARY};
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};
use sealpost_shared::paths::{DESK_PAGE, PATIENT_PAGE};
use sealpost_shared::text::dialed;

use crate::entities::organization;
use crate::limits::place;
use crate::problem::{Result, not_found};
use crate::request::takes_coding;
use crate::state::State;

/// What `web/build` makes. A debug build reads the folder itself.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

const NOT_BUILT: &str = "The web apps are not built yet: run web/build, then start again.";

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(place("/", front))
        .service(place(PATIENT_PAGE, patient_page))
        .service(place(DESK_PAGE, async |request: HttpRequest| page(&request, "desk")))
        .service(place("/desk/{tail:.*}", async |request: HttpRequest| page(&request, "desk")))
        .service(place("/assets/{app}/{file}", asset));
}

async fn front() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, DESK_PAGE)).finish()
}

/// Whoever has no script or no WebAssembly is told to call: with the number, where there is one practice alone.
/// Before a link is opened, no more is known of whose patient this is.
async fn patient_page(request: HttpRequest, state: Data<State>) -> HttpResponse {
    // The page is worth more than the number in it.
    let only = match state.db.before_organization().read().await {
        Ok(db) => organization::only(&db).await.ok().flatten(),
        Err(_) => None,
    };
    match only.and_then(|practice| practice.phone).zip(Dist::get("chat/index.html")) {
        Some((phone, page)) => {
            let page = with_number(&String::from_utf8_lossy(&page.data), &phone);
            HttpResponse::Ok().content_type(ContentType::html()).body(page)
        }
        None => page(&request, "chat"),
    }
}

/// The number in place of "the practice", which web/chat.html marks with a class.
fn with_number(page: &str, phone: &str) -> String {
    let shown = escaped(phone);
    let link = format!("<a class=\"phone\" href=\"tel:{}\">{shown}</a>", dialed(phone));
    let mut parts = page.split("<span class=");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let call = part.strip_prefix("call>").or_else(|| part.strip_prefix("\"call\">"));
        match call.and_then(|rest| rest.split_once("</span>")) {
            Some((_, rest)) => out.extend([&link, rest]),
            None => out.extend(["<span class=", part]),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
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
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes_coding(request, coding))
        .find_map(|(coding, ending)| Dist::get(&format!("{path}.{ending}")).map(|file| (file, Some(coding))))
}

#[cfg(test)]
mod tests {
    use super::with_number;

    #[test]
    fn the_number_takes_the_place_of_the_words_and_stays_text() {
        let page = "<p>Call <span class=call>the practice</span>.<p>Llame al <span class=\"call\">consultorio</span>. <span class=card></span>";
        assert_eq!(
            with_number(page, "(555) 010-0100"),
            "<p>Call <a class=\"phone\" href=\"tel:5550100100\">(555) 010-0100</a>.<p>Llame al <a class=\"phone\" \
             href=\"tel:5550100100\">(555) 010-0100</a>. <span class=card></span>"
        );
        let sly = with_number(page, "\"><script>'&");
        assert!(sly.contains("href=\"tel:\">&quot;&gt;&lt;script&gt;&#39;&amp;</a>"), "{sly}");
    }
}
