//! The patient's journey and the staff's main path by keyboard alone. `tab_to` fails where the focus is not seen.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::PASSWORD;
use sealpost_tests::keyboard::{DOWN, ENTER, ESCAPE};
use serde_json::json;

use crate::journeys::{NOT_SIGNED_IN, follow, visit, written};

#[tokio::test]
async fn a_patient_needs_no_mouse() {
    let app = TestApp::start_today().await;
    let (practice, jordan, token) = written(&app).await;
    let browser = Browser::start();
    let page = browser.open(1280, 800).await;
    follow(&page, &app, &token).await;
    page.sees("Enter your PIN").await;
    page.tab_to("Español").await;
    page.keys([ENTER]).await;
    page.sees("Escriba su PIN").await;
    page.tab_back_to("English").await;
    page.keys([ENTER]).await;
    page.sees("Enter your PIN").await;
    page.tab_back_to("PIN").await;
    page.keys("0000".chars().chain([ENTER])).await;
    page.sees("You have 4 tries left.").await;
    page.tab_back_to("PIN").await;
    page.keys("4821".chars()).await;
    page.tab_to("Open my message").await;
    page.keys([ENTER]).await;
    page.sees("Your results are in.").await;
    page.until("the heading has the focus", || async { page.focus().await.tag == "H1" }).await;

    page.tab_to("Write a reply").await;
    page.keys("Thank you!".chars()).await;
    page.tab_to("Send").await;
    page.keys([ENTER]).await;
    page.until("the reply arrives", || async { practice.history(&jordan).await.len() == 2 }).await;
    assert_eq!(page.focus().await.name, "Write a reply", "the next one is written where this one was");

    page.keys("And".chars()).await;
    page.tab_back_to("Leave").await;
    page.keys([ENTER]).await;
    page.sees("Leave without sending?").await;
    page.is_held_by_the_dialog().await;
    page.keys([ESCAPE]).await;
    page.sees_no("Leave without sending?").await;
    assert_eq!(page.focus().await.name, "Leave", "the dialog gives the focus back");
    page.keys([ENTER]).await;
    page.sees("Leave without sending?").await;
    page.tab_to("Leave").await;
    page.keys([ENTER]).await;
    page.sees("You left the conversation").await;
    app.deliver().await;
    page.close(&["verify-pin"]).await;
}

#[tokio::test]
async fn staff_need_no_mouse() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    let patient = app.enter_with_pin(&token, "4821").await;
    app.clock.advance(TimeDelta::seconds(20));
    patient.reply("What do they say?").await.expect(201);
    let sam = json!({ "first_name": "Sam", "last_name": "Okafor", "phone": "+15550100155" });
    let sam = practice.contact(sam).await;
    practice.key.patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 0 })).await.expect(200);
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.sees("Password").await;
    if desk.focus().await.name != "Email" {
        desk.tab_to("Email").await;
    }
    desk.keys(practice.email.chars()).await;
    desk.tab_to("Password").await;
    desk.keys(PASSWORD.chars().chain([ENTER])).await;

    desk.sees("What do they say?").await;
    desk.tab_to("Jordan Reyes").await;
    desk.keys([ENTER]).await;
    desk.sees("Your results are in.").await;
    desk.tab_to("Message to Jordan").await;
    desk.keys("All is well.".chars()).await;
    desk.tab_to_exactly("Send").await;
    desk.keys([ENTER]).await;
    desk.until("the patient has it", || async { patient.bodies().await.len() == 3 }).await;
    desk.tab_back_to("Archive").await;
    desk.keys([ENTER]).await;
    desk.until("the thread is archived", || async { practice.folder("archived").await.len() == 1 }).await;

    compose_to_sam(&desk).await;
    desk.until("it is on its way", || async { practice.history(&sam).await.len() == 1 }).await;
    app.deliver().await;
    desk.close(NOT_SIGNED_IN).await;
}

async fn compose_to_sam(desk: &Window) {
    desk.tab_to("Compose").await;
    desk.keys([ENTER]).await;
    desk.until("the new message has the focus", || async { desk.focus().await.in_dialog }).await;
    desk.is_held_by_the_dialog().await;
    desk.keys([ESCAPE]).await;
    desk.until("the message is closed", || async { desk.count("dialog[open]").await == 0 }).await;
    assert_eq!(desk.focus().await.name, "Compose", "the dialog gives the focus back");
    desk.keys([ENTER]).await;
    desk.until("the new message is open", || async { desk.focus().await.in_dialog }).await;
    if !desk.focus().await.name.starts_with("To") {
        desk.tab_to("To").await;
    }
    desk.keys("Sam".chars()).await;
    desk.sees("Sam Okafor").await;
    desk.keys([DOWN, ENTER]).await;
    desk.sees("Sam gets a text with a link.").await;
    if !desk.focus().await.name.starts_with("Message") {
        desk.tab_to("Message").await;
    }
    desk.keys("See you at 3.".chars()).await;
    desk.tab_to_exactly("Send").await;
    desk.keys([ENTER]).await;
}
