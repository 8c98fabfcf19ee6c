//! Replies that come back by text and email.

use chrono::TimeDelta;
use sealpost_api::contacts::Address;
use sealpost_api::housekeeping;
use sealpost_api::inbound::{Outcome, Received, receive};
use sealpost_shared::conversations::Keyword;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id, with};
use serde_json::{Value, json};
use uuid::Uuid;

const JORDANS: &str = "+15550100142";

fn received(practice: &Practice, from: &str, body: &str) -> Received {
    let address = |text: &str| match text.contains('@') {
        true => Address::Email(text.parse().expect("an address")),
        false => Address::Phone(text.parse().expect("a number")),
    };
    let to = if from.contains('@') { "desk@riverside.example" } else { "+15550100100" };
    Received {
        organization: practice.organization_id.parse().expect("an id"),
        provider: "test",
        account: "AC1".to_owned(),
        message_id: Uuid::new_v4().to_string(),
        from: address(from),
        to: address(to),
        body: body.parse().expect("a text"),
    }
}

/// What becomes of a text or email.
async fn comes(app: &TestApp, practice: &Practice, from: &str, body: &str) -> Outcome {
    app.clock.advance(TimeDelta::seconds(1));
    receive(app.state(), &received(practice, from, body)).await.expect("it is taken")
}

async fn opted_out(practice: &Practice, contact: &Value) -> Value {
    practice.key.get(&format!("{}/{}", paths::CONTACTS, id(contact))).await.expect(200)["opted_out"].clone()
}

/// Texts to this number, oldest first.
fn texts_to(app: &TestApp, number: &str) -> Vec<String> {
    app.gateway.texts().into_iter().filter(|text| text.to == number).map(|text| text.body).collect()
}

async fn events(app: &TestApp, kind: &str) -> usize {
    let tables = app.tables().await;
    tables["events"].iter().filter(|row| row.contains(kind)).count()
}

#[tokio::test]
async fn a_text_is_unread_in_its_sender_s_conversation_and_says_how_it_came() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let sent = practice.send(&jordan, json!({})).await;
    let conversation =
        format!("{}/{}", paths::CONVERSATIONS, sent["conversation_id"].as_str().expect("an id"));
    practice.key.patch(&conversation, json!({ "archived": true })).await.expect(200);
    app.deliver().await;
    let outcome = comes(&app, &practice, JORDANS, "Running late, sorry!").await;
    assert!(matches!(outcome, Outcome::Attached(_)), "{outcome:?}");

    let history = practice.history(&jordan).await;
    let newest = &history[0];
    assert_eq!(newest["body"], "Running late, sorry!");
    assert_eq!((&newest["direction"], &newest["secure"]), (&json!("inbound"), &json!(false)));
    assert_eq!((&newest["channel"], &newest["author"]["kind"]), (&json!("sms"), &json!("contact")));
    assert!(newest.get("keyword").is_none() && newest.get("link").is_none(), "{newest}");
    let inbox = practice.folder("inbox").await;
    assert_eq!((inbox.len(), &inbox[0]["unread"]), (1, &json!(true)), "back from the archive");
    let counts = practice.staff.get(paths::CONVERSATION_COUNTS).await.expect(200);
    assert_eq!(counts["inbox"], json!({ "total": 1, "unread": 1 }));
    assert_eq!(counts["archived"]["total"], 0);
    assert_eq!(events(&app, "message.received").await, 1);
    let audit = app.tables().await["audit_entries"].join("\n");
    assert!(audit.contains("message.received"), "{audit}");
}

#[tokio::test]
async fn an_email_finds_its_sender_whatever_its_case() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let outcome = comes(&app, &practice, "Jordan.Reyes@MAIL.example", "By mail then.").await;
    assert!(matches!(outcome, Outcome::Attached(_)), "{outcome:?}");
    let newest = &practice.history(&jordan).await[0];
    assert_eq!((&newest["channel"], &newest["body"]), (&json!("email"), &json!("By mail then.")));
}

