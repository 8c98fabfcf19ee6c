//! Tries of which nobody knows what became of them: nothing is lost, and nobody gets a text twice for want of asking.

use chrono::TimeDelta;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::GatewayAnswer::{self, Garbage, Hang, Held, Redirect, Reset, ResetAfterAccepting};
use sealpost_tests::given::Practice;
use serde_json::{Value, json};

async fn queued(lease: u64) -> (TestApp, Practice, Value) {
    let app =
        TestApp::start_with(|config| config.delivery.lease = std::time::Duration::from_secs(lease)).await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    (app, practice, message)
}

async fn delivery(practice: &Practice, message: &Value) -> Value {
    practice.message(message).await["deliveries"][0].clone()
}

async fn later(app: &TestApp, seconds: i64) -> usize {
    app.clock.advance(TimeDelta::seconds(seconds));
    app.deliver().await;
    app.gateway.requests().len()
}

fn key(app: &TestApp, at: usize) -> String {
    app.gateway.requests()[at].headers["idempotency-key"].clone()
}

#[tokio::test]
async fn a_gateway_that_accepts_and_resets_gets_one_more_request_with_the_same_key() {
    let (app, practice, message) = queued(60).await;
    app.gateway.will_answer([ResetAfterAccepting]);
    app.deliver().await;
    assert_eq!(delivery(&practice, &message).await["status"], "sending", "nobody knows");
    assert_eq!(later(&app, 19).await, 1, "its callback is waited for");
    assert_eq!(later(&app, 2).await, 2);
    let [first, second] = &app.gateway.requests()[..] else { panic!("two requests") };
    assert_eq!((&first.body, key(&app, 0)), (&second.body, key(&app, 1)));
    assert_eq!(delivery(&practice, &message).await["status"], "sent");
    assert_eq!(later(&app, 100_000).await, 2);
}

#[tokio::test]
async fn with_a_callback_in_between_it_gets_none() {
    for word in ["queued", "sent", "delivered"] {
        let (app, practice, message) = queued(60).await;
        app.gateway.will_answer([ResetAfterAccepting]);
        app.deliver().await;
        app.clock.advance(TimeDelta::seconds(5));
        app.receipt(0, word, None).await.expect(204);
        assert_eq!(later(&app, 100_000).await, 1, "{word}");
        let wanted = if word == "delivered" { "delivered" } else { "sent" };
        assert_eq!(delivery(&practice, &message).await["status"], wanted);
        assert_eq!(app.gateway.times_asked(), 0);
    }
}

#[tokio::test]
async fn one_that_does_so_always_gets_two_and_staff_hear_that_nobody_knows() {
    let (app, practice, message) = queued(60).await;
    app.gateway.always_answers(Some(ResetAfterAccepting));
    app.deliver().await;
    for seconds in [21, 30, 60, 300, 3_600] {
        later(&app, seconds).await;
    }
    assert_eq!(app.gateway.requests().len(), 2);
    assert_eq!(key(&app, 0), key(&app, 1));
    let delivery = delivery(&practice, &message).await;
    assert_eq!(
        (&delivery["status"], &delivery["failure"]["code"]),
        (&json!("failed"), &json!("outcome_unknown"))
    );
    practice.sign_in().await;
    assert_eq!(practice.folder("failed").await.len(), 1);
}

#[tokio::test]
async fn a_gateway_that_keeps_a_list_is_asked_and_nothing_is_sent_twice() {
    let (app, practice, message) = queued(60).await;
    app.gateway.keeps_lists();
    app.gateway.will_answer([ResetAfterAccepting]);
    app.deliver().await;
    assert_eq!(later(&app, 21).await, 1);
    assert_eq!(
        (app.gateway.times_asked(), delivery(&practice, &message).await["status"].clone()),
        (1, json!("sent"))
    );
    // One that has it not gets it, as often as it takes.
    let (app, practice, message) = queued(60).await;
    app.gateway.keeps_lists();
    app.gateway.will_answer([Reset, Reset, Reset]);
    app.deliver().await;
    for (seconds, requests) in [(21, 2), (60, 3), (200, 4)] {
        assert_eq!(later(&app, seconds).await, requests);
    }
    assert_eq!(delivery(&practice, &message).await["status"], "sent");
}

