//! What one request may cost (security.md D34), over connections that keep to no protocol.

use std::time::{Duration, Instant};

use sealpost_api::config::Limits;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Everything in time, but for what `change` makes short.
async fn app(change: impl Fn(&mut Limits)) -> TestApp {
    TestApp::start_with(|config| change(&mut config.limits)).await
}

const SHORT: Duration = Duration::from_millis(300);
/// Far below what the limits are otherwise, far above what a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(4);

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.base().trim_start_matches("http://")).await.expect("a connection")
}

/// What comes until the server ends the connection; fails when it never does.
async fn until_the_end(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let reading = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
    let ended = reading.expect("the server ends the connection");
    // A reset ends it, too.
    let _ = ended;
    String::from_utf8_lossy(&heard).into_owned()
}

async fn raw(app: &TestApp, request: &str) -> String {
    let mut stream = connect(app).await;
    stream.write_all(request.as_bytes()).await.expect("it takes this");
    until_the_end(&mut stream).await
}

fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    )
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut_off() {
    let app = app(|limits| limits.head = SHORT).await;
    let mut stream = connect(&app).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: loc").await.expect("it takes this");
    let started = Instant::now();
    let heard = until_the_end(&mut stream).await;
    assert!(started.elapsed() >= SHORT, "{heard}");
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 408"), "{heard}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_more_is_closed() {
    let app = app(|limits| limits.keep_alive = SHORT).await;
    let mut stream = connect(&app).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("it takes this");
    let heard = until_the_end(&mut stream).await;
    assert!(heard.starts_with("HTTP/1.1 204"), "{heard}");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_cut_off_with_a_word() {
    let app = app(|limits| limits.body = SHORT).await;
    let mut stream = connect(&app).await;
    let whole = post(paths::SESSION, "", r#"{"email":"a@b.example","password":"x"}"#);
    stream.write_all(&whole.as_bytes()[..whole.len() - 5]).await.expect("it takes this");
    let heard = until_the_end(&mut stream).await;
    assert!(heard.starts_with("HTTP/1.1 400") && heard.contains("the body took too long"), "{heard}");
    assert!(heard.contains("content-security-policy"), "{heard}");
}

#[tokio::test]
async fn what_nobody_reads_is_given_up() {
    let app = app(|limits| limits.write = Duration::from_secs(1)).await;
    let page = app.anybody().call(reqwest::Method::GET, "/docs/api").undocumented().send().await.text;
    let viewer = page.split('"').find(|it| it.ends_with("bundle.js")).expect("the largest file").to_owned();
    let ask = format!("GET {viewer} HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(40);
    let asked = async |wait: Duration| {
        let mut stream = connect(&app).await;
        stream.write_all(ask.as_bytes()).await.expect("it takes this");
        tokio::time::sleep(wait).await;
        let mut heard = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
        heard.len()
    };
    let whole = asked(Duration::ZERO).await;
    let cut = asked(Duration::from_secs(3)).await;
    assert!(cut < whole / 2, "{cut} of {whole} bytes after a pause");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_until_one_ends() {
    let app = app(|limits| limits.connections = 2).await;
    let ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answered = async |stream: &mut TcpStream, patience: Duration| {
        let mut some = [0; 16];
        matches!(tokio::time::timeout(patience, stream.read(&mut some)).await, Ok(Ok(1..)))
    };
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&app).await;
        stream.write_all(ask).await.expect("it takes this");
        assert!(answered(&mut stream, PATIENCE).await);
        held.push(stream);
    }
    let mut late = connect(&app).await;
    late.write_all(ask).await.expect("the system takes this");
    assert!(!answered(&mut late, SHORT).await, "a third one is answered");
    held.clear();
    assert!(answered(&mut late, PATIENCE).await, "it never gets its turn");
}

#[tokio::test]
async fn heads_have_a_size() {
    let app = TestApp::start().await;
    let get = |header: &str| {
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n")
    };
    let fine = raw(&app, &get(&format!("X-Filler: {}\r\n", "x".repeat(15_000)))).await;
    assert!(fine.starts_with("HTTP/1.1 204"), "{fine}");
    let heard = raw(&app, &get(&format!("X-Filler: {}\r\n", "x".repeat(16_384)))).await;
    assert!(heard.starts_with("HTTP/1.1 400") && heard.contains("16 KiB"), "{heard}");
    let many: String = (0..300).map(|at| format!("X-{at}: {}\r\n", "x".repeat(60))).collect();
    let heard = raw(&app, &get(&many)).await;
    assert!(heard.starts_with("HTTP/1.1 4"), "{heard}");
    let long =
        format!("GET /{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "x".repeat(20_000));
    assert!(raw(&app, &long).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn methods_that_nothing_takes_are_405_and_broken_requests_400() {
    let app = TestApp::start().await;
    for (line, status) in [
        ("BREW /healthz HTTP/1.1", "405"),
        ("TRACE / HTTP/1.1", "405"),
        ("CONNECT example.org:443 HTTP/1.1", "4"),
        ("GET /healthz HTTP/9.9", "400"),
        ("GET", "400"),
        ("\0\0\0", "400"),
    ] {
        let heard = raw(&app, &format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await;
        assert!(heard.starts_with(&format!("HTTP/1.1 {status}")), "{line}: {heard}");
    }
    // Two lengths, or a length beside chunks, is how requests are smuggled past a proxy.
    for lengths in ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"] {
        let heard = raw(&app, &post(paths::SESSION, lengths, "{}")).await;
        assert!(heard.starts_with("HTTP/1.1 400"), "{lengths}: {heard}");
    }
}

#[tokio::test]
async fn nothing_small_becomes_large() {
    let app = TestApp::start().await;
    let body = r#"{"email":"a@b.example","password":"x"}"#;
    for (coding, status) in [("gzip", "415"), ("br", "415"), ("zstd, gzip", "415"), ("identity", "401")] {
        let heard = raw(&app, &post(paths::SESSION, &format!("Content-Encoding: {coding}\r\n"), body)).await;
        assert!(heard.starts_with(&format!("HTTP/1.1 {status}")), "{coding}: {heard}");
    }
}

#[tokio::test]
async fn json_is_flat_and_says_each_thing_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let send = async |body: String| {
        practice.staff.call(reqwest::Method::POST, paths::CONTACTS).bytes(body).send().await
    };
    for (body, place) in [
        (r#"{"first_name":"A","first_name":"B"}"#, "/first_name"),
        (r#"{"first_name":"A","custom_fields":{"x":"1","x":"2"}}"#, "/custom_fields/x"),
    ] {
        let refused = send(body.to_owned()).await.refused(422, "validation_failed");
        assert_eq!(
            refused["errors"][0],
            json!({ "pointer": place, "code": "duplicate", "detail": "stands twice" })
        );
    }
    let deep =
        |levels: usize| format!("{{\"first_name\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let refused = send(deep(33)).await.refused(400, "bad_request");
    assert_eq!(refused["detail"], "the JSON is too deep");
    send(deep(32)).await.refused(422, "validation_failed");
}

/// Somebody presses "Send" and closes the tab.
#[tokio::test]
async fn what_was_asked_is_done_though_nobody_waits_for_the_answer() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for number in 0..5 {
        let key = practice.key.bearer();
        let headers = format!("Authorization: Bearer {key}\r\nIdempotency-Key: {}\r\n", uuid::Uuid::new_v4());
        let body = format!(r#"{{"first_name":"Number{number}"}}"#);
        let mut stream = connect(&app).await;
        stream.write_all(post(paths::CONTACTS, &headers, &body).as_bytes()).await.expect("it takes this");
        stream.shutdown().await.expect("the end is said");
        drop(stream);
        let found = format!("{}?q=Number{number}", paths::CONTACTS);
        let asked = Instant::now();
        while practice.key.get(&found).await.expect(200)["data"].as_array().is_none_or(Vec::is_empty) {
            assert!(asked.elapsed() < PATIENCE, "what was asked was not done");
        }
    }
    let line = r#"sealpost_http_requests_total{method="POST",route="/api/v1/contacts",status="201"} 5"#;
    let asked = Instant::now();
    while !app.state().metrics.text(&[]).contains(line) {
        assert!(asked.elapsed() < PATIENCE, "it was not noted: {}", app.state().metrics.text(&[]));
        tokio::task::yield_now().await;
    }
}
