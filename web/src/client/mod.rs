//! Every call to the server goes through here: JSON in, JSON or `problem+json` out. Nothing else does HTTP.
//!
//! Sessions travel in cookies that no script can read; what the browser must add to a changing call is
//! the header of `paths::REQUEST_HEADER`.

pub mod account;
pub mod api_keys;
pub mod audit;
mod json;
pub mod live;
pub mod passkeys;
pub mod patient;
pub mod people;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod staff;
pub mod texts;

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_shared::problem::{ProblemBody, ProblemCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Headers, RequestCredentials, RequestInit, Response};

use crate::time;

/// Why a call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// The server said no, and why.
    Problem(Box<ProblemBody>),
    /// The server was not reached.
    Offline,
    /// An answer that is not ours: a proxy's error page, or a newer server's words.
    Unexpected,
}

impl ClientError {
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Offline | Self::Unexpected => None,
        }
    }
}

pub type Answer<T> = Result<T, ClientError>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Reads. `path` carries its query.
pub async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    parse(&call("GET", path, None, &[]).await?)
}

/// Changes, and reads the answer.
pub async fn send<B: Serialize, T: DeserializeOwned>(method: Method, path: &str, body: &B) -> Answer<T> {
    parse(&call(method.as_str(), path, Some(write(body)?), &[]).await?)
}

/// Like [`send`], with headers such as `Idempotency-Key`.
pub async fn send_with<B: Serialize, T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &B,
    headers: &[(&str, &str)],
) -> Answer<T> {
    parse(&call(method.as_str(), path, Some(write(body)?), headers).await?)
}

/// Changes, where success has nothing to say (204). Give `&Empty {}` where there is nothing to send.
pub async fn send_quietly<B: Serialize>(method: Method, path: &str, body: &B) -> Answer<()> {
    call(method.as_str(), path, Some(write(body)?), &[]).await.map(|_| ())
}

fn idempotent(key: &str) -> [(&'static str, &str); 1] {
    [(paths::IDEMPOTENCY_KEY, key)]
}

/// Sends a file as it is.
pub async fn send_file<T: DeserializeOwned>(method: Method, path: &str, file: &File) -> Answer<T> {
    let kind = [("Content-Type", &*file.type_())];
    parse(&fetch(method.as_str(), path, Some(file.as_ref()), &kind).await?)
}

/// The body of calls that say everything in their address.
#[derive(Serialize)]
pub struct Empty {}

/// `?limit=50&cursor=…` from pairs whose value is there, escaped.
pub fn query(pairs: &[(&str, Option<String>)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if let Some(value) = value {
            out.push(if out.is_empty() { '?' } else { '&' });
            out.push_str(name);
            out.push('=');
            out.push_str(&String::from(js_sys::encode_uri_component(value)));
        }
    }
    out
}

fn write<B: Serialize>(body: &B) -> Answer<String> {
    let value = body.serialize(&Serializer::json_compatible()).map_err(|_| ClientError::Unexpected)?;
    js_sys::JSON::stringify(&value).map(String::from).map_err(|_| ClientError::Unexpected)
}

/// The browser reads JSON itself; a reader of our own (serde_json) would be a twentieth of the patients' app.
fn parse<T: DeserializeOwned>(text: &str) -> Answer<T> {
    let value = js_sys::JSON::parse(text).map_err(|_| ClientError::Unexpected)?;
    json::read(value).map_err(|_| ClientError::Unexpected)
}

async fn call(method: &str, path: &str, body: Option<String>, extra: &[(&str, &str)]) -> Answer<String> {
    let json = [("Content-Type", "application/json")];
    let types = if method == "GET" { &[][..] } else { &json };
    let body = body.map(|body| body.as_str().into());
    fetch(method, path, body.as_ref(), &[types, extra].concat()).await
}

async fn fetch(method: &str, path: &str, body: Option<&JsValue>, extra: &[(&str, &str)]) -> Answer<String> {
    let headers = Headers::new().map_err(|_| ClientError::Unexpected)?;
    let set = |name: &str, value: &str| headers.set(name, value).map_err(|_| ClientError::Unexpected);
    set("Accept", "application/json, application/problem+json")?;
    if method != "GET" {
        set(paths::REQUEST_HEADER, "1")?;
    }
    for (name, value) in extra {
        set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(headers.as_ref());
    init.set_credentials(RequestCredentials::SameOrigin);
    if let Some(body) = body {
        init.set_body(body);
    }
    let window = web_sys::window().ok_or(ClientError::Unexpected)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(path, &init))
        .await
        .map_err(|_| ClientError::Offline)?
        .dyn_into()
        .map_err(|_| ClientError::Unexpected)?;
    if let Ok(Some(date)) = response.headers().get("Date") {
        time::learn_server_time(&date);
    }
    let text = response.text().map_err(|_| ClientError::Unexpected)?;
    let text = JsFuture::from(text).await.map_err(|_| ClientError::Offline)?.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    let wait = response.headers().get("Retry-After").ok().flatten();
    Err(problem(&text, wait.and_then(|seconds| seconds.parse().ok())))
}

/// `wait` seconds from now is what `locked_until` says where the body does not: "try again at 3:40 PM"
/// needs no body of its own.
fn problem(text: &str, wait: Option<i64>) -> ClientError {
    match parse::<ProblemBody>(text) {
        Ok(mut problem) => {
            let until = wait.map(|seconds| time::now() + TimeDelta::seconds(seconds));
            problem.locked_until = problem.locked_until.or(until);
            ClientError::Problem(Box::new(problem))
        }
        Err(_) => ClientError::Unexpected,
    }
}
