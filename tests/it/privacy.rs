//! What must not be found where it does not belong.

use reqwest::Method;
use sealpost_api::contacts::Address;
use sealpost_api::inbound::{Received, receive};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::capture;
use sealpost_tests::client::Answer;
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{PASSWORD, PAST_A_DAY, Practice};
use serde_json::{Value, json};

/// A day with everything in it that could leave a trace; what must not be found after it.
async fn busy_day(app: &TestApp, practice: &Practice) -> Vec<String> {
    let contact =
        json!({ "first_name": "Jordan", "phone": "+15557310942", "email": "canary.mailbox@mail.example" });
    let contact = practice.contact(contact).await;
    practice.set_pin(&contact, "canary-pin-one").await;
    practice.configure(json!({ "default_pin": { "kind": "text", "value": "canary-pin-two" } })).await;
    practice.send(&contact, json!({ "body": "canary-message-body" })).await;
    let first = app.newest_token().await;
    practice
        .send(&contact, json!({ "body": "canary-by-mail", "pin": "canary-pin-three", "channel": "email" }))
        .await;
    practice.send(&contact, json!({ "body": "canary-plain-body", "secure": false })).await;
    // Both repeat the address in what they answer.
    app.gateway.will_answer([GatewayAnswer::Refused(21_211)]);
    app.mail.will_refuse(["550 5.1.1 <canary.mailbox@mail.example> unknown"]);
    app.deliver().await;
    app.anybody().verify_pin(&first, "canary-wrong-pin").await;
    let patient = app.enter_with_pin(&first, "canary-pin-one").await;
    patient.reply("canary-reply-body").await.expect(201);
    texts_back(app, practice, "canary-text-back").await;
    patient.reply(&"x".repeat(10_001)).await.refused(422, "validation_failed");
    practice.key.get(&format!("{}?q=%2B15557310942", paths::CONTACTS)).await.expect(200);
    let sign_in = json!({ "email": practice.email, "password": "canary-wrong-password" });
    app.anybody().post(paths::SESSION, sign_in).await.refused(401, "credentials_invalid");
    app.anybody().open("canarycanarycanary0000").await.refused(404, "link_not_found");
    app.clock.advance(PAST_A_DAY);
    app.anybody().relink(&first).await.expect(202);
    let second = app.newest_token().await;
    practice.send(&contact, json!({ "body": "canary-still-queued" })).await;

    let cookies = [&practice.staff, &patient.browser].map(|client| client.cookies().into_values());
    let secrets = ["15557310942", "canary.mailbox", PASSWORD, practice.key.bearer(), &first, &second];
    let mut secrets: Vec<_> = secrets.map(str::to_owned).into();
    secrets.extend(cookies.into_iter().flatten());
    let bodies = ["text-back", "message-body", "by-mail", "plain-body", "reply-body", "still-queued"];
    let typed = ["pin-one", "pin-two", "pin-three", "wrong-pin", "wrong-password"];
    secrets.extend(bodies.into_iter().chain(typed).map(|canary| format!("canary-{canary}")));
    secrets.push("canarycanarycanary0000".to_owned());
    secrets
}

/// From the contact's number, and from one that is nobody's.
async fn texts_back(app: &TestApp, practice: &Practice, body: &str) {
    for from in ["+15557310942", "+15557310943"] {
        let received = Received {
            organization: practice.organization_id.parse().expect("an id"),
            provider: "test",
            account: "AC1".to_owned(),
            message_id: from.trim_start_matches("+1555731").to_owned(),
            from: Address::Phone(from.parse().expect("a number")),
            to: Address::Phone("+15550100100".parse().expect("a number")),
            body: body.parse().expect("a text"),
        };
        receive(app.state(), &received).await.expect("it is taken");
    }
}