#[tokio::test]
async fn a_message_that_its_provider_gives_us_many_times_counts_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let once = received(&practice, JORDANS, "Hello?");
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (state, body) = (app.state().clone(), once.body.clone());
        let again = Received {
            body,
            from: once.from.clone(),
            to: once.to.clone(),
            account: once.account.clone(),
            message_id: once.message_id.clone(),
            ..once
        };
        calls.spawn(async move { receive(&state, &again).await.expect("it is taken") });
    }
    let outcomes = calls.join_all().await;
    let repeated = outcomes.iter().filter(|outcome| **outcome == Outcome::Repeated).count();
    assert_eq!(repeated, 5, "{outcomes:?}");
    assert_eq!(practice.history(&jordan).await.len(), 1);
    // The same id at another account is another message.
    let other = Received { account: "AC2".to_owned(), ..once };
    assert!(matches!(receive(app.state(), &other).await, Ok(Outcome::Attached(_))));
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_attached_to_nobody_and_held_sealed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    practice.contact(json!({ "first_name": "Sam", "phone": JORDANS })).await;
    let unknown = comes(&app, &practice, "+15557310942", "canary-from-nobody").await;
    assert_eq!(unknown, Outcome::SenderUnknown);
    let shared = comes(&app, &practice, JORDANS, "canary-from-either").await;
    assert_eq!(shared, Outcome::SenderAmbiguous);
    // A word from nobody stops nothing.
    assert_eq!(comes(&app, &practice, "+15557310942", "STOP").await, Outcome::SenderUnknown);
    let tables = app.tables().await;
    assert_eq!((tables["messages"].len(), tables["inbound_messages"].len()), (0, 3));
    let stored = app.stored_bytes().await;
    for secret in ["canary-from", "15557310942"] {
        let found = stored.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} is in the database");
    }
    let held = async || {
        let rows = app.tables().await["inbound_messages"].clone();
        assert_eq!(rows.len(), 3, "that they came is known for ever");
        rows.iter().map(String::len).sum::<usize>()
    };
    let before = held().await;
    app.clock.advance(TimeDelta::days(29));
    housekeeping::sweep(app.state()).await.expect("a sweep");
    assert_eq!(held().await, before);
    app.clock.advance(TimeDelta::days(2));
    housekeeping::sweep(app.state()).await.expect("a sweep");
    assert!(held().await < before, "what they said is not");
}

#[tokio::test]
async fn a_number_is_looked_for_in_the_organization_that_was_written_to_and_no_other() {
    let app = TestApp::start().await;
    let theirs = app.practice().await;
    let jordan = theirs.jordan().await;
    let ours = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    assert_eq!(comes(&app, &ours, JORDANS, "Hello").await, Outcome::SenderUnknown);
    assert_eq!(comes(&app, &ours, JORDANS, "STOP").await, Outcome::SenderUnknown);
    assert_eq!(theirs.history(&jordan).await, Vec::<Value>::new());
    assert_eq!(opted_out(&theirs, &jordan).await, json!([]));
}

#[tokio::test]
async fn stop_ends_texts_at_once_and_is_confirmed_and_start_undoes_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let queued = practice.send(&jordan, json!({})).await;
    assert_eq!(comes(&app, &practice, JORDANS, " Stop. ").await, Outcome::Heeded(Keyword::Stop));
    assert_eq!(opted_out(&practice, &jordan).await, json!(["sms"]));
    let canceled = &practice.message(&queued).await["deliveries"][0];
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(canceled["failure"]["code"], "contact_opted_out");
    practice.try_send(&jordan, json!({})).await.refused(422, "contact_opted_out");
    // The preferred channel is not changed for them behind their back; email they did not stop.
    practice.send(&jordan, json!({ "channel": "email" })).await;

    app.deliver().await;
    let texts = texts_to(&app, JORDANS);
    assert_eq!(texts.len(), 1, "{texts:?}");
    for part in ["Riverside Clinic", "no more texts", "START", "(555) 010-0100"] {
        assert!(texts[0].contains(part), "{part} in {}", texts[0]);
    }
    let history = practice.history(&jordan).await;
    let words: Vec<_> = history.iter().filter(|message| message["keyword"] == "stop").collect();
    assert_eq!(words.len(), 2, "the word and its answer");
    assert_eq!((&words[0]["author"]["kind"], &words[0]["direction"]), (&json!("system"), &json!("outbound")));
    assert_eq!((&words[1]["body"], &words[1]["direction"]), (&json!("Stop."), &json!("inbound")));
    assert_eq!(events(&app, "contact.opted_out").await, 1);

    assert_eq!(comes(&app, &practice, JORDANS, "START").await, Outcome::Heeded(Keyword::Start));
    assert_eq!(opted_out(&practice, &jordan).await, json!([]));
    app.deliver().await;
    assert!(texts_to(&app, JORDANS)[1].contains("again"), "{:?}", texts_to(&app, JORDANS));
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    assert_eq!(texts_to(&app, JORDANS).len(), 3);
}

/// The last word is the one that holds, and the one that arrives.
#[tokio::test]
async fn a_confirmation_that_waits_does_not_arrive_after_what_undid_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    for word in ["STOP", "START", "STOP", "START"] {
        comes(&app, &practice, JORDANS, word).await;
    }
    app.deliver().await;
    let texts = texts_to(&app, JORDANS);
    assert!(texts.len() == 1 && texts[0].contains("again"), "{texts:?}");
}

#[tokio::test]
async fn stop_by_email_leaves_texts_as_they_are() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    comes(&app, &practice, "jordan.reyes@mail.example", "Unsubscribe").await;
    assert_eq!(opted_out(&practice, &jordan).await, json!(["email"]));
    practice.try_send(&jordan, json!({ "channel": "email" })).await.refused(422, "contact_opted_out");
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    let mails = app.mail.mails();
    assert_eq!((mails.len(), texts_to(&app, JORDANS).len()), (1, 1), "the confirmation, and the notice");
}

