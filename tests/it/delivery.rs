//! Getting a notice out: what it says, when it is tried again, and that it goes out once.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::{FROM, GatewayAnswer};
use sealpost_tests::given::{Practice, id, token_in};
use serde_json::{Value, json};

async fn delivery_of(practice: &Practice, message: &Value) -> Value {
    practice.message(message).await["deliveries"][0].clone()
}

#[tokio::test]
async fn a_text_says_who_wrote_and_carries_a_link_and_no_word_of_the_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message =
        json!({ "contact_id": id(&practice.jordan().await), "body": "Your results are in.", "secure": true });
    let message = practice.staff.post(paths::MESSAGES, message).await.expect(201);
    assert_eq!(message["deliveries"][0]["status"], "queued");
    app.deliver().await;
    let [text] = &app.gateway.texts()[..] else { panic!("one text") };
    assert_eq!((&*text.to, &*text.from), ("+15550100142", FROM));
    assert!(text.body.contains("Amy Lee") && text.body.contains("Riverside Clinic"), "{}", text.body);
    assert!(text.body.contains(&format!("{}/m#", app.origin())), "{}", text.body);
    assert_eq!(token_in(&text.body).len(), 22);
    for word in ["results", "Jordan", "Reyes"] {
        assert!(!text.body.contains(word), "{word} in {}", text.body);
    }
    let delivery = delivery_of(&practice, &message).await;
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("sent"), &json!(1)));
}

#[tokio::test]
async fn a_mail_says_who_wrote_as_text_and_as_html_and_no_word_of_the_message() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    let [mail] = &app.mail.mails()[..] else { panic!("one mail") };
    assert_eq!(mail.to, ["jordan.reyes@mail.example"]);
    assert!(mail.header("Message-ID").is_some_and(|id| id.contains('@')));
    assert!(mail.header("From").is_some_and(|from| from.contains("Riverside Clinic")));
    let token = token_in(&mail.text());
    assert_eq!(token_in(&mail.html()), token);
    assert!(mail.html().contains("<a href="), "{}", mail.html());
    for part in [mail.subject(), mail.text(), mail.html()] {
        assert!(part.contains("Riverside Clinic"), "{part}");
        assert!(!part.contains("results") && !part.contains("Jordan"), "{part}");
    }
    app.enter(&token).await;
}

#[tokio::test]
async fn a_plain_message_is_the_text_itself() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let message = practice.send(&jordan, json!({ "secure": false, "body": "See you at 3 – Amy" })).await;
    assert_eq!(message.get("link"), None);
    practice.send(&jordan, json!({ "secure": false, "channel": "email", "body": "See you\nat 3" })).await;
    app.deliver().await;
    assert_eq!(app.gateway.texts()[0].body, "See you at 3 – Amy");
    assert_eq!(app.mail.mails()[0].text().replace("\r\n", "\n").trim_end(), "See you\nat 3");
}

#[tokio::test]
async fn a_text_that_no_gateway_takes_is_refused_at_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let long = "x".repeat(1_600);
    let refused = practice.try_send(&jordan, json!({ "secure": false, "body": long })).await;
    let problem = refused.refused(422, "validation_failed");
    assert_eq!(problem["errors"][0]["pointer"], "/body");
    practice.send(&jordan, json!({ "body": long })).await;
    practice.send(&jordan, json!({ "secure": false, "channel": "email", "body": long })).await;
    app.deliver().await;
    assert_eq!((app.gateway.texts().len(), app.mail.mails().len()), (1, 1));
}

#[tokio::test]
async fn sending_goes_on_while_the_worker_sends() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(practice.contact(json!({ "phone": format!("+155501003{number:02}") })).await);
    }
    let mut commits = app.state().db.commits();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(sealpost_api::delivery::worker::run(app.state().clone(), async {
        let _ = stopped.await;
    }));
    let mut bodies = Vec::new();
    for number in 0..60 {
        let body = format!("number {number}");
        practice.send(&people[number % 6], json!({ "secure": false, "body": body })).await;
        bodies.push(body);
    }
    while app.gateway.texts().len() < bodies.len() {
        commits.changed().await.expect("a commit");
    }
    let _ = stop.send(());
    worker.await.expect("the worker ends");
    let mut arrived: Vec<_> = app.gateway.texts().into_iter().map(|text| text.body).collect();
    arrived.sort();
    bodies.sort();
    assert_eq!(arrived, bodies, "each once");
    for person in &people {
        let sent = practice.history(person).await;
        let tries: Vec<_> = sent.iter().map(|it| it["deliveries"][0]["attempts"].clone()).collect();
        assert_eq!(tries, vec![json!(1); 10]);
    }
}

#[tokio::test]
async fn a_gateway_that_fails_in_passing_gets_the_same_text_again_on_the_schedule() {
    use GatewayAnswer::{Broken, ResetAfterAccepting};
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    app.gateway.will_answer([Broken, ResetAfterAccepting]);
    app.deliver().await;
    let delivery = delivery_of(&practice, &message).await;
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("queued"), &json!(1)));
    app.clock.advance(TimeDelta::seconds(9));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 1, "not before ten seconds have passed");
    app.clock.advance(TimeDelta::seconds(4));
    app.deliver().await;
    app.clock.advance(TimeDelta::seconds(40));
    app.deliver().await;
    let requests = app.gateway.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.body, requests[0].body, "every try carries the same link");
        assert_eq!(request.headers.get("idempotency-key"), requests[0].headers.get("idempotency-key"));
    }
    assert!(requests[0].headers.contains_key("idempotency-key"));
    let delivery = delivery_of(&practice, &message).await;
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("sent"), &json!(3)));
}

