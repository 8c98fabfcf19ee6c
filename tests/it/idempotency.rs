//! The same request twice is one change.

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_api::housekeeping;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::id;
use serde_json::{Value, json};

async fn keyed(client: &Client, key: &str, body: &Value) -> Answer {
    client.call(Method::POST, paths::MESSAGES).json(body).header(paths::IDEMPOTENCY_KEY, key).send().await
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_one_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let body = json!({ "contact_id": id(&jordan), "body": "Once", "secure": true });
    let first = keyed(&practice.key, "key-1", &body).await;
    assert_eq!(first.header(paths::IDEMPOTENCY_REPLAYED), None);
    let again = keyed(&practice.key, "key-1", &body).await;
    assert_eq!(again.header(paths::IDEMPOTENCY_REPLAYED), Some("true"));
    assert_eq!(first.expect(201), again.expect(201));
    let other = json!({ "contact_id": id(&jordan), "body": "Twice", "secure": true });
    keyed(&practice.key, "key-1", &other).await.refused(422, "idempotency_key_reused");
    // Staff's keys are their own.
    keyed(&practice.staff, "key-1", &other).await.expect(201);
    assert_eq!(practice.history(&jordan).await.len(), 2);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn a_hundred_at_once_are_one_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let body = json!({ "contact_id": id(&jordan), "body": "Once", "secure": true });
    let answers = practice.key.at_once(100, |client| {
        let body = body.clone();
        async move { keyed(&client, "key-1", &body).await }
    });
    let answers = answers.await;
    let mut ids: Vec<_> =
        answers.iter().filter(|a| a.status == 201).map(|a| id(&a.json).to_owned()).collect();
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)), "{answers:?}");
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(practice.history(&jordan).await.len(), 1);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_key_s_creating_call_needs_one_and_a_malformed_one_is_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let body = json!({ "contact_id": id(&practice.jordan().await), "body": "Once", "secure": false });
    let bare = practice.key.call(Method::POST, paths::MESSAGES).json(&body).without(paths::IDEMPOTENCY_KEY);
    bare.send().await.refused(400, "idempotency_key_missing");
    for malformed in ["", " ", &"x".repeat(256)] {
        keyed(&practice.key, malformed, &body).await.refused(400, "idempotency_key_invalid");
    }
    let by_staff = practice.staff.post(paths::MESSAGES, &body).await;
    by_staff.expect(201);
    app.deliver().await;
}

#[tokio::test]
async fn a_refused_request_can_be_mended_and_sent_again_with_its_key() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let contact = practice.contact(json!({ "first_name": "Sam" })).await;
    let body = json!({ "contact_id": id(&contact), "body": "Once", "channel": "sms" });
    keyed(&practice.key, "key-1", &body).await.refused(422, "address_missing");
    let path = format!("{}/{}", paths::CONTACTS, id(&contact));
    practice.key.patch(&path, json!({ "phone": "+15550100142" })).await.expect(200);
    keyed(&practice.key, "key-1", &body).await.expect(201);
    app.deliver().await;
}

#[tokio::test]
async fn erasing_a_contact_erases_the_answers_that_were_kept_for_a_repeat() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let body = json!({ "contact_id": id(&jordan), "body": "Your results are in.", "secure": true });
    keyed(&practice.key, "key-1", &body).await.expect(201);
    assert_eq!(keyed(&practice.key, "key-1", &body).await.header(paths::IDEMPOTENCY_REPLAYED), Some("true"));
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    let replay = keyed(&practice.key, "key-1", &body).await;
    assert_eq!(replay.header(paths::IDEMPOTENCY_REPLAYED), None);
    for gone in ["results", "Jordan", "msg_", "lnk_"] {
        assert!(!replay.text.contains(gone), "{gone} in {}", replay.text);
    }
    replay.refused(404, "not_found");
    assert_eq!(app.tables().await["contact_keys"], [""; 0], "no key is left that would open what is kept");
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 0);
}

#[tokio::test]
async fn answers_are_kept_for_a_day_and_then_swept_away() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let body = json!({ "contact_id": id(&jordan), "body": "Once", "secure": true });
    keyed(&practice.key, "key-1", &body).await.expect(201);
    app.clock.advance(TimeDelta::hours(23));
    housekeeping::sweep(app.state()).await.expect("a sweep");
    assert!(!app.tables().await["idempotency_keys"].is_empty(), "a day is not over yet");
    assert_eq!(keyed(&practice.key, "key-1", &body).await.header(paths::IDEMPOTENCY_REPLAYED), Some("true"));
    app.clock.advance(TimeDelta::hours(2));
    housekeeping::sweep(app.state()).await.expect("a sweep");
    assert_eq!(app.tables().await["idempotency_keys"], [""; 0]);
    app.deliver().await;
}

/// Creating calls that take no key, and why a repeat does no harm.
const WITHOUT_KEY: &[(&str, &str)] = &[
    ("/api/v1/api-keys", "for people alone; its answer holds a secret that must not be kept for a repeat"),
    ("/api/v1/chat/{conversation_id}/messages", "`client_message_id` in its body does the same for patients"),
    ("/api/v1/invitations", "for people alone; an address is invited once, and its answer may hold the link"),
    ("/api/v1/session/passkeys", "for people alone; a ceremony is answered once"),
];

#[tokio::test]
async fn every_creating_call_takes_a_key_or_needs_none() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let document = sealpost_api::app::openapi().expect("a document");
    let mut without = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let operation = &operations["post"];
        if operation["responses"]["201"].is_null() {
            continue;
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        if !parameters.iter().any(|parameter| parameter["name"] == paths::IDEMPOTENCY_KEY) {
            without.push(path.as_str());
            continue;
        }
        // What the document says, the code does: before it looks for anything that the call is about.
        let path = path
            .replace("{conversation_id}", "cnv_01h455vb4pex5vsknk084sn02q")
            .replace("{message_id}", "msg_01h455vb4pex5vsknk084sn02q");
        let call = || {
            let call = practice.key.call(Method::POST, &path);
            match &operation["requestBody"]["content"]["application/json"]["example"] {
                Value::Null => call,
                example => call.json(example),
            }
        };
        call().without(paths::IDEMPOTENCY_KEY).send().await.refused(400, "idempotency_key_missing");
        let malformed = call().header(paths::IDEMPOTENCY_KEY, "two words").send().await;
        malformed.refused(400, "idempotency_key_invalid");
    }
    assert_eq!(without, WITHOUT_KEY.iter().map(|(path, _)| *path).collect::<Vec<_>>());
}
