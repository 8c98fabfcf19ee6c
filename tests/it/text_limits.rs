//! Ten texts to one contact within a day, whoever causes them (security.md D7).

use chrono::TimeDelta;
use sealpost_api::contacts::Address;
use sealpost_api::inbound::{Received, receive};
use sealpost_shared::paths;
use sealpost_tests::app::{Second, TestApp};
use sealpost_tests::client::Client;
use sealpost_tests::given::{PAST_A_DAY, Practice, id};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

const JORDANS: &str = "+15550100142";

/// Status and failure code of a message's newest delivery.
fn fate(message: &Value) -> (&str, &str) {
    let delivery = message["deliveries"].as_array().expect("a list").last().expect("a delivery");
    (delivery["status"].as_str().expect("a status"), delivery["failure"]["code"].as_str().unwrap_or_default())
}

async fn comes(app: &TestApp, practice: &Practice, from: &str, body: &str) {
    app.clock.advance(TimeDelta::seconds(1));
    let received = Received {
        organization: practice.organization_id.parse().expect("an id"),
        provider: "test",
        account: "AC1".to_owned(),
        message_id: Uuid::new_v4().to_string(),
        from: Address::Phone(from.parse().expect("a number")),
        to: Address::Phone("+15550100100".parse().expect("a number")),
        body: body.parse().expect("a text"),
    };
    receive(app.state(), &received).await.expect("it is taken");
}

#[tokio::test]
async fn the_eleventh_text_of_a_day_is_a_dead_letter_that_says_why() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let standing = format!("{}/{}/texts", paths::CONTACTS, id(&jordan));
    for left in (0..10).rev() {
        assert_eq!(fate(&practice.send(&jordan, json!({})).await), ("queued", ""));
        assert_eq!(practice.key.get(&standing).await.expect(200)["left"], left);
        app.clock.advance(TimeDelta::hours(1));
    }
    let mut events = practice.key.stream(paths::EVENTS).await;
    let dead = practice.send(&jordan, json!({})).await;
    assert_eq!(fate(&dead), ("failed", "budget"));
    let failure = &dead["deliveries"][0]["failure"];
    assert!(failure["detail"].as_str().is_some_and(|it| it.contains("email")), "{failure}");
    assert_eq!(dead["deliveries"][0]["attempts"], 0);
    let path = format!("{}/{}/resend", paths::MESSAGES, id(&dead));
    let again = practice.key.post(&path, json!({})).await.expect(201);
    assert_eq!(fate(&again), ("failed", "budget"));
    let now = practice.key.get(&standing).await.expect(200);
    assert_eq!((&now["allowed"], &now["block"]), (&json!(false), &json!("contact_limit")));
    assert_eq!(now["until"], "2026-03-03T15:00:00Z", "a day after the first one");
    events.until("message.failed").await;
    let audit = app.tables().await["audit_entries"].join("\n");
    assert_eq!(audit.matches("delivery.failed").count(), 2, "{audit}");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 10);
    // Email knows no such limit, others are not meant, and a day ends.
    assert_eq!(fate(&practice.send(&jordan, json!({ "channel": "email" })).await).0, "queued");
    let sam = practice.contact(json!({ "phone": "+15550100143" })).await;
    assert_eq!(fate(&practice.send(&sam, json!({})).await).0, "queued");
    app.clock.advance(TimeDelta::hours(14));
    assert_eq!(fate(&practice.send(&jordan, json!({})).await).0, "queued");
    app.deliver().await;
}

/// What is not sent keeps no word, and what is counted is counted once.
#[tokio::test]
async fn a_dead_letter_keeps_no_text_and_a_changed_number_is_not_charged_again() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": "+15550100188" })).await.expect(200);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    let standing = practice.key.get(&format!("{path}/texts")).await.expect(200);
    assert_eq!(standing["left"], 9, "one text went, to the new number");
    let usage = practice.key.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200);
    assert_eq!(usage["months"][12]["texts"], 1);
    for _ in 0..10 {
        practice.send(&jordan, json!({})).await;
    }
    assert!(app.tables().await["deliveries"].iter().any(|row| row.contains("budget")));
    // Words that are kept stand in a column of their own.
    app.alter("CREATE TABLE kept AS SELECT id FROM deliveries WHERE status = 'failed' AND sealed_content IS NOT NULL").await;
    app.alter("CREATE TABLE dead AS SELECT id FROM deliveries WHERE status = 'failed'").await;
    let tables = app.tables().await;
    assert_eq!((tables["kept"].len(), tables["dead"].len()), (0, 1));
    app.deliver().await;
}

