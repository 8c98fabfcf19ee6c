//! Ten texts to one number within a day, whoever shares it (security.md D7).

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
    let within = app.anybody().relink(&token).await;
    for _ in 0..11 {
        practice.send(&jordan, json!({})).await;
    }
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1 + 1 + 10, "a new link takes none of the ten");
    app.clock.advance(TimeDelta::seconds(61));
    let past = app.anybody().relink(&token).await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 13, "nor is it held back by them");
    // Nothing is left of the month: no way, no offer, no try used up, and the same answer.
    configure(&practice, json!({ "monthly_segments": 1 })).await;
    let made = async || {
        let tables = app.tables().await;
        (tables["links"].len(), tables["deliveries"].len(), tables["messages"].len())
    };
    let before = made().await;
    for _ in 0..4 {
        app.clock.advance(TimeDelta::seconds(61));
        let spent = app.anybody().relink(&token).await;
        assert_eq!((spent.status, &spent.json), (within.status, &within.json));
    }
    assert_eq!((past.status, &past.json), (within.status, &within.json));
    let unknown = app.anybody().relink("0123456789abcdefABCDEF").await;
    assert_eq!((past.status, &past.json), (unknown.status, &unknown.json));
    assert_eq!(made().await, before);
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone.get("relink"), None);
    configure(&practice, json!({ "monthly_segments": 10_000 })).await;
    app.clock.advance(TimeDelta::seconds(61));
    app.anybody().relink(&token).await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 14, "the third of the day is still there");
}

#[tokio::test]
async fn where_no_text_is_left_a_new_link_goes_by_email() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(PAST_A_DAY);
    configure(&practice, json!({ "monthly_segments": 1 })).await;
    let gone = app.anybody().open(&token).await.refused(410, "link_expired");
    assert_eq!(gone["relink"]["channel"], "email");
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (1, 1));
}

#[tokio::test]
async fn contacts_who_share_a_number_share_its_new_links() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut tokens = Vec::new();
    for first_name in ["Jordan", "Sam", "Kim"] {
        let contact = practice.contact(json!({ "first_name": first_name, "phone": JORDANS })).await;
        practice.send(&contact, json!({})).await;
        tokens.push(app.newest_token().await);
    }
    app.clock.advance(PAST_A_DAY);
    for _ in 0..3 {
        for token in &tokens {
            app.anybody().relink(token).await.expect(202);
        }
        app.clock.advance(TimeDelta::seconds(61));
    }
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 3 + 5);
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
    // An answer takes none of the ten; the month counts it.
    let texts = async || {
        let usage = practice.key.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200);
        usage["months"][12]["texts"].as_i64().expect("a number")
    };
    let before = texts().await;
    let sam = practice.contact(json!({ "phone": "+15550100143" })).await;
    configure(&practice, json!({ "countries": null, "monthly_segments": 10_000 })).await;
    comes(&app, &practice, "+15550100143", "HELP").await;
    let standing = practice.key.get(&format!("{}/{}/texts", paths::CONTACTS, id(&sam))).await.expect(200);
    assert_eq!((&standing["left"], texts().await), (&json!(10), before + 1));
    app.deliver().await;
}

/// Who holds the phone for a minute takes nothing of what its owner is to hear.
#[tokio::test]
async fn stop_and_start_in_turn_do_not_silence_a_contact_for_the_day() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for _ in 0..10 {
        comes(&app, &practice, JORDANS, "STOP").await;
        comes(&app, &practice, JORDANS, "START").await;
    }
    assert_eq!(fate(&practice.send(&jordan, json!({})).await), ("queued", ""));
    app.deliver().await;
    let notices = app.gateway.texts().iter().filter(|text| text.body.contains("/m#")).count();
    assert_eq!(notices, 1);
}

#[tokio::test]
async fn contacts_who_share_a_number_share_its_ten_and_its_answers() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut family = Vec::new();
    for first_name in ["Jordan", "Sam", "Kim"] {
        family.push(practice.contact(json!({ "first_name": first_name, "phone": JORDANS })).await);
    }
    let mut queued = 0;
    for _ in 0..5 {
        for contact in &family {
            queued += usize::from(fate(&practice.send(contact, json!({})).await).0 == "queued");
        }
    }
    app.deliver().await;
    assert_eq!((queued, app.gateway.texts().len()), (10, 10));
    for _ in 0..20 {
        for word in ["STOP", "START", "HELP"] {
            comes(&app, &practice, JORDANS, word).await;
            app.deliver().await;
        }
    }
    assert_eq!(app.gateway.texts().len(), 10 + 5 + 5, "ten texts, five answers to STOP, five others");
}

#[tokio::test]
async fn a_record_erased_and_made_again_is_the_same_number() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.contact(json!({ "phone": JORDANS })).await;
    for _ in 0..10 {
        practice.send(&jordan, json!({})).await;
    }
    app.deliver().await;
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&jordan))).await.expect(204);
    let again = practice.contact(json!({ "phone": JORDANS })).await;
    assert_eq!(fate(&practice.send(&again, json!({})).await), ("failed", "budget"));
    // Nor does a number take ten more by way of records that are given it while their texts wait.
    let other = practice.contact(json!({ "phone": "+15550100177" })).await;
    practice.send(&other, json!({})).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&other));
    practice.key.patch(&path, json!({ "phone": JORDANS })).await.expect(200);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 10);
}

async fn configure(practice: &Practice, settings: Value) {
    practice.key.patch(paths::SETTINGS_TEXTS, settings).await.expect(200);
}

/// Sends, resends and new links at once: whatever comes first, ten go, and one new link.
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
    // On a slow machine all who asked may have waited in the crowd for too long; if not, this is too soon.
    app.anybody().relink(&token).await.expect(202);
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1 + 10 + 1, "yesterday's, ten, and one who waited for it");
    let usage = practice.key.get(paths::SETTINGS_TEXTS_USAGE).await.expect(200);
    let day = usage["days"].as_array().and_then(|days| days.last()).expect("today");
    assert_eq!(day["texts"], 11);
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