/// The same words as another message to the same number are not that message.
#[tokio::test]
async fn an_earlier_text_with_the_same_words_is_not_taken_for_this_one() {
    let app = TestApp::start().await;
    app.gateway.keeps_lists();
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let plain = json!({ "secure": false, "body": "See you at 3" });
    practice.send(&jordan, plain.clone()).await;
    app.gateway.will_answer([ResetAfterAccepting]);
    app.deliver().await;
    assert_eq!(later(&app, 21).await, 1, "the first one was found in the list");
    let second = practice.send(&jordan, plain).await;
    app.gateway.will_answer([Reset]);
    app.deliver().await;
    assert_eq!(later(&app, 21).await, 3);
    assert_eq!(delivery(&practice, &second).await["status"], "sent");
    assert_eq!(app.gateway.texts().len(), 2);
}

#[tokio::test]
async fn nonsense_detours_and_silence_are_no_answers() {
    for answer in [Garbage, Redirect, Reset, Hang] {
        // A short lease makes a short patience: a hanging gateway is given 400 ms.
        let (app, practice, message) = queued(1).await;
        app.gateway.will_answer([answer]);
        app.deliver().await;
        assert_eq!(delivery(&practice, &message).await["status"], "sending", "{answer:?}");
        assert_eq!(later(&app, 19).await, 1, "{answer:?}");
        assert_eq!(later(&app, 2).await, 2, "{answer:?}");
        assert_eq!(key(&app, 0), key(&app, 1));
        assert_eq!(delivery(&practice, &message).await["status"], "sent", "{answer:?}");
    }
}

#[tokio::test]
async fn what_is_refused_for_good_is_tried_once_and_what_may_pass_again() {
    for (answer, tried_again) in [
        (GatewayAnswer::Refused(20_404), false),
        (GatewayAnswer::Status(401), false),
        (GatewayAnswer::Status(404), false),
        (GatewayAnswer::Status(422), false),
        (GatewayAnswer::Status(408), true),
        (GatewayAnswer::Status(425), true),
        (GatewayAnswer::TooMany(1), true),
        (GatewayAnswer::Status(500), true),
        (GatewayAnswer::Status(503), true),
    ] {
        let (app, practice, message) = queued(60).await;
        app.gateway.will_answer([answer]);
        app.deliver().await;
        let status = delivery(&practice, &message).await["status"].clone();
        assert_eq!(status, if tried_again { "queued" } else { "failed" }, "{answer:?}");
        assert_eq!(later(&app, 60).await, if tried_again { 2 } else { 1 }, "{answer:?}");
    }
}

#[tokio::test]
async fn a_killed_worker_s_leases_are_taken_over_and_its_late_result_is_left_out() {
    let (app, practice, message) = queued(60).await;
    let other = app.second().await;
    app.gateway.will_answer([Held]);
    let taken_over = async {
        while app.gateway.requests().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        app.clock.advance(TimeDelta::seconds(59));
        other.deliver().await;
        assert_eq!(app.gateway.requests().len(), 1, "the first may still be at it");
        app.clock.advance(TimeDelta::seconds(2));
        other.deliver().await;
        let rows = app.tables().await["deliveries"].clone();
        app.gateway.lets_go();
        rows
    };
    let ((), rows) = tokio::join!(app.deliver(), taken_over);
    assert_eq!(app.gateway.requests().len(), 2);
    assert_eq!(key(&app, 0), key(&app, 1));
    assert_eq!(app.tables().await["deliveries"], rows, "the late result changed nothing");
    let delivery = delivery(&practice, &message).await;
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("sent"), &json!(2)));
    let events = app.tables().await["events"].join("\n");
    assert_eq!(events.matches("message.sent").count(), 1, "{events}");
}
