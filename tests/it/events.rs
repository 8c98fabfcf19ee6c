//! What changes without a reload.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
use serde_json::json;

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
