//! The headers of security.md D24, to the letter, on every answer there is.

use reqwest::Method;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};

const EVERYWHERE: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
    ("x-robots-tag", "noindex, nofollow"),
];

// The policies, as text: whoever changes one changes it here too, and says why.
const APPS: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'none'; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";
const API: &str = "default-src 'none'; frame-ancestors 'none'";
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";
const REFERENCE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Pages and files: beside the API's document, and which policy the page has.
const PAGES: &[(&str, &str)] = &[
    ("/", API),
    ("/m", APPS),
    ("/desk", APPS),
    ("/desk/inbox", APPS),
    ("/desk/settings/practice", APPS),
    ("/docs", DOCS),
    ("/docs/install", DOCS),
    ("/docs/nowhere", DOCS),
    ("/docs/api", REFERENCE),
    ("/assets/chat/nothing.js", API),
    ("/docs/assets/nothing.js", API),
    ("/openapi.json", API),
    ("/nowhere", API),
    ("/api/v1/nowhere", API),
];

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];

#[track_caller]
fn check(call: &str, answer: &Answer, policy: &str, https: bool) {
    for (name, value) in EVERYWHERE {
        assert_eq!(answer.header(name), Some(*value), "{call}: {name}");
    }
    let upgrade = if https && policy != API { "; upgrade-insecure-requests" } else { "" };
    assert_eq!(answer.header("content-security-policy"), Some(&*format!("{policy}{upgrade}")), "{call}");
    let stays = https.then_some("max-age=63072000; includeSubDomains");
    assert_eq!(answer.header("strict-transport-security"), stays, "{call}");
    let kept = answer.header("cache-control").unwrap_or_default();
    assert!(kept == "no-store" || kept == "public, max-age=31536000, immutable", "{call}: {kept}");
    for name in answer.headers.keys().map(|name| name.as_str()) {
        let says_too_much =
            ["server", "via", "x-powered-by"].contains(&name) || name.starts_with("access-control");
        assert!(!says_too_much, "{call}: {name}");
        assert!(!name.contains("version"), "{call}: {name}");
    }
}

/// Every operation of the document, with something in place of its parameters.
async fn operations(client: &Client) -> Vec<String> {
    let document = client.get("/openapi.json").await.expect(200);
    let paths = document["paths"].as_object().expect("paths").keys();
    let filled = paths.map(|path| {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        parts.collect::<Vec<_>>().join("/")
    });
    filled.collect()
}

async fn every_route(https: bool) {
    let app = TestApp::start_with(|config| {
        if https {
            config.public_url = "https://post.example.org".parse().expect("a URL");
        }
    })
    .await;
    let client = app.anybody();
    let mut calls: Vec<_> = operations(&client).await.into_iter().map(|path| (path, API)).collect();
    assert!(calls.len() > 50, "the document is there");
    calls.extend(PAGES.iter().map(|(path, policy)| ((*path).to_owned(), *policy)));
    for (path, policy) in &calls {
        for method in METHODS {
            let answer = client.call(Method::from_bytes(method.as_bytes()).expect("a method"), path);
            let answer = answer.undocumented().send().await;
            let call = format!("{method} {path} {}", answer.status);
            // A refusal is no page; without web/build there is none of the apps either.
            let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            check(&call, &answer, if is_page { policy } else { API }, https);
            if ["TRACE", "BREW"].contains(method) {
                assert_eq!(answer.status, 405, "{call}");
            }
            if *method == "HEAD" {
                assert!(answer.text.is_empty(), "{call}: a body");
            }
        }
    }
}

#[tokio::test]
async fn it_headers_every_route() {
    every_route(false).await;
}

#[tokio::test]
async fn it_headers_every_route_over_https() {
    every_route(true).await;
}

#[tokio::test]
async fn pages_and_files_answer_head_as_they_answer_get_and_nothing_else() {
    let app = TestApp::start().await;
    let client = app.anybody();
    for (path, _) in PAGES {
        let ask = |method: Method| client.call(method, path).undocumented().send();
        let (get, head) = (ask(Method::GET).await, ask(Method::HEAD).await);
        let is_page = !path.starts_with("/api/") && !path.contains("nowhere");
        if is_page && *path != "/openapi.json" {
            assert_eq!(head.status, get.status, "{path}");
            ask(Method::POST).await.refused(405, "method_not_allowed");
        }
    }
}
