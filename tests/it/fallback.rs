//! What fails on one channel goes out on the other, where the practice says so: once, and never what may have arrived.

use chrono::TimeDelta;
use sealpost_api::delivery::worker;
use sealpost_api::{backup, follow_ups};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{Practice, id, with};
use serde_json::{Value, json};

async fn allow(practice: &Practice, more: Value) {
    let fallback = with(json!({ "to_email": true, "to_sms": false, "plain": false }), more);
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "fallback": fallback })).await.expect(200);
}

async fn ready() -> (TestApp, Practice, Value) {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    allow(&practice, json!({})).await;
    (app, practice, jordan)
}

async fn failed_count(practice: &Practice) -> Value {
    practice.key.get(paths::CONVERSATION_COUNTS).await.expect(200)["failed"]["total"].clone()
}

/// Everything that is due, with the clock going on as it does.
async fn settle(app: &TestApp) {
    app.clock.advance(TimeDelta::seconds(1));
    app.deliver().await;
}

fn went(message: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    let all = message["deliveries"].as_array().expect("a list");
    all.iter().map(|it| (word(&it["channel"]), word(&it["status"]))).collect()
}

fn pair(channel: &str, status: &str) -> (String, String) {
    (channel.to_owned(), status.to_owned())
}

/// A text that its gateway refuses with this code, and what becomes of it.
async fn refused_with(code: u32) -> (TestApp, Practice, Value) {
    let (app, practice, jordan) = ready().await;
    let message = practice.send(&jordan, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(code)]);
    settle(&app).await;
    (app, practice, message)
}

#[tokio::test]
async fn a_notice_that_failed_for_good_goes_by_email_once_with_a_link_of_its_own() {
    for code in [21_211, 21_610, 21_408] {
        let (app, practice, message) = refused_with(code).await;
        let shown = practice.message(&message).await;
        assert_eq!(went(&shown), [pair("sms", "failed"), pair("email", "sent")], "{code}");
        assert_eq!(shown["deliveries"][1]["fallback_of"], shown["deliveries"][0]["id"]);
        assert_ne!(shown["link"]["id"], message["link"]["id"]);
        assert_eq!(failed_count(&practice).await, 0, "it was brought home");
        assert_eq!(app.mail.mails().len(), 1);
        let token = sealpost_tests::given::token_in(&app.mail.mails()[0].text());
        assert_eq!(app.enter(&token).await.bodies().await, ["Your results are in."]);
        settle(&app).await;
        assert_eq!((app.mail.mails().len(), app.gateway.requests().len()), (1, 1));
    }
}

#[tokio::test]
async fn nothing_changes_its_channel_unless_the_practice_says_so() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_211)]);
    settle(&app).await;
    assert_eq!(went(&practice.message(&message).await), [pair("sms", "failed")]);
    assert_eq!((failed_count(&practice).await, app.mail.mails().len()), (json!(1), 0));
}

#[tokio::test]
async fn what_a_receipt_calls_failed_goes_by_email_and_what_was_opened_does_not() {
    let (app, practice, jordan) = ready().await;
    let message = practice.send(&jordan, json!({})).await;
    settle(&app).await;
    app.receipt(0, "undelivered", Some(30_006)).await.expect(204);
    settle(&app).await;
    assert_eq!(went(&practice.message(&message).await), [pair("sms", "failed"), pair("email", "sent")]);
    // One that was opened has arrived, whatever is said of it.
    let kim = json!({ "first_name": "Kim", "phone": "+15550100143", "email": "kim@mail.example" });
    let kim = practice.contact(kim).await;
    let other = practice.send(&kim, json!({ "channel": "sms" })).await;
    app.enter(&app.newest_token().await).await;
    app.receipt(1, "undelivered", Some(30_008)).await.expect(204);
    settle(&app).await;
    assert_eq!(went(&practice.message(&other).await), [pair("sms", "failed")]);
    assert_eq!(app.mail.mails().len(), 1);
}

#[tokio::test]
async fn without_an_allowed_address_it_stays_in_its_folder() {
    let (app, practice, _) = ready().await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100143" })).await;
    let message = practice.send(&sam, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_211)]);
    settle(&app).await;
    assert_eq!(went(&practice.message(&message).await), [pair("sms", "failed")]);
    assert_eq!(failed_count(&practice).await, 1);
}

#[tokio::test]
async fn it_never_goes_back_and_forth() {
    let (app, practice, jordan) = ready().await;
    allow(&practice, json!({ "to_sms": true })).await;
    let message = practice.send(&jordan, json!({})).await;
    app.gateway.always_answers(Some(GatewayAnswer::Refused(21_211)));
    app.mail.answers("RCPT", Some("550 5.1.1 no such user"));
    settle(&app).await;
    settle(&app).await;
    assert_eq!(went(&practice.message(&message).await), [pair("sms", "failed"), pair("email", "failed")]);
    assert_eq!(failed_count(&practice).await, 1);
    // Nor does a second try begin another round.
    let retry = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    practice.key.post(&retry, json!({ "channel": "sms" })).await.expect(201);
    settle(&app).await;
    settle(&app).await;
    assert_eq!(practice.message(&message).await["deliveries"].as_array().map(Vec::len), Some(3));
    assert_eq!(failed_count(&practice).await, 1);
}

#[tokio::test]
async fn what_may_have_arrived_is_not_sent_on_the_other_channel() {
    let (app, practice, jordan) = ready().await;
    let message = practice.send(&jordan, json!({})).await;
    app.gateway.always_answers(Some(GatewayAnswer::ResetAfterAccepting));
    for _ in 0..60 {
        app.clock.advance(TimeDelta::minutes(30));
        app.deliver().await;
    }
    assert_eq!(went(&practice.message(&message).await), [pair("sms", "failed")]);
    assert_eq!((app.mail.mails().len(), failed_count(&practice).await), (0, json!(1)));
}

