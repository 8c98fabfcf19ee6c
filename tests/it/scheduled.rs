//! Messages that go out later: nothing is seen of them before, nothing is lost, nothing goes twice.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_api::follow_ups;
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

async fn later(app: &TestApp, practice: &Practice, contact: &Value, more: Value) -> Value {
    let at = app.state().now() + TimeDelta::hours(3);
    practice.send(contact, with(json!({ "send_at": at }), more)).await
}

async fn total(practice: &Practice, folder: &str) -> Value {
    practice.key.get(paths::CONVERSATION_COUNTS).await.expect(200)[folder]["total"].clone()
}

async fn past(app: &TestApp) {
    app.clock.advance(TimeDelta::hours(3));
    app.deliver().await;
}

#[tokio::test]
async fn a_message_with_a_time_goes_out_then_and_its_link_s_life_begins_then() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = later(&app, &practice, &jordan, json!({ "link_lifetime": "24_hours" })).await;
    assert_eq!(message["waiting"], "time");
    assert_eq!(time(&message["send_at"]), app.state().now() + TimeDelta::hours(3));
    assert_eq!((message.get("link"), &message["deliveries"]), (None, &json!([])));
    app.clock.advance(TimeDelta::minutes(179));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 0);
    assert_eq!(practice.message(&message).await, message);
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    let sent = practice.message(&message).await;
    assert_eq!((sent.get("send_at"), sent.get("waiting")), (None, None));
    assert_eq!((&sent["author"], &sent["body"]), (&message["author"], &message["body"]));
    assert_eq!(sent["deliveries"][0]["status"], "sent");
    assert_eq!(time(&sent["created_at"]), app.state().now());
    assert_eq!(time(&sent["link"]["expires_at"]), app.state().now() + TimeDelta::hours(24));
    practice.key.get(&path(&message)).await.refused(404, "not_found");
    practice.key.delete(&path(&message)).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_patient_sees_nothing_of_it_before() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    app.clock.advance(TimeDelta::seconds(1));
    let message = later(&app, &practice, &jordan, json!({ "body": "The second results." })).await;
    assert_eq!(patient.bodies().await, ["Your results are in."]);
    assert_eq!(practice.history(&jordan).await.len(), 1);
    assert_eq!(practice.folder("outbox").await[0]["last_message"]["preview"], "Your results are in.");
    practice.key.post(&format!("{}/send", path(&message)), json!({})).await.expect(200);
    assert_eq!(patient.bodies().await, ["Your results are in.", "The second results."]);
    app.deliver().await;
}

#[tokio::test]
async fn the_scheduled_folder_shows_what_goes_out_first_and_its_number_is_kept() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let robin = practice.contact(json!({ "first_name": "Robin", "phone": "+15550100143" })).await;
    let second = later(&app, &practice, &jordan, json!({})).await;
    let soon = app.state().now() + TimeDelta::hours(1);
    let first = later(&app, &practice, &robin, json!({ "send_at": soon, "body": "Soon" })).await;
    let folder = practice.folder("scheduled").await;
    let ids: Vec<_> = folder.iter().map(|row| &row["next_scheduled"]["id"]).collect();
    assert_eq!(ids, [&first["id"], &second["id"]]);
    assert_eq!(
        (folder[0].get("last_message"), &folder[0]["next_scheduled"]["preview"]),
        (None, &json!("Soon"))
    );
    assert_eq!((total(&practice, "scheduled").await, total(&practice, "outbox").await), (json!(2), json!(0)));
    let page = practice.key.get(&format!("{}?limit=1", paths::SCHEDULED_MESSAGES)).await.expect(200);
    assert_eq!((&page["data"][0]["id"], &page["has_more"]), (&first["id"], &json!(true)));
    let cursor = page["next_cursor"].as_str().expect("more follows");
    let next = practice.key.get(&format!("{}?limit=1&cursor={cursor}", paths::SCHEDULED_MESSAGES)).await;
    assert_eq!(next.expect(200)["data"][0]["id"], second["id"]);
    // One more for the same person is still one conversation.
    let third = later(&app, &practice, &jordan, json!({ "send_at": soon })).await;
    assert_eq!(total(&practice, "scheduled").await, 2);
    practice.key.delete(&path(&third)).await.expect(204);
    practice.key.delete(&path(&second)).await.expect(204);
    assert_eq!(total(&practice, "scheduled").await, 1);
    past(&app).await;
    assert_eq!((total(&practice, "scheduled").await, total(&practice, "outbox").await), (json!(0), json!(1)));
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn what_waits_can_be_changed_sent_at_once_and_taken_back() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = later(&app, &practice, &jordan, json!({})).await;
    let tomorrow = app.state().now() + TimeDelta::hours(24);
    let change = json!({ "body": "Other words.", "send_at": tomorrow, "channel": "email" });
    let changed = practice.key.patch(&path(&message), change).await.expect(200);
    assert_eq!((&changed["body"], &changed["channel"]), (&json!("Other words."), &json!("email")));
    assert_eq!(time(&changed["send_at"]), tomorrow);
    past(&app).await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (0, 0));
    let past_time = json!({ "send_at": app.state().now() });
    let refused = practice.key.patch(&path(&message), past_time).await.refused(422, "validation_failed");
    assert_eq!(refused["errors"][0]["pointer"], "/send_at");
    let send = format!("{}/send", path(&message));
    let sent = practice.key.post(&send, json!({})).await.expect(200);
    assert_eq!((&sent["id"], &sent["deliveries"][0]["channel"]), (&message["id"], &json!("email")));
    // Pressed twice it is sent once.
    practice.key.post(&send, json!({})).await.expect(200);
    app.deliver().await;
    practice.key.patch(&path(&message), json!({ "body": "Too late" })).await.refused(409, "conflict");
    app.clock.advance(TimeDelta::hours(24));
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1);
    let gone = later(&app, &practice, &jordan, json!({})).await;
    practice.key.delete(&path(&gone)).await.expect(204);
    practice.key.delete(&path(&gone)).await.refused(404, "not_found");
    past(&app).await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (0, 1));
    practice.key.get(&format!("{}/{}", paths::MESSAGES, id(&gone))).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_time_must_be_in_the_year_to_come() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let now = app.state().now();
    for at in [now, now - TimeDelta::hours(1), now + TimeDelta::days(400)] {
        let refused =
            practice.try_send(&jordan, json!({ "send_at": at })).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/send_at");
    }
    practice.try_send(&jordan, json!({ "send_at": "tomorrow" })).await.refused(422, "validation_failed");
}

