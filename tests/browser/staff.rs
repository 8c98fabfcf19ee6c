//! The staff's day at a desk.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::Browser;
use sealpost_tests::given::id;
use serde_json::json;

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

#[tokio::test]
async fn a_private_message_goes_out_and_its_answer_shows_itself() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    // Ten seconds of undo are not what is shown here.
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 0 })).await.expect(200);
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.picture("desk-empty").await;

    desk.press("Compose").await;
    desk.fill("To", "Jord").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("Jordan gets a text with a link. The message stays here.").await;
    desk.fill("Message", "Your results are in.").await;
    desk.picture("desk-compose").await;
    desk.press("Send").await;
    desk.sees("Your results are in.").await;
    desk.sees("Waiting to be sent").await;
    let token = app.newest_token().await;
    desk.sees("Not opened yet").await;
    desk.picture("desk-sent").await;

    let patient = app.enter_with_pin(&token, "4821").await;
    desk.sees("Opened").await;
    app.clock.advance(TimeDelta::seconds(20));
    patient.reply("Thank you! What do they say?").await.expect(201);
    let replied = std::time::Instant::now();
    desk.sees("What do they say?").await;
    let shown = replied.elapsed();
    assert!(shown < std::time::Duration::from_secs(3), "the answer took {shown:?} to show itself");
    desk.picture("desk-answered").await;

    app.clock.advance(TimeDelta::seconds(20));
    desk.fill("Message to Jordan", "All is well.").await;
    desk.press("Send").await;
    desk.sees("All is well.").await;
    desk.until("the patient has it", || async { patient.bodies().await.len() == 3 }).await;
    app.deliver().await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn an_answer_is_unread_then_read_then_archived_and_comes_back_with_the_next() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({ "secure": false, "body": "See you at 3." })).await;
    app.clock.advance(TimeDelta::seconds(20));
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    app.clock.advance(TimeDelta::seconds(20));
    patient.reply("I will be late.").await.expect(201);
    desk.sees("I will be late.").await;
    desk.element("[aria-label=Unread]").await;
    desk.picture("desk-unread").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("See you at 3.").await;
    desk.until("the thread is read", || async { practice.folder("inbox").await[0]["unread"] == false }).await;
    desk.press("Archive").await;
    desk.until("the thread is archived", || async { practice.folder("archived").await.len() == 1 }).await;
    app.clock.advance(TimeDelta::seconds(20));
    patient.reply("Traffic.").await.expect(201);
    desk.until("the thread is back", || async { practice.folder("inbox").await.len() == 1 }).await;
    desk.sees("Traffic.").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_contact_gets_a_pin_that_is_never_shown() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.press("Contacts").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("This person has no PIN of their own.").await;
    desk.fill("PIN", "4821").await;
    desk.press("Set PIN").await;
    desk.sees("This person has a PIN. We never show it.").await;
    desk.picture("desk-contact").await;
    let path = format!("{}/{}", paths::CONTACTS, id(&jordan));
    assert_eq!(practice.key.get(&path).await.expect(200)["has_pin"], true);
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn signing_out_shows_nothing_to_the_next_person() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    patient.reply("Private words").await.expect(201);
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.sees("Private words").await;
    desk.press("Sign out").await;
    desk.sees("You have signed out.").await;
    desk.back().await.expect("back");
    desk.sees_no("Private words").await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.sees("Password").await;
    assert!(!desk.text().await.contains("Private words"));
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_wrong_password_is_said_in_words() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", "not the password").await;
    desk.press("Sign in").await;
    desk.sees("That email or password is not right.").await;
    desk.close(NOT_SIGNED_IN).await;
}
