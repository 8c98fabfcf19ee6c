//! How an organization sends privately.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use serde_json::json;

#[tokio::test]
async fn settings_start_sensible_and_a_text_pin_is_never_returned() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let settings = practice.staff.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200);
    assert_eq!(settings["link_lifetime"], "24_hours");
    assert_eq!((&settings["enabled"], &settings["pin_enabled"]), (&json!(true), &json!(true)));
    let body =
        json!({ "default_pin": { "kind": "text", "value": "never-shown" }, "link_lifetime": "10_days" });
    let changed = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, body).await;
    assert!(!changed.text.contains("never-shown"));
    assert_eq!(changed.expect(200)["default_pin"], json!({ "kind": "text" }));
    let read = practice.staff.get(paths::SETTINGS_SECURE_MESSAGING).await;
    assert!(!read.text.contains("never-shown"));
    assert_eq!(read.expect(200)["link_lifetime"], "10_days");
}

#[tokio::test]
async fn templates_that_would_send_no_link_or_never_render_are_refused() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (settings, pointer) in [
        (json!({ "notice_sms_body": "Hello" }), "/notice_sms_body"),
        (json!({ "notice_sms_body": "{{ secure_link }} {{ contact.diagnosis }}" }), "/notice_sms_body"),
        (json!({ "notice_sms_body": "{{ secure_link" }), "/notice_sms_body"),
        (json!({ "notice_sms_body": "{% for a in b %}{% endfor %}{{ secure_link }}" }), "/notice_sms_body"),
        (json!({ "notice_email_body": "Hello" }), "/notice_email_body"),
        (json!({ "notice_email_subject": "Hello\r\nBcc: x@y.example" }), "/notice_email_subject"),
        (
            json!({ "default_pin": { "kind": "template", "value": "{{ contact.nothing }}" } }),
            "/default_pin/value",
        ),
        (json!({ "default_pin": { "kind": "text", "value": "123" } }), "/default_pin/value"),
        (json!({ "default_pin": { "kind": "text" } }), "/default_pin/value"),
        (json!({ "link_lifetime": "2_weeks" }), "/link_lifetime"),
        (json!({ "colour": "green" }), "/colour"),
    ] {
        let answer = practice.staff.patch(paths::SETTINGS_SECURE_MESSAGING, &settings).await;
        assert_eq!(answer.refused(422, "validation_failed")["errors"][0]["pointer"], pointer, "{settings}");
    }
}

#[tokio::test]
async fn the_notice_is_the_practice_s_own_words() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let body = "{{ user.name_and_company }} wrote. Open: {{ secure_link }}";
    practice.configure(json!({ "notice_sms_body": body, "link_lifetime": "10_days" })).await;
    let jordan = practice.jordan().await;
    let message = json!({ "contact_id": jordan["id"], "body": "Hello" });
    let message = practice.staff.post(paths::MESSAGES, message).await.expect(201);
    assert_eq!(message["secure"], true, "private unless said otherwise");
    app.deliver().await;
    let text = &app.gateway.texts()[0].body;
    assert!(
        text.contains("Amy Lee") && text.contains("Riverside Clinic") && text.contains(" wrote. Open: http"),
        "{text}"
    );
}