/// Makes something wrong that was right when it was put off, and says what the message is then.
async fn failed(wrong: impl AsyncFnOnce(&TestApp, &Practice, &Value)) -> (TestApp, Practice, Value) {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = later(&app, &practice, &jordan, json!({})).await;
    wrong(&app, &practice, &jordan).await;
    past(&app).await;
    let failed = practice.message(&message).await;
    (app, practice, failed)
}

#[track_caller]
fn assert_failed(message: &Value, code: &str) {
    assert_eq!(message["failure"]["code"], code, "{message}");
    assert!(message["failure"]["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{message}");
    assert!(message["send_at"].is_string() && message.get("link").is_none(), "{message}");
}

#[tokio::test]
async fn what_may_no_longer_be_sent_stays_with_its_reason_until_somebody_mends_it() {
    let (app, practice, message) = failed(async |_, practice, jordan| {
        let change = json!({ "phone": null });
        practice.key.patch(&format!("{}/{}", paths::CONTACTS, id(jordan)), change).await.expect(200);
    })
    .await;
    assert_failed(&message, "address_missing");
    practice.sign_in().await;
    assert_eq!(app.gateway.requests().len(), 0);
    assert_eq!(practice.folder("scheduled").await[0]["next_scheduled"]["failure"]["code"], "address_missing");
    let told = app.tables().await["events"].iter().filter(|row| row.contains("message.failed")).count();
    assert_eq!(told, 1);
    // Nothing happens by itself; by the other way, or mended, it goes.
    app.clock.advance(TimeDelta::hours(30));
    app.deliver().await;
    practice.key.post(&format!("{}/send", path(&message)), json!({})).await.refused(422, "address_missing");
    practice.key.patch(&path(&message), json!({ "channel": "email" })).await.expect(200);
    practice.key.post(&format!("{}/send", path(&message)), json!({})).await.expect(200);
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1);
    assert_eq!(total(&practice, "scheduled").await, 0);
}

#[tokio::test]
async fn secure_messaging_turned_off_and_a_pin_that_cannot_be_made_are_such_reasons() {
    let (_app, _, message) =
        failed(async |_, practice, _| practice.configure(json!({ "enabled": false })).await).await;
    assert_failed(&message, "secure_messaging_disabled");
    let (app, practice, message) = failed(async |_, practice, _| {
        let template = "{{ contact.external_id }}";
        practice.configure(json!({ "default_pin": { "kind": "template", "value": template } })).await;
    })
    .await;
    assert_failed(&message, "pin_unresolved");
    // A new time is a new try.
    practice.configure(json!({ "default_pin": { "kind": "none" } })).await;
    let again = json!({ "send_at": app.state().now() + TimeDelta::hours(1) });
    let changed = practice.key.patch(&path(&message), again).await.expect(200);
    assert_eq!(changed.get("failure"), None);
    past(&app).await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn an_opt_out_meanwhile_is_such_a_reason_and_erasing_takes_it_with_it() {
    let (app, practice, message) = failed(async |app, _, _| {
        app.execute("UPDATE contacts SET sms_opted_out_at = created_at").await;
    })
    .await;
    assert_failed(&message, "contact_opted_out");
    let contact = message["contact_id"].as_str().expect("an id");
    practice.key.delete(&format!("{}/{contact}", paths::CONTACTS)).await.expect(204);
    practice.key.get(&path(&message)).await.refused(404, "not_found");
    assert_eq!(total(&practice, "scheduled").await, 0);
    assert_eq!(app.tables().await["scheduled_messages"], Vec::<String>::new());
}

#[tokio::test]
async fn two_workers_and_a_restart_send_it_once() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for number in 0..8 {
        later(&app, &practice, &jordan, json!({ "body": format!("number {number}") })).await;
    }
    app.restart().await;
    app.clock.advance(TimeDelta::hours(3));
    let second = app.second().await;
    let due = follow_ups::run_due;
    let (a, b) = tokio::join!(due(app.state()), due(second.state()));
    a.and(b).expect("done");
    app.deliver().await;
    let mut bodies: Vec<_> =
        practice.history(&jordan).await.iter().map(|it| it["body"].to_string()).collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!((bodies.len(), practice.history(&jordan).await.len(), app.gateway.texts().len()), (8, 8, 8));
}

