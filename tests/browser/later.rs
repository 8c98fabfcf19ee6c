//! What does not go out at once: a time that was chosen, seconds to take a message back, quiet hours.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

/// The conversation with somebody who has one message, at the desk.
async fn open(browser: &Browser, app: &TestApp, practice: &Practice, contact: &Value) -> Window {
    practice.send(contact, json!({})).await;
    app.deliver().await;
    let conversation = id(&practice.folder("outbox").await[0]).to_owned();
    let desk = signed_in(browser, app, practice).await;
    visit(&desk, app, &format!("/desk/outbox/{conversation}")).await;
    desk.sees("gets a text with a link").await;
    desk
}

async fn sending(practice: &Practice, settings: Value) {
    practice.key.patch(paths::SETTINGS_SENDING, settings).await.expect(200);
}

#[tokio::test]
async fn a_message_for_tomorrow_is_cancelled_in_its_folder_and_never_goes_out() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let browser = Browser::start();
    let desk = open(&browser, &app, &practice, &jordan).await;
    desk.fill("Message to Jordan", "See you at 3.").await;
    desk.press("Send later").await;
    desk.sees("Goes out at").await;
    desk.press("Schedule").await;
    desk.sees("Goes out tomorrow at 9:00 AM").await;
    desk.press("Scheduled").await;
    desk.press_part("See you at 3.").await;
    desk.press("Cancel sending").await;
    desk.sees("Messages that go out later show up here.").await;
    desk.sees_no("Cancel sending").await;
    assert_eq!(practice.folder("scheduled").await.len(), 0);
    app.clock.advance(TimeDelta::days(2));
    app.deliver().await;
    assert_eq!((practice.history(&jordan).await.len(), app.gateway.texts().len()), (1, 1));
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_message_is_taken_back_within_its_seconds_and_goes_out_after_them() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // The browser's clock goes on while a busy machine looks for the button.
    sending(&practice, json!({ "undo_seconds": 30 })).await;
    let browser = Browser::start();
    let desk = open(&browser, &app, &practice, &jordan).await;
    desk.fill("Message to Jordan", "All is well.").await;
    desk.press("Send").await;
    desk.sees("Sending in").await;
    desk.press("Undo").await;
    desk.sees_no("Sending in").await;
    let area = desk.element(".composer textarea").await;
    desk.until("the text is in the composer again", || async {
        area.prop("value").await.ok().flatten().as_deref() == Some("All is well.")
    })
    .await;
    app.clock.advance(TimeDelta::seconds(31));
    app.deliver().await;
    assert_eq!(practice.history(&jordan).await.len(), 1);

    desk.press("Send").await;
    desk.sees("Sending in").await;
    app.clock.advance(TimeDelta::seconds(31));
    app.deliver().await;
    desk.sees_no("Sending in").await;
    assert_eq!((practice.history(&jordan).await.len(), app.gateway.texts().len()), (2, 2));
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn quiet_hours_hold_a_message_and_send_now_anyway_lets_it_go() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    // Where clocks show UTC all year.
    let lee = json!({ "first_name": "Lee", "phone": "+15550100144", "time_zone": "Atlantic/Reykjavik" });
    let lee = practice.contact(lee).await;
    let browser = Browser::start();
    let desk = open(&browser, &app, &practice, &lee).await;
    let hour = |hours| (app.state().now() + TimeDelta::hours(hours)).format("%H:%M").to_string();
    sending(&practice, json!({ "undo_seconds": 0, "quiet_hours": { "from": hour(-1), "until": hour(3) } }))
        .await;
    desk.fill("Message to Lee", "The form is ready.").await;
    desk.press("Send").await;
    desk.sees("Quiet hours for Lee: goes out").await;
    app.deliver().await;
    assert_eq!((practice.history(&lee).await.len(), app.gateway.texts().len()), (1, 1));
    desk.press("Send now anyway").await;
    desk.sees_no("Quiet hours for Lee").await;
    app.deliver().await;
    assert_eq!((practice.history(&lee).await.len(), app.gateway.texts().len()), (2, 2));
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn whoever_leaves_a_conversation_before_the_answer_comes_goes_on_elsewhere() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let browser = Browser::start();
    let desk = open(&browser, &app, &practice, &jordan).await;
    desk.fill("Message to Jordan", "See you at 3.").await;
    desk.press("Send later").await;
    desk.press("Schedule").await;
    desk.sees("Goes out tomorrow at 9:00 AM").await;
    desk.devtools("Network.enable", json!({})).await;
    let slow = json!({ "offline": false, "latency": 3000, "downloadThroughput": -1, "uploadThroughput": -1 });
    desk.devtools("Network.emulateNetworkConditions", slow).await;
    desk.press("Cancel sending").await;
    desk.press("Contacts").await;
    desk.sees_no("Message to Jordan").await;
    let answered = "return performance.getEntriesByType('resource').some((it) => \
        it.name.includes('/scheduled-messages/'))";
    desk.until("the answer is there", || async {
        desk.execute(answered, Vec::new()).await.is_ok_and(|found| found == true)
    })
    .await;
    let quick = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    desk.devtools("Network.emulateNetworkConditions", quick).await;
    desk.press("Scheduled").await;
    desk.sees("Messages that go out later show up here.").await;
    desk.close(NOT_SIGNED_IN).await;
}
