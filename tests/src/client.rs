//! Calls as anybody, a patient, a member of the staff, or an integrator's key. Each answer is held against
//! the OpenAPI document and the headers that every answer carries.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;
use reqwest::header::HeaderMap;
use sealpost_shared::paths;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::{check_headers, contract};
use crate::stream::EventStream;

/// One caller with cookies of its own, as one browser has them.
pub struct Client {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
    call: String,
}

impl Answer {
    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text);
        self.json
    }

    #[track_caller]
    pub fn read<T: DeserializeOwned>(self, status: u16) -> T {
        serde_json::from_value(self.expect(status)).expect("the shared type reads it")
    }

    /// The body of a refusal with this code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.json["code"], code, "{}: {}", self.call, self.text);
        self.expect(status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ascii"))
    }
}

impl Client {
    pub fn new(http: reqwest::Client, base: &str, key: Option<String>) -> Self {
        Self { http, base: base.to_owned(), key, cookies: Mutex::default() }
    }

    /// The same caller `count` times at once.
    pub async fn at_once<T: Send + 'static, F>(&self, count: usize, call: impl Fn(Self) -> F) -> Vec<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..count {
            let caller = Self::new(self.http.clone(), &self.base, self.key.clone());
            caller.set_cookies(self.cookies());
            calls.spawn(call(caller));
        }
        calls.join_all().await
    }

    /// The key, for a key's caller.
    pub fn bearer(&self) -> &str {
        self.key.as_deref().expect("a key's caller")
    }

    /// A stream of events. Its start is held against the document as every answer is.
    pub async fn stream(&self, path: &str) -> EventStream {
        self.stream_by(path, self.call(Method::GET, path)).await
    }

    /// The same, or nothing while there are too many.
    pub async fn try_stream(&self, path: &str) -> Option<EventStream> {
        let response = self.call(Method::GET, path).request().send().await.expect("an answer");
        (response.status() != 429).then(|| EventStream::new(response))
    }

    /// The stream again, from where it broke off.
    pub async fn stream_after(&self, path: &str, seen: &str) -> EventStream {
        self.stream_by(path, self.call(Method::GET, path).header("last-event-id", seen)).await
    }

    async fn stream_by(&self, path: &str, call: Call<'_>) -> EventStream {
        let response = call.request().send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        assert_eq!(status, 200, "GET {path}");
        check_headers(path, &headers);
        contract().check("GET", path, status, &headers, b"");
        EventStream::new(response)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: impl Serialize) -> Answer {
        self.call(Method::POST, path).json(body).send().await
    }

    pub async fn put(&self, path: &str, body: impl Serialize) -> Answer {
        self.call(Method::PUT, path).json(body).send().await
    }

    pub async fn patch(&self, path: &str, body: impl Serialize) -> Answer {
        self.call(Method::PATCH, path).json(body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path).send().await
    }

    /// A call to be dressed before it goes.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        let mut headers = BTreeMap::new();
        if method != Method::GET {
            headers.insert("content-type", "application/json".to_owned());
            headers.insert(paths::REQUEST_HEADER, "1".to_owned());
        }
        if let Some(key) = &self.key {
            headers.insert("authorization", format!("Bearer {key}"));
            if method == Method::POST {
                headers.insert(paths::IDEMPOTENCY_KEY, uuid::Uuid::new_v4().to_string());
            }
        }
        Call { client: self, method, path: path.to_owned(), headers, body: None, documented: true }
    }

    /// The cookies as a browser would send them.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.lock().expect("no test holds it").clone()
    }

    pub fn set_cookies(&self, cookies: BTreeMap<String, String>) {
        *self.cookies.lock().expect("no test holds it") = cookies;
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut jar = self.cookies.lock().expect("no test holds it");
        for set in headers.get_all("set-cookie") {
            let set = set.to_str().expect("ascii");
            let (name, rest) = set.split_once('=').expect("name=value");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || set.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: BTreeMap<&'static str, String>,
    body: Option<Vec<u8>>,
    documented: bool,
}

impl Call<'_> {
    pub fn json(self, body: impl Serialize) -> Self {
        let body = serde_json::to_vec(&body).expect("serializable");
        self.bytes(body)
    }

    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header, _| !header.eq_ignore_ascii_case(name));
        self
    }

    /// For what the document rightly does not describe: pages, and addresses that do not exist.
    pub fn undocumented(mut self) -> Self {
        self.documented = false;
        self
    }

    fn request(&self) -> reqwest::RequestBuilder {
        let mut request =
            self.client.http.request(self.method.clone(), format!("{}{}", self.client.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let cookies = self.client.cookies();
        if !cookies.is_empty() {
            let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        match &self.body {
            Some(body) => request.body(body.clone()),
            None => request,
        }
    }

    pub async fn send(self) -> Answer {
        let response = self.request().send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a body");
        let call = format!("{} {} → {status}", self.method, self.path);
        self.client.keep_cookies(&headers);
        check_headers(&call, &headers);
        if self.documented {
            contract().check(self.method.as_str(), &self.path, status, &headers, &body);
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer { status, headers, text, json, call }
    }
}