#[tokio::test]
async fn a_gateway_that_asks_for_time_gets_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::TooMany(300)]);
    app.deliver().await;
    app.clock.advance(TimeDelta::seconds(299));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 1);
    app.clock.advance(TimeDelta::seconds(2));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

#[tokio::test]
async fn a_refused_number_is_given_up_in_words_that_do_not_hold_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Refused(21_211)]);
    app.deliver().await;
    let delivery = delivery_of(&practice, &message).await;
    assert_eq!(delivery["status"], "failed");
    let detail = delivery["failure"]["detail"].as_str().expect("a sentence");
    assert!(!detail.is_empty() && !detail.contains("0142"), "{detail}");
    app.clock.advance(TimeDelta::days(1));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 1);
}

#[tokio::test]
async fn a_mail_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    app.mail.will_refuse(["451 4.3.0 try later", "550 5.1.1 <jordan.reyes@mail.example> unknown"]);
    let busy = practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    assert_eq!(delivery_of(&practice, &busy).await["status"], "queued");
    let refused = practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    let failed = delivery_of(&practice, &refused).await;
    assert_eq!(failed["status"], "failed");
    assert!(!failed.to_string().contains("jordan.reyes"), "{failed}");
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver().await;
    assert_eq!(delivery_of(&practice, &busy).await["status"], "sent");
    assert_eq!(app.mail.mails().len(), 1);
}

#[tokio::test]
async fn a_server_killed_between_send_and_delivery_loses_nothing_and_sends_once() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    app.restart().await;
    assert_eq!(app.gateway.requests().len(), 0);
    app.deliver().await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
    let path = format!("{}/{}", paths::MESSAGES, id(&message));
    let key = &practice.key;
    assert_eq!(key.get(&path).await.expect(200)["deliveries"][0]["status"], "sent");
    app.enter(&app.newest_token().await).await;
}

#[tokio::test]
async fn a_server_killed_while_the_gateway_is_silent_tries_again_when_its_lease_is_over() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::Hang]);
    // The worker dies while it waits for the gateway.
    app.deliver_until(|gateway| gateway.requests().len() == 1).await;
    app.restart().await;
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 1, "another worker may still be at it");
    app.clock.advance(TimeDelta::seconds(61));
    app.deliver().await;
    let requests = app.gateway.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].headers.get("idempotency-key"), requests[1].headers.get("idempotency-key"));
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn eight_workers_at_once_send_each_text_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for number in 0..20 {
        let contact = practice.contact(json!({ "phone": format!("+155501003{number:02}") })).await;
        practice.send(&contact, json!({})).await;
    }
    tokio::join!(
        app.deliver(),
        app.deliver(),
        app.deliver(),
        app.deliver(),
        app.deliver(),
        app.deliver(),
        app.deliver(),
        app.deliver(),
    );
    let mut numbers: Vec<_> = app.gateway.requests().into_iter().map(|text| text.to).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!((numbers.len(), app.gateway.requests().len()), (20, 20));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_when_it_is_written() {
    let app = TestApp::start_with(|config| config.mail = None).await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.try_send(&jordan, json!({ "channel": "email" })).await.refused(422, "channel_not_configured");
    let without_phone = practice.contact(json!({ "email": "sam@mail.example" })).await;
    practice.try_send(&without_phone, json!({ "channel": "sms" })).await.refused(422, "address_missing");
    practice.configure(json!({ "enabled": false })).await;
    practice.try_send(&jordan, json!({})).await.refused(422, "secure_messaging_disabled");
    assert_eq!(practice.history(&jordan).await.len(), 0, "a refusal leaves nothing behind");
}

#[tokio::test]
async fn a_changed_number_gets_the_notice_that_was_still_waiting() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    practice.key.patch(&path, json!({ "phone": "+15550100188" })).await.expect(200);
    app.deliver().await;
    let numbers: Vec<_> = app.gateway.requests().into_iter().map(|text| text.to).collect();
    assert_eq!(numbers, ["+15550100188"], "the old number gets nothing");
}

#[tokio::test]
#[should_panic(expected = "not sent")]
async fn a_test_that_forgets_a_notice_fails() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
}

#[tokio::test]
async fn a_contact_who_wants_no_texts_is_refused_when_it_is_written() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // STOP as an answer to a text comes later; what it will leave behind counts already.
    app.execute("UPDATE contacts SET sms_opted_out_at = created_at").await;
    practice.try_send(&jordan, json!({})).await.refused(422, "contact_opted_out");
    practice.try_send(&jordan, json!({ "secure": false })).await.refused(422, "contact_opted_out");
    assert_eq!(practice.history(&jordan).await.len(), 0, "a refusal leaves nothing behind");
    practice.send(&jordan, json!({ "channel": "email" })).await;
    app.deliver().await;
    assert_eq!((app.gateway.requests().len(), app.mail.mails().len()), (0, 1));
}