#[tokio::test]
async fn help_is_answered_with_name_and_number_even_after_stop_and_in_spanish_to_who_speaks_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    let rosa = json!({ "first_name": "Rosa", "phone": "+15550100111", "language": "es-MX" });
    practice.contact(rosa).await;
    comes(&app, &practice, JORDANS, "stop").await;
    assert_eq!(comes(&app, &practice, JORDANS, "Help").await, Outcome::Heeded(Keyword::Help));
    assert_eq!(comes(&app, &practice, "+15550100111", "HELP").await, Outcome::Heeded(Keyword::Help));
    app.deliver().await;
    assert_eq!(comes(&app, &practice, "+15550100111", "¡Alto!").await, Outcome::Heeded(Keyword::Stop));
    app.deliver().await;
    let jordans = texts_to(&app, JORDANS);
    assert!(jordans[1].starts_with("Riverside Clinic: call us at (555) 010-0100"), "{jordans:?}");
    let rosas = texts_to(&app, "+15550100111");
    assert!(rosas[0].contains("(555) 010-0100") && rosas[0].contains("ayuda"), "{rosas:?}");
    assert!(rosas[1].contains("INICIAR"), "{rosas:?}");
}

#[tokio::test]
async fn stop_holds_for_everybody_with_the_number_and_is_confirmed_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": JORDANS })).await;
    assert_eq!(comes(&app, &practice, JORDANS, "STOP").await, Outcome::Heeded(Keyword::Stop));
    for contact in [&jordan, &sam] {
        assert_eq!(opted_out(&practice, contact).await, json!(["sms"]));
        let history = practice.history(contact).await;
        assert!(history.iter().any(|message| message["keyword"] == "stop"), "{history:?}");
    }
    app.deliver().await;
    assert_eq!(texts_to(&app, JORDANS).len(), 1);
}

/// Spent by one of them, the answers of a shared number are spent.
#[tokio::test]
async fn a_shared_number_gets_five_answers_a_day_and_not_five_for_each_who_shares_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.jordan().await;
    practice.contact(json!({ "first_name": "Sam", "phone": JORDANS })).await;
    for _ in 0..12 {
        comes(&app, &practice, JORDANS, "HELP").await;
    }
    app.deliver().await;
    assert_eq!(texts_to(&app, JORDANS).len(), 5);
}

#[tokio::test]
async fn two_machines_that_answer_each_other_come_to_an_end() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    for _ in 0..8 {
        comes(&app, &practice, JORDANS, "HELP").await;
    }
    app.deliver().await;
    comes(&app, &practice, JORDANS, "STOP").await;
    comes(&app, &practice, JORDANS, "STOP").await;
    app.deliver().await;
    assert_eq!(texts_to(&app, JORDANS).len(), 5 + 1, "five answers a day, and what STOP did");
    assert_eq!(opted_out(&practice, &jordan).await, json!(["sms"]), "heeded all the same");
}

#[tokio::test]
async fn a_new_number_has_not_said_stop() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    comes(&app, &practice, JORDANS, "STOP").await;
    app.deliver().await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": "+15550100143" })).await.expect(200);
    assert_eq!(opted_out(&practice, &jordan).await, json!([]));
    assert_eq!(comes(&app, &practice, JORDANS, "Hello").await, Outcome::SenderUnknown);
}

/// Who held the phone nobody knows; the thread was private, and stays so unless staff say otherwise.
#[tokio::test]
async fn a_text_back_does_not_make_a_private_thread_an_open_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let sent = practice.send(&jordan, json!({})).await;
    comes(&app, &practice, JORDANS, "What is it?").await;
    comes(&app, &practice, JORDANS, "HELP").await;
    let path =
        format!("{}/{}/messages", paths::CONVERSATIONS, sent["conversation_id"].as_str().expect("an id"));
    let reply = practice.key.post(&path, json!({ "body": "Nothing bad." })).await.expect(201);
    assert_eq!(reply["secure"], true);
    app.deliver().await;
    assert!(texts_to(&app, JORDANS).iter().all(|text| !text.contains("Nothing bad")));
}

#[tokio::test]
async fn a_patient_s_page_shows_what_they_texted_but_not_the_words_for_machines() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    comes(&app, &practice, JORDANS, "On my way.").await;
    comes(&app, &practice, JORDANS, "HELP").await;
    app.deliver().await;
    assert_eq!(patient.bodies().await, ["Your results are in.", "On my way."]);
    let newest = practice.history(&jordan).await[0].clone();
    assert_eq!(newest["keyword"], "help");
    let read = patient.browser.post(&patient.path("/read"), json!({ "up_to": newest["id"] })).await;
    read.refused(404, "not_found");
    let erased = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.delete(&erased).await.expect(204);
    assert_eq!(with(json!({}), json!({ "inbox": practice.folder("inbox").await })), json!({ "inbox": [] }));
}
