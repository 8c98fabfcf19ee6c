//! Around every request: its id, its log line, the headers of security.md D24, a fresh session cookie
//! when one is due; and the sizes and times of D34.

use std::any::Any;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use actix_web::{Error, FromRequest, Handler, HttpMessage, Resource, Responder, ResponseError};
use sealpost_shared::problem::ProblemCode;
use socket2::SockRef;

use crate::auth::Reissue;
use crate::config::Limits;
use crate::problem::{Problem, REQUEST_ID};
use crate::secrets::random_token;
use crate::state::State;

pub const JSON_BYTES: usize = 64 * 1024;
/// All names and values together, and the address.
const HEAD_BYTES: usize = 16 * 1024;

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'none'; \
    object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Headers that are the same on every answer.
const FIXED: [(HeaderName, &str); 8] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
];

/// The outermost layer.
pub async fn frame<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let request_id = format!("req_{}", random_token());
    let started = Instant::now();
    let method = request.method().clone();
    let https = request.app_data::<Data<State>>().is_some_and(|state| state.config.is_https());
    let id = request_id.clone();
    let answer = REQUEST_ID.scope(request_id.clone(), async move {
        let response = match refused(&request) {
            Some(problem) => request.into_response(problem.error_response()),
            None => next.call(request).await?.map_into_boxed_body(),
        };
        note(&response, &id, &method, started.elapsed());
        Ok::<_, Error>(response)
    });
    // What was begun is finished and noted, also when whoever asked is gone before the answer; not at a stop.
    let mut response = actix_web::rt::spawn(answer).await.map_err(Problem::internal)??;
    let reissue = response.request().extensions_mut().remove::<Reissue>();
    if let Some(Reissue(cookie)) = reissue
        && response.response().cookies().all(|set| set.name() != cookie.name())
    {
        response.response_mut().add_cookie(&cookie).map_err(Error::from)?;
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    add_headers(headers, https);
    Ok(response)
}

fn note(response: &ServiceResponse, request_id: &str, method: &Method, took: Duration) {
    // The route's template and never the path: a path may hold what a log must not.
    let route = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    if let Some(state) = response.request().app_data::<Data<State>>() {
        let status = response.status();
        let labels = [("method", method.as_str()), ("route", &*route), ("status", status.as_str())];
        state.metrics.count("sealpost_http_requests_total", &labels);
        state.metrics.time("sealpost_http_request_seconds", &labels[..2], took);
    }
    tracing::info!(
        request.id = %request_id,
        http.method = %method,
        http.route = %route,
        http.status = response.status().as_u16(),
        duration_ms = took.as_millis() as u64,
        "request"
    );
}

/// What no route is asked about: a method that nothing here takes, a head that nobody needs.
fn refused(request: &ServiceRequest) -> Option<Problem> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if !known.contains(request.method()) {
        return Some(ProblemCode::MethodNotAllowed.into());
    }
    let headers = request.headers().iter();
    let bytes: usize = headers.map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    (bytes + request.uri().to_string().len() > HEAD_BYTES)
        .then(|| Problem::new(ProblemCode::BadRequest, "the address and the headers are more than 16 KiB"))
}

/// Called with each new connection: one whose other end takes nothing any more is given up, whatever waits to
/// be written. The system keeps this time, for while it waits nobody here is asked.
pub fn on_connect(limits: Limits) -> impl Fn(&dyn Any, &mut Extensions) + Send + Clone + 'static {
    move |connection, _| {
        if let Some(stream) = connection.downcast_ref::<TcpStream>()
            && let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(limits.write))
        {
            tracing::warn!(error.cause = %error, "a connection without a deadline for what is written");
        }
    }
}

/// GET, and HEAD for whoever only wants to know; any other method is 405.
pub fn place<F, Args>(path: &str, show: F) -> Resource
where
    F: Handler<Args> + Clone,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(show.clone()))
        .route(web::head().to(show))
        .default_service(web::to(async || Problem::from(ProblemCode::MethodNotAllowed).error_response()))
}

fn add_headers(headers: &mut HeaderMap, https: bool) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let policy = policy(headers, https);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    if https {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
}

/// For what has no policy of its own.
fn policy(headers: &HeaderMap, https: bool) -> HeaderValue {
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    match (is_page, https) {
        (true, true) => HeaderValue::from_str(&format!("{PAGE_POLICY}; upgrade-insecure-requests"))
            .unwrap_or(HeaderValue::from_static(API_POLICY)),
        (true, false) => HeaderValue::from_static(PAGE_POLICY),
        (false, _) => HeaderValue::from_static(API_POLICY),
    }
}
