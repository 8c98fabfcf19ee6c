//! Whoever does not open a message is reminded, as often as the practice says; then staff are told.

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_api::{backup, follow_ups};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{Practice, id, token_in, with};
use serde_json::{Value, json};

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|time| time.parse().ok()).unwrap_or_else(|| panic!("a time, not {value}"))
}

/// A day, and at most three times, unless `reminders` says otherwise.
async fn remind(practice: &Practice, reminders: Value) {
    let reminders = json!({ "reminders": with(json!({ "after_hours": 24, "times": 3 }), reminders) });
    practice.key.patch(paths::SETTINGS_SENDING, reminders).await.expect(200);
}

/// Jordan has a message for ten days, and the policy is on.
async fn sent() -> (TestApp, Practice, Value, Value) {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({})).await;
    let message = practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    app.deliver().await;
    (app, practice, jordan, message)
}

async fn after(app: &TestApp, hours: i64) {
    app.clock.advance(TimeDelta::hours(hours));
    app.deliver().await;
}

async fn links(practice: &Practice, jordan: &Value) -> Vec<Value> {
    let page = practice.key.get(&format!("{}?contact_id={}", paths::LINKS, id(jordan))).await.expect(200);
    page["data"].as_array().expect("a list").clone()
}

fn events(tables: &std::collections::BTreeMap<String, Vec<String>>, kind: &str) -> usize {
    tables["events"].iter().filter(|row| row.contains(kind)).count()
}

#[tokio::test]
async fn what_nobody_opens_is_reminded_of_three_times_a_day_apart_and_then_staff_are_told() {
    let (app, practice, jordan, message) = sent().await;
    after(&app, 23).await;
    assert_eq!(app.gateway.texts().len(), 1);
    for made in 1..=3 {
        after(&app, if made == 1 { 1 } else { 24 }).await;
        assert_eq!(app.gateway.texts().len(), 1 + made);
        after(&app, 0).await;
        assert_eq!(app.gateway.texts().len(), 1 + made, "once");
    }
    let shown = practice.message(&message).await;
    assert_eq!((shown.get("not_opened_at"), shown["deliveries"].as_array().map(Vec::len)), (None, Some(4)));
    let made = links(&practice, &jordan).await;
    let origins: Vec<_> = made.iter().map(|link| link["origin"].as_str().expect("one")).collect();
    assert_eq!(origins, ["reminded", "reminded", "reminded", "sent"]);
    // Each works as long as the sender chose.
    let days = |link: &Value| (time(&link["expires_at"]) - time(&link["created_at"])).num_days();
    assert!(made.iter().all(|link| days(link) == 10), "{made:?}");
    practice.sign_in().await;
    assert_eq!(practice.folder("outbox").await[0]["not_opened"], false);
    after(&app, 24).await;
    practice.sign_in().await;
    let row = &practice.folder("outbox").await[0];
    assert_eq!((&row["not_opened"], &row["unread"]), (&json!(true), &json!(true)));
    assert_eq!(time(&practice.message(&message).await["not_opened_at"]), app.state().now());
    let tables = app.tables().await;
    assert_eq!((events(&tables, "secure_link.reminded"), events(&tables, "message.not_opened")), (3, 1));
    after(&app, 24).await;
    assert_eq!(app.gateway.texts().len(), 4);
    // Every one of them opens it, and then there is nothing left to tell.
    let first = app.gateway.texts()[1].clone();
    assert_eq!(app.enter(&token_in(&first.body)).await.bodies().await, ["Your results are in."]);
    assert_eq!(practice.message(&message).await.get("not_opened_at"), None);
    practice.sign_in().await;
    assert_eq!(practice.folder("outbox").await[0]["not_opened"], false);
}

#[tokio::test]
async fn nobody_is_reminded_unless_the_practice_says_so_and_never_of_what_was_sent_before() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    remind(&practice, json!({})).await;
    practice.send(&jordan, json!({ "secure": false, "body": "See you at 3" })).await;
    app.deliver().await;
    after(&app, 25).await;
    assert_eq!(app.gateway.texts().len(), 2);
    // Turned off again, what is watched is let go.
    practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    app.deliver().await;
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "reminders": null })).await.expect(200);
    after(&app, 25).await;
    assert_eq!(app.gateway.texts().len(), 3);
    assert_eq!(app.tables().await["reminders"], Vec::<String>::new());
}

