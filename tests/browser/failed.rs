//! What did not arrive, and what is still to go out: seen, understood and dealt with at the desk.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::fakes::GatewayAnswer;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

/// A landline.
const NO_TEXTS: GatewayAnswer = GatewayAnswer::Refused(21_614);
const NOTICE: &str = "A message to Jordan Reyes was not delivered.";

async fn lose_one(app: &TestApp, practice: &Practice, jordan: &Value, more: Value) -> Value {
    app.gateway.will_answer([NO_TEXTS]);
    let message = practice.send(jordan, more).await;
    app.deliver().await;
    message
}

async fn badge(desk: &Window) -> String {
    desk.element(".nav-link.failed").await.text().await.expect("words")
}

#[tokio::test]
async fn a_text_that_is_refused_waits_in_its_folder_and_goes_by_email_instead() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/failed").await;
    desk.sees("What could not be delivered shows up here").await;
    audit.screen(&desk, "not delivered, empty").await;
    visit(&desk, &app, "/desk/contacts").await;
    desk.element("input[type=search], .search input").await.send_keys("Jo").await.expect("keys");

    let message = lose_one(&app, &practice, &jordan, json!({})).await;
    desk.sees(NOTICE).await;
    let focused = desk.active_element().await.expect("a focus").tag_name().await.expect("a name");
    assert_eq!(focused, "input", "whoever types goes on typing");
    desk.until("it is counted", || async { badge(&desk).await.contains('1') }).await;
    audit.screen(&desk, "a notice of what failed").await;
    desk.press("Have a look").await;
    desk.sees("This number cannot get texts. It may be a landline.").await;
    desk.sees_no(NOTICE).await;
    desk.sees("Correct the number").await;
    desk.picture("desk-not-delivered").await;
    audit.screen(&desk, "not delivered").await;
    let offered = desk.element(".undelivered").await.text().await.expect("words");
    assert!(!offered.contains("Send a new link"), "the same way ends the same way: {offered}");

    // Its address works by itself, and the row says why, too.
    visit(&desk, &app, "/desk/failed").await;
    desk.sees("This number cannot get texts. It may be a landline.").await;
    desk.picture("desk-failed-folder").await;
    desk.press_part("Jordan Reyes").await;
    // What is newer is what comes later.
    app.clock.advance(chrono::TimeDelta::seconds(1));
    desk.press("By email instead").await;
    desk.until("it has left the folder", || async { practice.folder("failed").await.is_empty() }).await;
    app.deliver().await;
    desk.sees("Sent by email").await;
    desk.sees("Before: by text").await;
    desk.sees_no("Correct the number").await;
    let rows = || async { desk.count(".list-pane [data-row]").await == 0 };
    desk.until("the folder is empty at the desk", rows).await;
    desk.until("nothing is counted", || async { !badge(&desk).await.contains('1') }).await;
    audit.screen(&desk, "sent another way").await;
    assert_eq!(practice.message(&message).await["deliveries"][1]["channel"], "email");
    desk.back().await.expect("back");
    desk.sees("What could not be delivered shows up here").await;
    desk.close(NOT_SIGNED_IN).await;
    audit.close();
}

#[tokio::test]
async fn what_was_put_aside_can_be_brought_back_for_ten_seconds() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    lose_one(&app, &practice, &jordan, json!({ "secure": false })).await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/failed").await;
    desk.press_part("Jordan Reyes").await;
    desk.press("Put aside what was not delivered").await;
    desk.sees("Put aside: Jordan Reyes.").await;
    desk.sees("What could not be delivered shows up here").await;
    desk.press("Undo").await;
    desk.sees("This number cannot get texts.").await;
    assert_eq!(practice.folder("failed").await.len(), 1, "nothing has happened");
    desk.press_part("Jordan Reyes").await;
    desk.press("Put aside what was not delivered").await;
    desk.sees("Put aside: Jordan Reyes.").await;
    desk.picture("desk-put-aside").await;
    desk.until("it is put aside for good", || async { practice.folder("failed").await.is_empty() }).await;
    desk.sees_no("Put aside: Jordan Reyes.").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_corrected_number_can_be_tried_again_and_a_delivered_text_says_so() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    lose_one(&app, &practice, &jordan, json!({ "secure": false })).await;
    let conversation = id(&practice.folder("failed").await[0]).to_owned();
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, &format!("/desk/failed/{conversation}")).await;
    desk.press("Correct the number").await;
    desk.sees("This number cannot get texts. It may be a landline. Change it here").await;
    let changed = json!({ "phone": "+15550100143" });
    practice.key.patch(&format!("{}/{}", paths::CONTACTS, id(&jordan)), changed).await.expect(200);
    app.clock.advance(TimeDelta::minutes(5));
    desk.back().await.expect("back");
    desk.press("Try again").await;
    desk.until("it has left the folder", || async { practice.folder("failed").await.is_empty() }).await;
    app.deliver().await;
    desk.sees("Sent by text").await;
    app.clock.advance(TimeDelta::minutes(2));
    app.receipt(1, "delivered", None).await.expect(204);
    desk.sees("Delivered by text").await;
    desk.picture("desk-delivered").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn what_goes_out_later_is_counted_changed_and_sent_at_once() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let at = app.state().now() + TimeDelta::hours(30);
    let message =
        practice.send(&jordan, json!({ "secure": false, "body": "Bring your card.", "send_at": at })).await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/scheduled").await;
    desk.sees("1\n").await;
    desk.press_part("Jordan Reyes").await;
    desk.press("Edit").await;
    desk.sees("Jordan gets it as it stands, without a link.").await;
    audit.screen(&desk, "a scheduled message, changed").await;
    desk.picture("desk-scheduled-edit").await;
    desk.fill("Message", "Bring your card and your glasses.").await;
    desk.element("dialog[open] option[value=email]").await.click().await.expect("a choice");
    desk.press("Save").await;
    let path = format!("{}/{}", paths::SCHEDULED_MESSAGES, id(&message));
    let saved = || async {
        let saved = practice.key.get(&path).await.expect(200);
        saved["body"] == "Bring your card and your glasses." && saved["channel"] == "email"
    };
    desk.until("it is changed", saved).await;
    assert_eq!(practice.key.get(&path).await.expect(200)["send_at"], message["send_at"], "the time stays");
    desk.sees("Bring your card and your glasses.").await;
    desk.press("Send now").await;
    desk.until("it has gone", || async { practice.folder("scheduled").await.is_empty() }).await;
    app.deliver().await;
    desk.sees("Sent by email").await;
    assert_eq!(app.mail.mails().len(), 1);
    desk.close(NOT_SIGNED_IN).await;
    audit.close();
}
