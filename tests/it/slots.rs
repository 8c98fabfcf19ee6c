//! Nobody's pile, no dead provider and no gateway that wants a pause keeps the others waiting.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_api::circuit::CircuitState;
use sealpost_api::delivery::worker;
use sealpost_api::entities::delivery;
use sealpost_api::entities::outgoing::Turn;
use sealpost_shared::contacts::Channel;
use sealpost_tests::app::TestApp;
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::Practice;
use serde_json::json;
use uuid::Uuid;

/// Texts to many: a number gets ten a day.
async fn pile(practice: &Practice, count: usize) {
    for number in 0..count {
        let contact = practice.contact(json!({ "phone": format!("+1555010{:04}", 2000 + number) })).await;
        practice.send(&contact, json!({ "channel": "sms" })).await;
    }
}

/// Whether `holds` comes about while the worker runs.
async fn with_worker(app: &TestApp, holds: impl AsyncFn() -> bool) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(worker::run(app.state().clone(), async {
        let _ = stopped.await;
    }));
    while !holds().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let _ = stop.send(());
    worker.abort();
    let _ = worker.await;
}

async fn finish(app: &TestApp) {
    app.gateway.always_answers(None);
    for _ in 0..60 {
        app.clock.advance(TimeDelta::minutes(2));
        app.deliver().await;
    }
}

/// PostgreSQL may ask a subquery again for every row, and then takes more each time.
#[tokio::test]
async fn nobody_takes_more_than_there_is_room_for() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    pile(&practice, 40).await;
    let (db, now) = (app.raw().await, app.state().now());
    for _ in 0..8 {
        let turn = Turn { limit: 5, ..Turn::of(now, Uuid::new_v4(), now + TimeDelta::minutes(1), false) };
        assert_eq!(delivery::claim(&db, &turn, Channel::Sms).await.expect("rows").len(), 5);
    }
    finish(&app).await;
}

#[tokio::test]
async fn one_organization_s_pile_before_a_silent_gateway_keeps_no_other_waiting() {
    let app = TestApp::start().await;
    let (theirs, ours) =
        (app.practice().await, app.practice_named("Lakeside Law", "kim@lakeside.example").await);
    pile(&theirs, 30).await;
    app.clock.advance(TimeDelta::seconds(1));
    let sam = ours.contact(json!({ "phone": "+15550100177" })).await;
    ours.send(&sam, json!({})).await;
    app.gateway.always_answers(Some(GatewayAnswer::Hang));
    with_worker(&app, async || app.gateway.requests().iter().any(|text| text.to == "+15550100177")).await;
    let of_theirs = app.gateway.requests().iter().filter(|text| text.to != "+15550100177").count();
    assert!(of_theirs <= 12, "{of_theirs} of 30 at once");
    finish(&app).await;
}

#[tokio::test]
async fn a_silent_gateway_keeps_no_email_waiting() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    pile(&practice, 30).await;
    app.gateway.always_answers(Some(GatewayAnswer::Hang));
    let jordan = practice.contact(json!({ "email": "sam@mail.example" })).await;
    practice.send(&jordan, json!({ "channel": "email" })).await;
    with_worker(&app, async || app.mail.mails().len() == 1).await;
    finish(&app).await;
}

#[tokio::test]
async fn every_organization_s_first_goes_before_anybody_s_second() {
    let app = TestApp::start().await;
    let (theirs, ours) =
        (app.practice().await, app.practice_named("Lakeside Law", "kim@lakeside.example").await);
    pile(&theirs, 20).await;
    app.clock.advance(TimeDelta::seconds(1));
    let sam = ours.contact(json!({ "phone": "+15550100177" })).await;
    ours.send(&sam, json!({})).await;
    app.deliver().await;
    let place = app.gateway.requests().iter().position(|text| text.to == "+15550100177");
    assert!(place.is_some_and(|place| place < 16), "it came {place:?} of 21, and was queued last");
}

#[tokio::test]
async fn retries_leave_room_for_first_tries() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    pile(&practice, 20).await;
    app.gateway.always_answers(Some(GatewayAnswer::TooMany(1)));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), 20);
    app.clock.advance(TimeDelta::seconds(30));
    let sam = practice.contact(json!({ "phone": "+15550100177" })).await;
    practice.send(&sam, json!({})).await;
    app.gateway.always_answers(Some(GatewayAnswer::Hang));
    with_worker(&app, async || app.gateway.requests().iter().any(|text| text.to == "+15550100177")).await;
    let retries = app.gateway.requests().len() - 21;
    assert!(retries <= 8, "{retries} retries at once");
    finish(&app).await;
}

#[tokio::test]
async fn a_dead_gateway_is_left_alone_and_looked_at_with_one_text() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    pile(&practice, 20).await;
    app.gateway.always_answers(Some(GatewayAnswer::Broken));
    app.deliver().await;
    let tried = app.gateway.requests().len();
    assert!((5..=12).contains(&tried), "{tried}: those in hand when it was found dead, and no other");
    let state = || app.state().circuits.of(Channel::Sms).state(app.state().now());
    assert!(matches!(state(), CircuitState::Open(_)), "{:?}", state());
    app.clock.advance(TimeDelta::seconds(9));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), tried);
    app.clock.advance(TimeDelta::seconds(2));
    app.deliver().await;
    assert_eq!(app.gateway.requests().len(), tried + 1, "one, to see");
    app.gateway.always_answers(None);
    app.clock.advance(TimeDelta::seconds(21));
    app.deliver().await;
    assert_eq!(state(), CircuitState::Closed);
    app.clock.advance(TimeDelta::minutes(3));
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 20, "all of them, once it is back");
}

#[tokio::test]
async fn who_must_wait_seven_seconds_waits_and_other_organizations_go_on() {
    let app =
        TestApp::start_with(|config| config.delivery.schedule = vec![Duration::ZERO, Duration::from_secs(1)])
            .await;
    let (theirs, ours) =
        (app.practice().await, app.practice_named("Lakeside Law", "kim@lakeside.example").await);
    theirs.send(&theirs.jordan().await, json!({})).await;
    app.gateway.will_answer([GatewayAnswer::TooMany(7)]);
    app.deliver().await;
    let refused_at = app.state().now();
    let sam = ours.contact(json!({ "phone": "+15550100177" })).await;
    let mut times: Vec<(String, DateTime<Utc>)> = Vec::new();
    for second in 0..12 {
        if second % 3 == 0 {
            ours.send(&sam, json!({})).await;
        }
        let seen = app.gateway.requests().len();
        app.deliver().await;
        times.extend(app.gateway.requests()[seen..].iter().map(|text| (text.to.clone(), app.state().now())));
        app.clock.advance(TimeDelta::seconds(1));
    }
    let (retried, others): (Vec<_>, Vec<_>) = times.into_iter().partition(|(to, _)| to == "+15550100142");
    assert_eq!(retried.len(), 1);
    assert!((retried[0].1 - refused_at).num_seconds() >= 7, "{:?}", retried[0].1 - refused_at);
    assert_eq!(others.len(), 4);
    assert!((others[0].1 - refused_at).num_seconds() < 7, "nobody else waited");
}