/// Does something to a message before it is due; nobody is reminded of it, and staff are not told.
async fn stops(what: impl AsyncFnOnce(&TestApp, &Practice, &Value, &Value)) {
    let (app, practice, jordan, message) = sent().await;
    app.clock.advance(TimeDelta::hours(1));
    what(&app, &practice, &jordan, &message).await;
    app.deliver().await;
    let before = (app.gateway.texts().len(), app.mail.mails().len());
    after(&app, 30).await;
    after(&app, 24 * 8).await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), before);
    let tables = app.tables().await;
    assert_eq!((events(&tables, "secure_link.reminded"), events(&tables, "message.not_opened")), (0, 0));
    assert_eq!(tables["reminders"], Vec::<String>::new());
}

#[tokio::test]
async fn opening_it_ends_the_reminders() {
    stops(async |app, _, _, _| {
        app.enter(&app.newest_token().await).await;
    })
    .await;
}

#[tokio::test]
async fn looking_at_the_page_or_a_scanner_s_visit_does_not() {
    let (app, _, _, _) = sent().await;
    let token = app.newest_token().await;
    app.anybody().open(&token).await.expect(200);
    after(&app, 24).await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn an_answer_ends_the_reminders_by_whatever_way_it_comes() {
    stops(async |app, _, _, _| {
        app.text_in("SM00000000000000000000000000000001", "+15550100142", "Thanks, I will call you")
            .await
            .expect(204);
    })
    .await;
}

#[tokio::test]
async fn reading_it_through_another_message_s_link_ends_the_reminders() {
    let (app, practice, jordan, _) = sent().await;
    app.clock.advance(TimeDelta::hours(1));
    practice.send(&jordan, json!({ "body": "Another" })).await;
    let patient = app.enter(&app.newest_token().await).await;
    let page = patient.browser.get(&patient.path("/messages")).await.expect(200);
    let newest = json!({ "up_to": page["data"][0]["id"] });
    patient.browser.post(&patient.path("/read"), newest).await.expect(204);
    after(&app, 30).await;
    after(&app, 30).await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn revoking_its_link_ends_the_reminders() {
    stops(async |_, practice, _, message| {
        let link = message["link"]["id"].as_str().expect("an id");
        practice.key.post(&format!("{}/{link}/revoke", paths::LINKS), json!({})).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn revoking_the_first_link_revokes_those_of_its_reminders_and_they_it() {
    for revoked in [0, 1] {
        let (app, practice, jordan, _) = sent().await;
        after(&app, 24).await;
        let made = links(&practice, &jordan).await;
        assert_eq!(made.len(), 2);
        let revoke = format!("{}/{}/revoke", paths::LINKS, id(&made[revoked]));
        practice.key.post(&revoke, json!({})).await.expect(200);
        for text in app.gateway.texts() {
            app.anybody().open(&token_in(&text.body)).await.refused(404, "link_not_found");
        }
        after(&app, 25).await;
        assert_eq!(app.gateway.texts().len(), 2);
    }
}

#[tokio::test]
async fn erasing_the_contact_ends_the_reminders() {
    stops(async |app, practice, jordan, _| {
        practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(jordan))).await.expect(204);
        assert_eq!(app.tables().await["reminders"], Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_failed_is_in_its_folder_and_not_reminded_of() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_606)]);
    practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    app.deliver().await;
    after(&app, 25).await;
    assert_eq!((app.gateway.texts().len(), app.gateway.requests().len()), (0, 1));
}

#[tokio::test]
async fn who_opted_out_is_left_alone_and_staff_are_told() {
    let (app, practice, _, message) = sent().await;
    app.text_in("SM00000000000000000000000000000001", "+15550100142", "STOP").await.expect(204);
    app.deliver().await;
    let texts = app.gateway.texts().len();
    after(&app, 24).await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (texts, 0));
    assert!(practice.message(&message).await["not_opened_at"].is_string());
}

#[tokio::test]
async fn a_reminder_s_link_works_although_the_first_one_is_over() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({ "times": 1 })).await;
    let message = practice.send(&jordan, json!({ "link_lifetime": "24_hours" })).await;
    app.deliver().await;
    let first = app.newest_token().await;
    after(&app, 24).await;
    app.anybody().open(&first).await.refused(410, "link_expired");
    assert_eq!(app.gateway.texts().len(), 2);
    after(&app, 23).await;
    assert_eq!(app.enter(&app.newest_token().await).await.bodies().await, ["Your results are in."]);
    after(&app, 24).await;
    assert_eq!(practice.message(&message).await.get("not_opened_at"), None);
}

