//! "Send a test to myself", and what is left when secure messaging is turned off.

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PAST_A_DAY, id, token_in};
use serde_json::json;

const TEST: &str = paths::SETTINGS_SECURE_MESSAGING_TEST;

#[tokio::test]
async fn a_test_is_a_real_secure_message_to_whoever_asks_for_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.configure(json!({ "notice_sms_body": "Hi {{ contact.first_name }}: {{ secure_link }}" })).await;
    let to = json!({ "channel": "sms", "to": "+1 555 010 0199" });
    let message = practice.staff.post(TEST, to).await.expect(201);
    assert_eq!((&message["secure"], &message["channel"]), (&json!(true), &json!("sms")));
    assert_eq!(message["author"]["name"], "Amy Lee");
    app.deliver().await;
    let text = &app.gateway.texts()[0];
    assert_eq!(text.to, "+15550100199");
    assert!(text.body.starts_with("Hi Amy Lee: http"), "{}", text.body);
    let patient = app.enter(&token_in(&text.body)).await;
    assert!(patient.bodies().await[0].starts_with("This is a test."));
    patient.reply("It works!").await.expect(201);
    // By email to one's own address, to the same contact, in the same thread.
    let again = practice.staff.post(TEST, json!({ "channel": "email" })).await.expect(201);
    assert_eq!(again["contact_id"], message["contact_id"]);
    assert_eq!(again["conversation_id"], message["conversation_id"]);
    app.deliver().await;
    assert_eq!(app.mail.mails()[0].to, [practice.email.as_str()]);
    let path = format!("{}/{}", paths::CONTACTS, message["contact_id"].as_str().expect("an id"));
    let contact = practice.staff.get(&path).await.expect(200);
    assert_eq!((&contact["display_name"], &contact["phone"]), (&json!("Amy Lee"), &json!("+15550100199")));
    // Another number takes the place of the first.
    practice.staff.post(TEST, json!({ "channel": "sms", "to": "+15550100188" })).await.expect(201);
    app.deliver().await;
    assert_eq!(app.gateway.texts()[1].to, "+15550100188");
}

#[tokio::test]
async fn a_test_never_lands_in_the_thread_of_somebody_with_the_same_phone() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let to = json!({ "channel": "sms", "to": jordan["phone"] });
    let message = practice.staff.post(TEST, to).await.expect(201);
    assert_ne!(message["contact_id"], jordan["id"]);
    app.deliver().await;
    let sam = app.colleague(&practice, "Sam Poe", "sam@riverside.example", Role::Admin).await;
    let theirs = sam.post(TEST, json!({ "channel": "email" })).await.expect(201);
    assert_ne!(theirs["contact_id"], message["contact_id"], "each has a contact of their own");
    app.deliver().await;
    assert_eq!(app.mail.mails()[0].to, ["sam@riverside.example"]);
}

#[tokio::test]
async fn a_test_goes_through_the_rules_of_every_message_and_ten_an_hour_are_enough() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (body, pointer) in [
        (json!({ "channel": "sms" }), "/to"),
        (json!({ "channel": "sms", "to": "amy@riverside.example" }), "/to"),
        (json!({ "channel": "email", "to": "+15550100199" }), "/to"),
        (json!({ "channel": "fax", "to": "1" }), "/channel"),
        (json!({ "channel": "sms", "to": "+15550100199", "body": "x" }), "/body"),
    ] {
        let answer = practice.staff.post(TEST, &body).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], pointer, "{body}");
    }
    let by_key = practice.key.post(TEST, json!({ "channel": "email" })).await;
    assert_eq!(by_key.refused(422, "validation_failed")["errors"][0]["pointer"], "/to");
    let member = app.colleague(&practice, "Sam Poe", "sam@riverside.example", Role::Member).await;
    member.post(TEST, json!({ "channel": "email" })).await.refused(403, "forbidden");
    practice
        .configure(json!({ "default_pin": { "kind": "template", "value": "{{ contact.phone }}" } }))
        .await;
    let refused =
        practice.staff.post(TEST, json!({ "channel": "email" })).await.refused(422, "pin_unresolved");
    assert!(refused["detail"].as_str().expect("words").contains("Amy Lee"), "{refused}");
    practice.configure(json!({ "default_pin": { "kind": "none" } })).await;
    for _ in 0..10 {
        practice.staff.post(TEST, json!({ "channel": "email" })).await.expect(201);
    }
    let limited = practice.staff.post(TEST, json!({ "channel": "email" })).await;
    assert!(limited.header("retry-after").is_some());
    limited.refused(429, "rate_limited");
    let theirs = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    theirs.staff.post(TEST, json!({ "channel": "email" })).await.expect(201);
    app.clock.advance(TimeDelta::minutes(61));
    practice.sign_in().await;
    practice.staff.post(TEST, json!({ "channel": "email" })).await.expect(201);
    app.deliver().await;
}

#[tokio::test]
async fn a_repeated_request_for_a_test_sends_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let call = || {
        let call = practice.key.call(Method::POST, TEST).header(paths::IDEMPOTENCY_KEY, "k1");
        call.json(json!({ "channel": "sms", "to": "+15550100199" }))
    };
    let first = call().send().await.expect(201);
    assert_eq!(id(&call().send().await.expect(201)), id(&first));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn turned_off_nothing_new_is_secure_and_live_links_go_on_until_they_end() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    let revoked = practice.send(&jordan, json!({ "link_lifetime": "10_days", "pin": "4821" })).await;
    let settings = async || practice.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200);
    assert_eq!(settings().await["live_links"], 2);
    practice
        .key
        .post(&format!("{}/{}/revoke", paths::LINKS, id(&revoked["link"])), json!({}))
        .await
        .expect(200);
    let off =
        practice.key.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "enabled": false })).await.expect(200);
    assert_eq!((&off["enabled"], &off["live_links"]), (&json!(false), &json!(1)));
    let theirs = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    assert_eq!(theirs.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200)["live_links"], 0);
    // What was sent can be read and answered.
    let patient = app.enter(&token).await;
    assert_eq!(patient.bodies().await, ["Your results are in."]);
    patient.reply("Thank you!").await.expect(201);
    // Nothing new is secure, in any way there is.
    practice.try_send(&jordan, json!({})).await.refused(422, "secure_messaging_disabled");
    let conversation = message["conversation_id"].as_str().expect("an id");
    let answer = format!("{}/{conversation}/messages", paths::CONVERSATIONS);
    let reply = practice.key.post(&answer, json!({ "body": "Hello", "secure": true })).await;
    reply.refused(422, "secure_messaging_disabled");
    let resend = format!("{}/{}/resend", paths::MESSAGES, id(&message));
    practice.key.post(&resend, json!({})).await.refused(422, "secure_messaging_disabled");
    let test = json!({ "channel": "sms", "to": "+15550100199" });
    practice.key.post(TEST, test).await.refused(422, "secure_messaging_disabled");
    // Past its end a link opens nothing, and there is no new one.
    app.clock.advance(PAST_A_DAY);
    let ended = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(ended.get("relink"), None);
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    assert_eq!(settings().await["live_links"], 0);
}
