//! What changes without a reload.

use std::time::{Duration, Instant};

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
use serde_json::json;

/// What a quiet stream says something after (`events::follow`).
const BEAT: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_reply_reaches_the_desk_s_stream_by_id_and_without_a_word_of_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let mut stream = practice.staff.stream(paths::EVENTS).await;
    let reply = patient.reply("Thank you!").await.expect(201);
    let event = stream.until("message.received").await;
    assert_eq!(
        (&event["message_id"], &event["conversation_id"]),
        (&reply["id"], &message["conversation_id"])
    );
    assert!(!stream.seen().contains("Thank you"), "{}", stream.seen());
}

#[tokio::test]
async fn staff_s_answer_reaches_the_patient_s_stream_and_a_message_with_its_own_pin_does_not() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let mut stream = patient.browser.stream(&patient.path("/events")).await;
    let hidden = practice.send(&jordan, json!({ "pin": "own-pin", "body": "Hidden" })).await;
    let shown = practice.send(&jordan, json!({ "body": "Shown" })).await;
    let event = stream.until("message.created").await;
    assert_eq!(event["message_id"], shown["id"]);
    assert!(!stream.seen().contains(id(&hidden)), "{}", stream.seen());
    app.deliver().await;
}

#[tokio::test]
async fn a_stream_is_one_organization_s() {
    let app = TestApp::start().await;
    let (ours, theirs) =
        (app.practice().await, app.practice_named("Lakeside Law", "kim@lakeside.example").await);
    let mut stream = ours.staff.stream(paths::EVENTS).await;
    let foreign = theirs.contact(json!({ "first_name": "Sam" })).await;
    let own = ours.contact(json!({ "first_name": "Jordan" })).await;
    let event = stream.until("contact.created").await;
    assert_eq!(event["contact_id"], own["id"]);
    assert!(!stream.seen().contains(id(&foreign)));
}

#[tokio::test]
async fn a_revoked_link_ends_the_patient_s_stream() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let message = practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let mut stream = patient.browser.stream(&patient.path("/events")).await;
    let path = format!("{}/{}/revoke", paths::LINKS, id(&message["link"]));
    practice.key.post(&path, json!({})).await.expect(200);
    stream.until("session.ended").await;
}

#[tokio::test]
async fn a_person_has_thirty_two_streams_and_a_program_eight() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (caller, most) in [(&practice.staff, 32), (&practice.key, 8)] {
        let mut open = Vec::new();
        for _ in 0..most {
            open.push(caller.stream(paths::EVENTS).await);
        }
        let one_more = caller.get(paths::EVENTS).await;
        assert!(one_more.header("retry-after").is_some());
        one_more.refused(429, "rate_limited");
    }
}

/// Pages come and go quicker than the beats that nobody takes any more.
#[tokio::test]
async fn a_page_that_goes_gives_its_place_back_at_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(practice.key.stream(paths::EVENTS).await);
    }
    drop(open);
    let gone = Instant::now();
    while practice.key.try_stream(paths::EVENTS).await.is_none() {
        assert!(gone.elapsed() < BEAT, "streams that nobody reads keep their places");
    }
}

/// Sessions are free to whoever has a link without a PIN: its streams are not.
#[tokio::test]
async fn a_link_has_sixteen_streams_in_all_of_its_sessions() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    practice.send(&jordan, json!({})).await;
    let another = app.newest_token().await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let patient = app.enter(&token).await;
        for _ in 0..8 {
            open.push(patient.browser.stream(&patient.path("/events")).await);
        }
    }
    let patient = app.enter(&token).await;
    patient.browser.get(&patient.path("/events")).await.refused(429, "rate_limited");
    // Whoever came by another link is not meant.
    let other = app.enter(&another).await;
    other.browser.stream(&other.path("/events")).await;
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off_with_nothing_lost_and_nothing_twice() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let mut stream = practice.staff.stream(paths::EVENTS).await;
    let seen = patient.reply("One").await.expect(201);
    assert_eq!(stream.until("message.received").await["message_id"], seen["id"]);
    let last_id = stream.last_id().to_owned();
    drop(stream);

    let missed = [patient.reply("Two").await.expect(201), patient.reply("Three").await.expect(201)];
    let mut again = practice.staff.stream_after(paths::EVENTS, &last_id).await;
    let next = patient.reply("Four").await.expect(201);
    for message in missed.iter().chain([&next]) {
        assert_eq!(again.until("message.received").await["message_id"], message["id"]);
    }
    assert!(!again.seen().contains(id(&seen)), "{}", again.seen());
    // What we did not write is no place in the log: such a stream starts from now.
    let mut fresh = practice.staff.stream_after(paths::EVENTS, "nonsense").await;
    let last = patient.reply("Five").await.expect(201);
    assert_eq!(fresh.until("message.received").await["message_id"], last["id"]);
}