#[tokio::test]
async fn a_mail_that_is_refused_goes_by_text_only_where_that_is_allowed_too() {
    for to_sms in [false, true] {
        let (app, practice, jordan) = ready().await;
        allow(&practice, json!({ "to_sms": to_sms })).await;
        app.mail.answers("RCPT", Some("550 5.1.1 no such user"));
        let message = practice.send(&jordan, json!({ "channel": "email" })).await;
        settle(&app).await;
        let shown = went(&practice.message(&message).await);
        if to_sms {
            assert_eq!(shown, [pair("email", "failed"), pair("sms", "sent")]);
        } else {
            assert_eq!(shown, [pair("email", "failed")]);
        }
    }
}

#[tokio::test]
async fn plain_messages_go_in_full_and_only_where_that_is_allowed() {
    let (app, practice, jordan) = ready().await;
    let plain = json!({ "secure": false, "body": "See you at 3" });
    let first = practice.send(&jordan, plain.clone()).await;
    app.gateway.always_answers(Some(GatewayAnswer::Refused(21_408)));
    settle(&app).await;
    assert_eq!(went(&practice.message(&first).await), [pair("sms", "failed")]);
    allow(&practice, json!({ "plain": true })).await;
    let second = practice.send(&jordan, plain).await;
    settle(&app).await;
    assert_eq!(went(&practice.message(&second).await), [pair("sms", "failed"), pair("email", "sent")]);
    assert!(app.mail.mails()[0].text().contains("See you at 3"));
}

#[tokio::test]
async fn a_limit_for_texts_sends_by_email_and_leaves_nothing_in_the_folder() {
    let (app, practice, jordan) = ready().await;
    for _ in 0..11 {
        practice.send(&jordan, json!({})).await;
    }
    settle(&app).await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (10, 1));
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn who_said_stop_gets_email_where_nobody_chose_the_channel() {
    let (app, practice, jordan) = ready().await;
    let waiting = practice.send(&jordan, json!({})).await;
    app.text_in("SM00000000000000000000000000000001", "+15550100142", "STOP").await.expect(204);
    settle(&app).await;
    assert_eq!(went(&practice.message(&waiting).await), [pair("sms", "canceled"), pair("email", "sent")]);
    let at_once = practice.send(&jordan, json!({})).await;
    assert_eq!(
        (&at_once["channel"], &at_once["deliveries"][0]["channel"]),
        (&json!("email"), &json!("email"))
    );
    // Whoever chooses it hears at once that it cannot be.
    practice.try_send(&jordan, json!({ "channel": "sms" })).await.refused(422, "contact_opted_out");
    practice.try_send(&jordan, json!({ "secure": false })).await.refused(422, "contact_opted_out");
    settle(&app).await;
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn quiet_hours_hold_it_back_and_staff_see_when_it_goes() {
    let (app, practice, jordan) = ready().await;
    let message = practice.send(&jordan, json!({})).await;
    settle(&app).await;
    // Nine in the evening in Chicago.
    app.clock.advance(TimeDelta::hours(12));
    let hours = json!({ "quiet_hours": { "from": "20:00", "until": "08:00" } });
    practice.key.patch(paths::SETTINGS_SENDING, hours).await.expect(200);
    app.receipt(0, "undelivered", Some(30_006)).await.expect(204);
    settle(&app).await;
    let shown = practice.message(&message).await;
    assert!(shown["deliveries"][0]["falls_back_at"].is_string(), "{shown}");
    assert_eq!((app.mail.mails().len(), failed_count(&practice).await), (0, json!(0)));
    app.clock.advance(TimeDelta::hours(11));
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1);
}

#[tokio::test]
async fn a_restored_database_leaves_it_to_people() {
    let (app, practice, jordan) = ready().await;
    let message = practice.send(&jordan, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_408)]);
    worker::run_until_idle(app.state()).await.expect("the worker");
    let log: [backup::Entry; 0] = [];
    backup::quiet_all(&app.state().db, app.state().now(), Some(&log)).await.expect("quiet");
    settle(&app).await;
    let tables = app.tables().await;
    assert_eq!((app.mail.mails().len(), tables["links"].len()), (0, 1), "{message}");
    practice.sign_in().await;
    assert_eq!(practice.folder("failed").await.len(), 1);
}

#[tokio::test]
async fn two_workers_and_a_restart_do_it_once() {
    let (mut app, practice, jordan) = ready().await;
    for _ in 0..6 {
        practice.send(&jordan, json!({})).await;
    }
    app.gateway.always_answers(Some(GatewayAnswer::Refused(21_408)));
    worker::run_until_idle(app.state()).await.expect("the worker");
    app.restart().await;
    app.clock.advance(TimeDelta::seconds(1));
    let second = app.second().await;
    let due = follow_ups::run_due;
    let (a, b) = tokio::join!(due(app.state()), due(second.state()));
    a.and(b).expect("done");
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 6);
    assert_eq!(failed_count(&practice).await, 0);
}

#[tokio::test]
async fn the_settings_of_the_other_channel_are_replaced_as_a_whole() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let off = json!({ "to_email": false, "to_sms": false, "plain": false });
    assert_eq!(practice.staff.get(paths::SETTINGS_SENDING).await.expect(200)["fallback"], off);
    let half = json!({ "fallback": { "to_email": true } });
    practice.key.patch(paths::SETTINGS_SENDING, half).await.refused(422, "validation_failed");
    allow(&practice, json!({ "to_sms": true })).await;
    let told = practice.staff.get(paths::SETTINGS_SENDING).await.expect(200);
    assert_eq!(told["fallback"], json!({ "to_email": true, "to_sms": true, "plain": false }));
}