#[tokio::test]
async fn quiet_hours_are_quiet_for_reminders() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({ "after_hours": 12 })).await;
    practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    app.deliver().await;
    // Nine in the morning in Chicago; twelve hours later it is nine in the evening.
    let hours = json!({ "quiet_hours": { "from": "20:00", "until": "08:00" } });
    practice.key.patch(paths::SETTINGS_SENDING, hours).await.expect(200);
    after(&app, 12).await;
    assert_eq!(app.gateway.texts().len(), 1);
    after(&app, 10).await;
    assert_eq!(app.gateway.texts().len(), 1);
    after(&app, 1).await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn a_number_s_ten_texts_hold_for_reminders_which_wait_and_leave_no_dead_letter() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({ "after_hours": 12 })).await;
    let message = practice.send(&jordan, json!({ "link_lifetime": "10_days" })).await;
    app.clock.advance(TimeDelta::hours(11));
    for _ in 0..9 {
        practice.send(&jordan, json!({ "secure": false, "body": "See you at 3" })).await;
    }
    app.deliver().await;
    after(&app, 1).await;
    // The day of the ten is over twelve hours later.
    after(&app, 11).await;
    assert_eq!(app.gateway.texts().len(), 10);
    let shown = practice.message(&message).await;
    assert_eq!(shown["deliveries"].as_array().map(Vec::len), Some(1));
    practice.sign_in().await;
    assert_eq!(practice.folder("failed").await, Vec::<Value>::new());
    after(&app, 1).await;
    assert_eq!(app.gateway.texts().len(), 11);
}

#[tokio::test]
async fn what_is_sent_later_is_counted_from_when_it_went_out() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    remind(&practice, json!({})).await;
    let at = app.state().now() + TimeDelta::hours(10);
    practice.send(&jordan, json!({ "link_lifetime": "10_days", "send_at": at })).await;
    after(&app, 10).await;
    assert_eq!(app.gateway.texts().len(), 1);
    after(&app, 23).await;
    assert_eq!(app.gateway.texts().len(), 1);
    after(&app, 1).await;
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn two_workers_and_a_restart_remind_once() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    remind(&practice, json!({})).await;
    for number in 0..8 {
        let contact = json!({ "first_name": "Kim", "phone": format!("+1555010015{number}") });
        let contact = practice.contact(contact).await;
        practice.send(&contact, json!({ "link_lifetime": "10_days" })).await;
    }
    app.deliver().await;
    app.restart().await;
    app.clock.advance(TimeDelta::hours(24));
    let second = app.second().await;
    let due = follow_ups::run_due;
    let (a, b) = tokio::join!(due(app.state()), due(second.state()));
    a.and(b).expect("done");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 16);
    assert_eq!(events(&app.tables().await, "secure_link.reminded"), 8);
}

#[tokio::test]
async fn a_restored_database_reminds_nobody() {
    let (app, _, _, _) = sent().await;
    backup::quiet_all(&app.state().db, app.state().now(), None).await.expect("quiet");
    for _ in 0..4 {
        after(&app, 25).await;
    }
    assert_eq!((app.gateway.texts().len(), app.tables().await["reminders"].len()), (1, 0));
}

#[tokio::test]
async fn a_longer_patience_and_fewer_reminders_count_at_once() {
    let (app, practice, _, message) = sent().await;
    remind(&practice, json!({ "after_hours": 48, "times": 0 })).await;
    after(&app, 24).await;
    assert_eq!(practice.message(&message).await.get("not_opened_at"), None);
    after(&app, 24).await;
    assert_eq!(app.gateway.texts().len(), 1);
    assert!(practice.message(&message).await["not_opened_at"].is_string());
    // A new link that staff send is waited for anew.
    practice.key.post(&format!("{}/{}/resend", paths::MESSAGES, id(&message)), json!({})).await.expect(201);
    assert_eq!(practice.message(&message).await.get("not_opened_at"), None);
    app.deliver().await;
}

#[tokio::test]
async fn the_settings_of_reminders_are_checked_and_told() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (wrong, pointer) in [
        (json!({ "after_hours": 0, "times": 3 }), "/reminders/after_hours"),
        (json!({ "after_hours": 337, "times": 3 }), "/reminders/after_hours"),
        (json!({ "after_hours": 24, "times": 4 }), "/reminders/times"),
    ] {
        let wrong = json!({ "reminders": wrong });
        let refused =
            practice.key.patch(paths::SETTINGS_SENDING, wrong).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    remind(&practice, json!({})).await;
    let told = practice.staff.get(paths::SETTINGS_SENDING).await.expect(200);
    assert_eq!(told["reminders"], json!({ "after_hours": 24, "times": 3 }));
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "reminders": null })).await.expect(200);
    assert_eq!(practice.staff.get(paths::SETTINGS_SENDING).await.expect(200).get("reminders"), None);
}
