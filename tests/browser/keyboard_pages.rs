//! The settings and the first start by keyboard alone.

use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::keyboard::ENTER;

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

const SPACE: char = ' ';

/// Pages of the settings, and what each says when it is there.
const SETTINGS: &[(&str, &str)] = &[
    ("secure-messaging", "The notice your clients get"),
    ("practice", "Name and phone"),
    ("contact-fields", "Contact fields"),
    ("channels", "Texts and email"),
    ("people", "Who works here"),
    ("security", "Ask everybody for a second step"),
    ("api-keys", "Make a key"),
    ("audit-log", "Every entry is as it was written"),
    ("account", "Your account"),
];

async fn at_rest(page: &Window) {
    page.until("nothing is on its way", || async { page.count("[aria-busy=true]").await == 0 }).await;
}

#[tokio::test]
async fn settings_need_no_mouse() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    for (page, says) in SETTINGS {
        visit(&desk, &app, &format!("/desk/settings/{page}")).await;
        desk.sees(says).await;
        at_rest(&desk).await;
        desk.reaches_everything(page).await;
    }
    visit(&desk, &app, "/desk/settings/secure-messaging").await;
    desk.sees("The notice your clients get").await;
    at_rest(&desk).await;
    desk.tab_to("Text message").await;
    desk.retype("Riverside wrote to you: {{ secure_link }}").await;
    desk.tab_to("Save changes").await;
    desk.keys([ENTER]).await;
    desk.sees("Saved.").await;
    let saved = practice.key.get(paths::SETTINGS_SECURE_MESSAGING).await.expect(200);
    assert_eq!(saved["notice_sms_body"], "Riverside wrote to you: {{ secure_link }}");
    desk.close(NOT_SIGNED_IN).await;
}

/// The steps after the first, by what each says when it is there.
const STEPS: &[(&str, &str)] = &[
    ("second-step", "Set it up"),
    ("practice", "Time zone"),
    ("address", "Links start with"),
    ("sms", "Send a test"),
    ("email", "Send a test"),
    ("invitations", "Add a row"),
    ("first-message", "Nothing can be sent yet"),
];

#[tokio::test]
async fn the_first_start_needs_no_mouse() {
    let app = TestApp::start_bare_today().await;
    let link = staff::service::first_start(app.state()).await.expect("a start").expect("a link");
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    desk.goto(&link).await.expect("the page loads");
    desk.sees("Who are you?").await;
    if desk.focus().await.name != "Your name" {
        desk.tab_to("Your name").await;
    }
    desk.keys("Amy Lee".chars()).await;
    desk.tab_to("Email").await;
    desk.retype("amy.lee@riverside.example").await;
    desk.tab_to("Password").await;
    desk.keys("four unlikely kettles sing".chars()).await;
    desk.tab_to("Save and go on").await;
    desk.keys([ENTER]).await;
    desk.sees("Protect your account").await;
    for (step, says) in STEPS {
        visit(&desk, &app, &format!("/desk/setup/{step}")).await;
        desk.sees(says).await;
        at_rest(&desk).await;
        desk.reaches_everything(step).await;
    }
    visit(&desk, &app, "/desk/setup/practice").await;
    desk.sees("Time zone").await;
    at_rest(&desk).await;
    desk.tab_to("Skip for now").await;
    desk.keys([SPACE]).await;
    desk.sees("Step 4 of 8").await;
    desk.close(NOT_SIGNED_IN).await;
}
