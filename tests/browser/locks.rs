//! Wrong PINs, as staff sees them while they are typed, and what staff can do about them.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::Practice;

use crate::journeys::{NOT_SIGNED_IN, enter_pin, phone, signed_in, visit, written};

/// The desk with the one conversation open.
async fn watching(browser: &Browser, app: &TestApp, practice: &Practice) -> Window {
    let desk = signed_in(browser, app, practice).await;
    let conversation = practice.folder("outbox").await[0]["id"].as_str().expect("an id").to_owned();
    visit(&desk, app, &format!("{}/outbox/{conversation}", paths::DESK_PAGE)).await;
    desk.sees("Your results are in.").await;
    desk
}

async fn looks(desk: &Window, name: &str) {
    for (width, height) in [(1440, 900), (390, 844)] {
        for dark in [false, true] {
            desk.look(width, height, dark).await;
            desk.picture(&format!("{name}-{width}-{}", if dark { "dark" } else { "light" })).await;
        }
    }
    desk.look_as_opened().await;
}

#[tokio::test]
async fn staff_sees_wrong_pins_as_they_come_clears_the_lock_and_the_patient_gets_in() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    let browser = Browser::start();
    let desk = watching(&browser, &app, &practice).await;
    let phone = phone(&browser, &app, &token).await;
    app.clock.advance(TimeDelta::seconds(20));
    enter_pin(&phone, "0000").await;
    phone.sees("4 tries left").await;
    desk.sees("A wrong PIN was entered").await;
    for left in ["3 tries", "2 tries", "1 try"] {
        enter_pin(&phone, "0000").await;
        phone.sees(&format!("You have {left} left.")).await;
    }
    enter_pin(&phone, "0000").await;
    phone.sees_no("1 try left").await;
    desk.sees("5 wrong PINs were entered").await;
    desk.sees("nobody new gets in before").await;
    looks(&desk, "desk-locked").await;
    desk.press("Clear the lock").await;
    desk.sees("Wrong PINs had locked the link").await;
    desk.sees_no("nobody new gets in before").await;
    phone.refresh().await.expect("the page loads");
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    phone.close(&["verify-pin"]).await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_contact_that_is_locked_out_stands_above_the_thread_until_staff_clears_it() {
    let app = TestApp::start_today().await;
    let (practice, jordan, mut token) = written(&app).await;
    let browser = Browser::start();
    let desk = watching(&browser, &app, &practice).await;
    for round in 0..6 {
        if round > 0 {
            practice.send(&jordan, serde_json::json!({})).await;
            token = app.newest_token().await;
        }
        for _ in 0..5 {
            app.anybody().verify_pin(&token, "0000").await;
        }
    }
    desk.sees("PIN entry is off since").await;
    looks(&desk, "desk-locked-out").await;
    app.anybody().verify_pin(&token, "4821").await.refused(403, "pin_disabled");
    // Above the thread; the links in it have buttons of the same name. A press, so that nothing may lie over it.
    desk.element(".thread > .banner button").await.click().await.expect("a press");
    desk.sees_no("PIN entry is off since").await;
    desk.close(NOT_SIGNED_IN).await;
    // The network has its own thirty tries, which nobody clears.
    app.clock.advance(TimeDelta::minutes(16));
    app.enter_with_pin(&token, "4821").await;
}

#[tokio::test]
async fn a_locked_link_is_revoked_or_replaced_where_it_is_seen() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    for _ in 0..5 {
        app.anybody().verify_pin(&token, "0000").await;
    }
    let browser = Browser::start();
    let desk = watching(&browser, &app, &practice).await;
    desk.sees("nobody new gets in before").await;
    let button = desk.element(".event-acts").await;
    let acts = button.text().await.expect("words");
    assert!(
        ["Clear the lock", "Send a new link", "Revoke the link"].iter().all(|act| acts.contains(act)),
        "{acts}"
    );
    desk.execute("document.querySelectorAll('.event-acts button')[1].click()", Vec::new())
        .await
        .expect("a press");
    desk.sees("A new link was sent").await;
    let fresh = app.newest_token().await;
    app.enter_with_pin(&fresh, "4821").await;
    app.anybody().verify_pin(&token, "4821").await.refused(429, "pin_locked");
    desk.press("Revoke the link").await;
    desk.sees("The link was revoked").await;
    app.anybody().open(&token).await.refused(404, "link_not_found");
    desk.close(NOT_SIGNED_IN).await;
}