#[tokio::test]
async fn new_links_count_and_past_the_limit_the_answer_is_the_same() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.contact(json!({ "phone": JORDANS })).await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    for _ in 0..9 {
        practice.send(&jordan, json!({})).await;
    }
    let within = app.anybody().relink(&token).await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 11);
    app.clock.advance(TimeDelta::seconds(61));
    let past = app.anybody().relink(&token).await;
    let unknown = app.anybody().relink("0123456789abcdefABCDEF").await;
    assert_eq!((past.status, &past.json), (within.status, &within.json));
    assert_eq!((past.status, &past.json), (unknown.status, &unknown.json));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 11, "the tenth of the day was the last");
}

#[tokio::test]
async fn stop_is_answered_past_the_limit_and_counts_and_stop_and_start_in_turn_end() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for _ in 0..10 {
        practice.send(&jordan, json!({})).await;
    }
    configure(&practice, json!({ "countries": ["CA"], "monthly_segments": 1 })).await;
    app.deliver().await;
    comes(&app, &practice, JORDANS, "STOP").await;
    app.deliver().await;
    let answers = |from: usize| app.gateway.texts().len() - from;
    assert_eq!(answers(10), 1, "whatever the limits");
    for _ in 0..20 {
        comes(&app, &practice, JORDANS, "START").await;
        comes(&app, &practice, JORDANS, "STOP").await;
        comes(&app, &practice, JORDANS, "HELP").await;
    }
    app.deliver().await;
    assert!(answers(10) <= 10, "{} answers in a day", answers(10));
    let contact = practice.key.get(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(200);
    assert_eq!(contact["opted_out"], json!(["sms"]), "heeded in silence");
    // An answer is a text like any other: it leaves fewer for others.
    let sam = practice.contact(json!({ "phone": "+15550100143" })).await;
    configure(&practice, json!({ "countries": null, "monthly_segments": 10_000 })).await;
    comes(&app, &practice, "+15550100143", "HELP").await;
    let standing = practice.key.get(&format!("{}/{}/texts", paths::CONTACTS, id(&sam))).await.expect(200);
    assert_eq!(standing["left"], 9);
    app.deliver().await;
}

async fn configure(practice: &Practice, settings: Value) {
    practice.key.patch(paths::SETTINGS_TEXTS, settings).await.expect(200);
}

/// Sends, resends and new links at once: whatever comes first, ten go.
async fn storm(app: &TestApp, second: Option<&Second>) {
    let practice = app.practice().await;
    let jordan = practice.contact(json!({ "phone": JORDANS })).await;
    let first = practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    let at = |number: usize| -> Client {
        match second {
            Some(second) if number % 2 == 1 => second.with_key(practice.key.bearer()),
            _ => app.with_key(practice.key.bearer()),
        }
    };
    let mut calls = JoinSet::new();
    for number in 0..30 {
        let (client, jordan, first, token) = (at(number), jordan.clone(), first.clone(), token.clone());
        calls.spawn(async move {
            match number % 10 {
                8 => {
                    client.post(&format!("{}/{}/resend", paths::MESSAGES, id(&first)), json!({})).await.status
                }
                9 => client.post(paths::SECURE_LINKS_RELINK, json!({ "token": token })).await.status,
                _ => {
                    let message =
                        json!({ "contact_id": id(&jordan), "body": "Hello.", "secure": number % 2 == 0 });
                    client.post(paths::MESSAGES, message).await.status
                }
            }
        });
    }
    let answers = calls.join_all().await;
    assert!(answers.iter().all(|status| matches!(status, 201 | 202)), "{answers:?}");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1 + 10, "yesterday's and ten");
    let usage = practice.key.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200);
    let day = usage["days"].as_array().and_then(|days| days.last()).expect("today");
    assert_eq!(day["texts"], 10);
}

#[tokio::test]
async fn thirty_at_once_send_ten() {
    storm(&TestApp::start().await, None).await;
}

#[tokio::test]
async fn thirty_at_once_at_two_servers_on_one_database_send_ten() {
    let app = TestApp::start().await;
    let second = app.second().await;
    storm(&app, Some(&second)).await;
}

#[tokio::test]
async fn a_month_s_last_segments_are_not_shared_by_two_who_send_at_once() {
    let app = TestApp::start().await;
    let second = app.second().await;
    let practice = app.practice().await;
    configure(&practice, json!({ "monthly_segments": 7 })).await;
    let mut calls = JoinSet::new();
    for number in 0..20 {
        let contact = practice.contact(json!({ "phone": format!("+155501003{number:02}") })).await;
        let key = practice.key.bearer();
        let client = if number % 2 == 0 { app.with_key(key) } else { second.with_key(key) };
        calls.spawn(async move {
            let message = json!({ "contact_id": id(&contact), "body": "Hello.", "secure": false });
            client.post(paths::MESSAGES, message).await.expect(201)
        });
    }
    let answers = calls.join_all().await;
    let failed = answers.iter().filter(|message| fate(message) == ("failed", "budget")).count();
    assert_eq!(failed, 13);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 7);
}
