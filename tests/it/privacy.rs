//! What must not be found where it does not belong.

use sealpost_api::contacts::Address;
use sealpost_api::inbound::{Received, receive};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::capture;
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{PASSWORD, PAST_A_DAY, Practice};
use serde_json::json;

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

#[tokio::test]
async fn texts_pins_tokens_phones_and_emails_are_neither_in_the_database_nor_in_the_logs() {
    let logs = capture::logs();
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let secrets = busy_day(&app, &practice).await;
    let (stored, logged) = (app.stored_bytes().await, logs.since_start());
    assert!(contains(&stored, b"Riverside Clinic"), "the database was read");
    assert!(contains(&logged, b"/api/v1/secure-links/verify-pin"), "the logs were captured");
    for secret in &secrets {
        assert!(!found(&stored, secret), "{secret:?} is in the database");
        assert!(!found(&logged, secret), "{secret:?} is in the logs:\n{}", lines_with(&logged, secret));
    }
    // Names are stored plain: lists are sorted by them (security.md D20).
    for name in ["Jordan", &*practice.email] {
        assert!(!found(&logged, name), "{name:?} is in the logs:\n{}", lines_with(&logged, name));
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