/// Requests that are refused, with secrets wherever a request can hold one; what they were answered.
async fn refused_day(app: &TestApp, practice: &Practice) -> (Vec<Answer>, Vec<String>) {
    let staff = &practice.staff;
    let post = async |path: &str, body: Value| staff.post(path, body).await;
    let raw = async |body: &'static str| staff.call(Method::POST, paths::MESSAGES).bytes(body).send().await;
    let mut answers = vec![
        post(paths::MESSAGES, json!({ "body": "canary-refused-body", "canary-unknown-field": 1 })).await,
        post(paths::MESSAGES, json!({ "body": ["canary-refused-list"], "secure": "canary-refused-bool" }))
            .await,
        post(paths::CONTACTS, json!({ "phone": "canary-refused-phone", "email": "canary-refused-email" }))
            .await,
        post(paths::CONTACTS, json!({ "first_name": "canary-refused-name".repeat(20) })).await,
        raw(r#"{ "body": "canary-refused-json" "#).await,
        raw(r#"{ "body": "canary-refused-twice", "body": "canary-refused-again" }"#).await,
        raw(r#""canary-refused-text""#).await,
        app.anybody().verify_pin("canary-refused-token00", "canary-refused-pin").await,
        app.anybody().post(paths::SESSION, json!({ "email": "canary-refused-address", "password": 7 })).await,
        staff.get(&format!("{}?q=%00canary-refused-search", paths::CONTACTS)).await,
        staff.get(&format!("{}?cursor=canary-refused-cursor", paths::CONTACTS)).await,
        staff.get(&format!("{}/canary-refused-id", paths::CONTACTS)).await,
    ];
    let key = staff.call(Method::POST, paths::CONTACTS).json(json!({ "first_name": "Jordan" }));
    answers.push(key.header(paths::IDEMPOTENCY_KEY, "canary-refused key").send().await);
    let secrets =
        ["body", "list", "bool", "phone", "email", "name", "json", "twice", "again", "text", "token00"];
    let more = ["pin", "address", "search", "cursor", "id", "key"];
    let secrets = secrets.iter().chain(&more).map(|canary| format!("canary-refused-{canary}"));
    (answers, secrets.collect())
}

/// `it_log_canary`: our own lines at trace level, after a whole day and after what was refused.
#[tokio::test]
async fn it_log_canary_texts_pins_tokens_phones_and_emails_are_not_in_the_logs_or_in_refusals() {
    let logs = capture::logs();
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut secrets = busy_day(&app, &practice).await;
    practice.sign_in().await;
    let (answers, more) = refused_day(&app, &practice).await;
    for answer in &answers {
        assert!((400..500).contains(&answer.status), "{answer:?}");
        for secret in secrets.iter().chain(&more) {
            assert!(!found(answer.text.as_bytes(), secret), "{secret:?} is in {}", answer.text);
        }
    }
    secrets.extend(more);
    let logged = logs.since_start();
    assert!(contains(&logged, b"/api/v1/secure-links/verify-pin"), "the logs were captured");
    for secret in &secrets {
        assert!(!found(&logged, secret), "{secret:?} is in the logs:\n{}", lines_with(&logged, secret));
    }
    // Names are stored plain: lists are sorted by them (security.md D20).
    for name in ["Jordan", &*practice.email] {
        assert!(!found(&logged, name), "{name:?} is in the logs:\n{}", lines_with(&logged, name));
    }
    app.deliver().await;
}

/// `it_plaintext_at_rest_canary`: SQLite's file, its journal and what else lies beside it, or PostgreSQL's rows.
#[tokio::test]
async fn it_plaintext_at_rest_canary_texts_pins_tokens_phones_and_emails_are_not_in_the_database() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut secrets = busy_day(&app, &practice).await;
    practice.sign_in().await;
    secrets.extend(refused_day(&app, &practice).await.1);
    app.write_reads_down().await;
    let stored = app.stored_bytes().await;
    assert!(contains(&stored, b"Riverside Clinic"), "the database was read");
    for secret in &secrets {
        assert!(!found(&stored, secret), "{secret:?} is in the database");
    }
    app.deliver().await;
}

/// As it is, and in hex and base64 as a dump or a debug print would show it.
fn found(hay: &[u8], secret: &str) -> bool {
    use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let base64 = BASE64_STANDARD_NO_PAD.encode(secret);
    // Its last characters depend on what follows.
    let base64 = &base64[..base64.len() - 2];
    [secret, &hex, &hex.to_uppercase(), base64].iter().any(|form| contains(hay, form.as_bytes()))
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

fn lines_with(hay: &[u8], secret: &str) -> String {
    let text = String::from_utf8_lossy(hay);
    text.lines().filter(|line| line.contains(secret)).collect::<Vec<_>>().join("\n")
}
