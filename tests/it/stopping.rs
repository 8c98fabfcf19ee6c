//! A server that is told to stop: seen by balancers first, then everything in hand ends well (security.md D37).

use std::time::Duration;

use sealpost_api::config::DatabaseUrl;
use sealpost_shared::paths;
use sealpost_tests::database;
use sealpost_tests::fakes::{GatewayAnswer, SmsGateway};
use sealpost_tests::installation::{Installation, reqwest_client, until};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one stop, from the first word to the last")]
async fn a_polite_stop_is_announced_and_finishes_what_is_in_hand() {
    let gateway = SmsGateway::start().await;
    let mut installation = Installation::on_this_engine().await.with_gateway(&gateway);
    installation.set.insert("SEALPOST_STOP_DELAY", "3s".to_owned());
    let made = installation.bootstrap().await;
    let key = made["api_key"].as_str().expect("a key");
    let mut server = installation.serve().await;

    // A try that the gateway leaves hanging, a stream that is open, and a call that is half sent.
    gateway.will_answer([GatewayAnswer::Hang]);
    let contact = json!({ "first_name": "Jordan", "phone": "+15550100142" });
    let message = json!({ "contact": contact, "body": "Your results are in.", "secure": true });
    installation.client(Some(key)).post(paths::MESSAGES, &message).await.expect(201);
    until("the try", async || gateway.requests().len() == 1).await;
    let stream =
        reqwest_client().get(format!("http://{}{}", installation.address, paths::EVENTS)).bearer_auth(key);
    let mut stream = stream.send().await.expect("a stream");
    assert_eq!(stream.status(), 200);
    let body = message.to_string();
    let mut half = TcpStream::connect(&installation.address).await.expect("a connection");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: half\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        paths::MESSAGES,
        installation.address,
        body.len(),
        &body[..20]
    );
    half.write_all(head.as_bytes()).await.expect("half a call");

    server.terminate();
    until("the announcement", async || installation.asked("/readyz").await == Some(503)).await;
    let said = reqwest_client().get(format!("http://{}/readyz", installation.address)).send().await;
    let said: serde_json::Value = said.expect("an answer").json().await.expect("JSON");
    let failed = said["checks"].as_array().expect("checks").iter().filter(|check| check["ok"] == false);
    let failed: Vec<_> = failed.map(|check| check["detail"].as_str().expect("words")).collect();
    assert_eq!(failed, ["the server is stopping"]);
    assert_eq!(installation.asked("/healthz").await, Some(204), "it still answers");
    assert_eq!(installation.asked(paths::CONTACTS).await, Some(401), "and works");

    half.write_all(&body.as_bytes()[20..]).await.expect("the other half");
    let mut answer = vec![0; 12];
    half.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(answer, *b"HTTP/1.1 201", "what was begun is finished");
    let ended = async { while stream.chunk().await.is_ok_and(|chunk| chunk.is_some()) {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the stream ends");
    drop(half);
    let ended = tokio::task::spawn_blocking(move || server.child.wait().expect("a child"));
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await.expect("it ends").expect("joined");
    assert!(ended.success(), "{ended}");
    assert_eq!(installation.asked("/healthz").await, None);

    let held = "SELECT status FROM deliveries WHERE lease_token IS NOT NULL";
    let held = database::rows(&installation.database(), held).await;
    assert_eq!(held, [""; 0], "nothing is held by a worker that is gone");
    let stored = database::rows(&installation.database(), "SELECT direction FROM messages").await;
    assert_eq!(stored.len(), 2, "both messages are there");
    if let DatabaseUrl::Sqlite(path) = installation.database() {
        let journal = path.with_file_name("sealpost.db-wal");
        assert!(journal.metadata().map_or(0, |found| found.len()) == 0, "the journal is in the database");
    }
}