#[tokio::test]
async fn a_request_that_is_repeated_puts_off_one_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = json!({ "contact_id": id(&jordan), "body": "Hello", "send_at": app.state().now() + TimeDelta::hours(3) });
    let send = async || {
        let call =
            practice.key.call(reqwest::Method::POST, paths::MESSAGES).header(paths::IDEMPOTENCY_KEY, "one");
        call.json(&message).send().await.expect(201)
    };
    assert_eq!(send().await["id"], send().await["id"]);
    past(&app).await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_pin_of_its_own_goes_with_the_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = later(&app, &practice, &jordan, json!({ "pin": "480215" })).await;
    assert_eq!(message["has_own_pin"], true);
    app.clock.advance(TimeDelta::hours(3));
    let token = app.newest_token().await;
    app.anybody().verify_pin(&token, "111111").await.refused(401, "pin_incorrect");
    assert_eq!(app.enter_with_pin(&token, "480215").await.bodies().await, ["Your results are in."]);
}

#[tokio::test]
async fn undo_is_asked_for_and_lasts_as_long_as_the_setting_says() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // Keys and calls that do not ask for it send at once.
    assert!(practice.send(&jordan, json!({})).await["link"].is_object());
    let held = practice.send(&jordan, json!({ "undo": true, "body": "Oh no" })).await;
    assert_eq!(held["waiting"], "undo");
    assert_eq!(time(&held["send_at"]), app.state().now() + TimeDelta::seconds(10));
    assert_eq!(
        (total(&practice, "scheduled").await, practice.folder("scheduled").await.len()),
        (json!(0), 0)
    );
    practice.key.delete(&path(&held)).await.expect(204);
    let kept = practice.send(&jordan, json!({ "undo": true, "body": "Better" })).await;
    app.clock.advance(TimeDelta::seconds(9));
    app.deliver().await;
    assert_eq!(practice.history(&jordan).await.len(), 1);
    app.clock.advance(TimeDelta::seconds(1));
    app.deliver().await;
    assert_eq!(practice.history(&jordan).await[0]["id"], kept["id"]);
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 0 })).await.expect(200);
    assert!(practice.send(&jordan, json!({ "undo": true })).await["link"].is_object());
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 3);
}

#[tokio::test]
async fn what_could_not_go_out_after_its_seconds_of_undo_is_in_the_folder() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let held = practice.send(&jordan, json!({ "undo": true })).await;
    practice.configure(json!({ "enabled": false })).await;
    app.clock.advance(TimeDelta::seconds(10));
    app.deliver().await;
    assert_failed(&practice.message(&held).await, "secure_messaging_disabled");
    assert_eq!(total(&practice, "scheduled").await, 1);
}

#[tokio::test]
async fn one_organization_s_pile_keeps_no_other_s_message_waiting() {
    let app = TestApp::start().await;
    let (theirs, ours) =
        (app.practice().await, app.practice_named("Lakeside Law", "kim@lakeside.example").await);
    let at = app.state().now() + TimeDelta::hours(1);
    let (jordan, sam) = (theirs.jordan().await, ours.contact(json!({ "phone": "+15550100177" })).await);
    for _ in 0..70 {
        theirs.send(&jordan, json!({ "send_at": at, "channel": "email" })).await;
    }
    ours.send(&sam, json!({ "send_at": at + TimeDelta::seconds(1) })).await;
    app.clock.advance(TimeDelta::hours(2));
    let done = follow_ups::run_due(app.state()).await.expect("done");
    assert!(done < 71, "{done}: not all at one look, or this shows nothing");
    ours.sign_in().await;
    assert_eq!(ours.folder("outbox").await.len(), 1, "the last in line, and the first of its own");
    app.deliver().await;
}
