//! Steps that more than one test takes.

use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

/// Chromium logs every refusal as an error: the desk asks who is signed in before anybody is.
pub const NOT_SIGNED_IN: &[&str] = &["/api/v1/session"];

/// Jordan with PIN 4821 and a message; the token of its link.
pub async fn written(app: &TestApp) -> (Practice, Value, String) {
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.set_pin(&jordan, "4821").await;
    let message = json!({ "contact_id": id(&jordan), "body": "Your results are in.", "secure": true });
    practice.staff.post(paths::MESSAGES, message).await.expect(201);
    let token = app.newest_token().await;
    (practice, jordan, token)
}

pub async fn phone(browser: &Browser, app: &TestApp, token: &str) -> Window {
    let phone = browser.open(390, 844).await;
    follow(&phone, app, token).await;
    phone
}

pub async fn follow(phone: &Window, app: &TestApp, token: &str) {
    phone.goto(&format!("{}/m#{token}", app.origin())).await.expect("the page loads");
}

pub async fn enter_pin(phone: &Window, pin: &str) {
    phone.fill("PIN", pin).await;
    phone.press("Open my message").await;
}

pub async fn visit(desk: &Window, app: &TestApp, path: &str) {
    desk.goto(&format!("{}{path}", app.origin())).await.expect("the page loads");
}

pub async fn signed_in(browser: &Browser, app: &TestApp, practice: &Practice) -> Window {
    let desk = browser.open(1440, 900).await;
    visit(&desk, app, paths::DESK_PAGE).await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("Inbox").await;
    desk
}
