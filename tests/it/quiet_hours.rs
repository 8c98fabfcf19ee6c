//! Nobody is disturbed in their quiet hours, by the clock where they are.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id, with};
use serde_json::{Value, json};

fn path(message: &Value) -> String {
    format!("{}/{}", paths::SCHEDULED_MESSAGES, id(message))
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|time| time.parse().ok()).unwrap_or_else(|| panic!("a time, not {value}"))
}

async fn total(practice: &Practice, folder: &str) -> Value {
    practice.key.get(paths::CONVERSATION_COUNTS).await.expect(200)[folder]["total"].clone()
}

/// Eight in the evening to eight in the morning, in Chicago, where the practice is.
async fn quiet(practice: &Practice) {
    let hours = json!({ "quiet_hours": { "from": "20:00", "until": "08:00" } });
    practice.key.patch(paths::SETTINGS_SENDING, hours).await.expect(200);
}

#[tokio::test]
async fn what_is_sent_in_quiet_hours_waits_for_the_morning_where_the_contact_is() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let lee = json!({ "first_name": "Lee", "phone": "+15550100144", "time_zone": "Asia/Tokyo" });
    let lee = practice.contact(lee).await;
    quiet(&practice).await;
    // 9 in the morning in Chicago is midnight in Tokyo.
    assert!(practice.send(&jordan, json!({})).await["link"].is_object());
    let waits = practice.send(&lee, json!({})).await;
    assert_eq!(waits["waiting"], "quiet_hours");
    assert_eq!(time(&waits["send_at"]), "2026-03-02T23:00:00Z".parse::<DateTime<Utc>>().expect("a time"));
    assert_eq!(total(&practice, "scheduled").await, 1);
    // A time that was chosen is moved, and the answer says so; unless somebody means it.
    let night = json!({ "send_at": "2026-03-03T15:30:00Z" });
    let moved = practice.send(&lee, night.clone()).await;
    assert_eq!(time(&moved["send_at"]), "2026-03-03T23:00:00Z".parse::<DateTime<Utc>>().expect("a time"));
    let meant = practice.send(&lee, with(night, json!({ "despite_quiet_hours": true }))).await;
    assert_eq!((&meant["waiting"], &meant["send_at"]), (&json!("time"), &json!("2026-03-03T15:30:00Z")));
    assert!(practice.send(&lee, json!({ "despite_quiet_hours": true })).await["link"].is_object());
    // Send now anyway.
    practice.key.post(&format!("{}/send", path(&waits)), json!({})).await.expect(200);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 3);
    app.clock.advance(TimeDelta::hours(25));
    app.deliver().await;
    assert_eq!(practice.history(&lee).await.len(), 3);
    app.clock.advance(TimeDelta::hours(7));
    app.deliver().await;
    let last = practice.history(&lee).await[0].clone();
    assert_eq!(last["id"], moved["id"]);
    assert_eq!(time(&last["link"]["expires_at"]) - time(&last["created_at"]), TimeDelta::hours(24));
}

#[tokio::test]
async fn hours_that_were_set_meanwhile_hold_back_what_comes_due_in_them() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // Nine in the evening in Chicago.
    let message = practice.send(&jordan, json!({ "send_at": "2026-03-03T03:00:00Z" })).await;
    quiet(&practice).await;
    app.clock.advance(TimeDelta::hours(13));
    app.deliver().await;
    let waits = practice.message(&message).await;
    assert_eq!(
        (&waits["waiting"], &waits["send_at"]),
        (&json!("quiet_hours"), &json!("2026-03-03T14:00:00Z"))
    );
    app.clock.advance(TimeDelta::hours(11));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_new_link_that_was_asked_for_and_answers_to_keywords_do_not_wait() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({ "link_lifetime": "24_hours" })).await;
    let token = app.newest_token().await;
    quiet(&practice).await;
    // Ten in the evening, a day later.
    app.clock.advance(TimeDelta::hours(37));
    app.anybody().relink(&token).await.expect(202);
    practice.key.post(&format!("{}/{}/resend", paths::MESSAGES, id(&message)), json!({})).await.expect(201);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 3);
}

#[tokio::test]
async fn the_settings_of_sending_are_checked_and_told() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let get = async || practice.staff.get(paths::SETTINGS_SENDING).await.expect(200);
    let fallback = json!({ "to_email": false, "to_sms": false, "plain": false });
    assert_eq!(get().await, json!({ "undo_seconds": 10, "fallback": fallback }));
    for (wrong, pointer) in [
        (json!({ "undo_seconds": 31 }), "/undo_seconds"),
        (json!({ "quiet_hours": { "from": "08:00", "until": "08:00" } }), "/quiet_hours/until"),
    ] {
        let refused =
            practice.key.patch(paths::SETTINGS_SENDING, wrong).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    quiet(&practice).await;
    let hours = json!({ "from": "20:00", "until": "08:00" });
    assert_eq!(get().await, json!({ "undo_seconds": 10, "quiet_hours": hours, "fallback": fallback }));
    practice
        .key
        .patch(paths::SETTINGS_SENDING, json!({ "quiet_hours": null, "undo_seconds": 5 }))
        .await
        .expect(200);
    assert_eq!(get().await, json!({ "undo_seconds": 5, "fallback": fallback }));
}
