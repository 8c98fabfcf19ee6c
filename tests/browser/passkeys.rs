//! Passkeys with the browser's own virtual authenticator: added on the account page, used after the password.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::PASSWORD;

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};

async fn type_in(desk: &Window, css: &str, text: &str) {
    desk.element(css).await.send_keys(text).await.expect("a field that takes keys");
}

async fn add(desk: &Window, name: &str) {
    desk.press("Add a passkey").await;
    type_in(desk, "#passkey-name", name).await;
    type_in(desk, "#passkey-password", PASSWORD).await;
    desk.picture("desk-passkey-add").await;
    desk.element("#passkeys form button[type=submit]").await.click().await.expect("a click");
}

#[tokio::test]
async fn a_passkey_is_added_at_the_desk_and_lets_in_after_the_password() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.add_authenticator().await;
    visit(&desk, &app, "/desk/settings/account").await;
    desk.sees("You have no passkeys yet.").await;
    add(&desk, "My phone").await;
    desk.sees("Keep these codes").await;
    desk.element("#passkeys .tick input").await.click().await.expect("a click");
    desk.press("Done").await;
    desk.sees("not used yet").await;
    desk.picture("desk-passkeys").await;
    desk.look(390, 844, true).await;
    desk.element("#passkeys").await.click().await.expect("in view");
    desk.picture("desk-passkeys-phone").await;
    desk.look_as_opened().await;

    desk.press("Sign out").await;
    desk.sees("You have signed out.").await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("One more step").await;
    desk.picture("desk-passkey-sign-in").await;
    desk.press("Use a passkey").await;
    desk.sees("Inbox").await;
    visit(&desk, &app, "/desk/settings/account").await;
    desk.sees("last used").await;
    desk.sees("This browser").await;

    desk.press("Rename My phone").await;
    let name = desk.element("#passkey-new-name").await;
    name.clear().await.expect("cleared");
    name.send_keys("Old phone").await.expect("typed");
    desk.press("Save").await;
    desk.press("Remove Old phone").await;
    desk.sees("Remove “Old phone”?").await;
    type_in(&desk, "#passkey-remove-password", PASSWORD).await;
    desk.press("Remove").await;
    desk.sees("You have no passkeys yet.").await;
    assert_eq!(practice_steps(&app, &practice.email).await, 200);
    app.deliver().await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn where_a_second_step_is_asked_of_everybody_a_passkey_will_do() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let sam = "sam.ortiz@riverside.example";
    app.colleague(&practice, "Sam Ortiz", sam, Role::Member).await;
    app.execute("UPDATE organizations SET require_second_factor = TRUE").await;
    let browser = Browser::start();
    let phone = browser.open(390, 844).await;
    visit(&phone, &app, "/desk").await;
    phone.add_authenticator().await;
    phone.fill("Email", sam).await;
    phone.fill("Password", PASSWORD).await;
    phone.press("Sign in").await;
    phone.sees("Your practice asks everybody for one").await;
    phone.press("Use a passkey instead").await;
    phone.picture("enrolling-passkey").await;
    phone.press("Add a passkey").await;
    phone.sees("Give the passkey a name").await;
    type_in(&phone, "#passkey-name", "My phone").await;
    phone.press("Add a passkey").await;
    phone.sees("Keep these codes").await;
    phone.element(".tick input").await.click().await.expect("a click");
    phone.press("Go to the desk").await;
    phone.sees("Inbox").await;
    assert_eq!(app.tables().await["passkeys"].len(), 1);
    app.deliver().await;
    phone.close(NOT_SIGNED_IN).await;
}

/// The password alone lets in again.
async fn practice_steps(app: &TestApp, email: &str) -> u16 {
    let browser = app.anybody();
    let body = serde_json::json!({ "email": email, "password": PASSWORD });
    browser.post(paths::SESSION, body).await.expect(200);
    browser.get(paths::CONTACTS).await.status
}

#[tokio::test]
async fn whoever_says_no_to_the_browser_is_told_and_can_try_again() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    // Of a user whom it cannot verify this authenticator makes no key.
    desk.add_authenticator_that_refuses().await;
    visit(&desk, &app, "/desk/settings/account").await;
    add(&desk, "My phone").await;
    desk.sees("Your browser got no answer from you. Try again.").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn a_browser_without_passkeys_says_so() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    desk.execute("delete window.PublicKeyCredential", Vec::new()).await.expect("gone");
    desk.press("Settings").await;
    desk.press_part("Your account").await;
    desk.sees("This browser cannot make passkeys.").await;
    assert_eq!(desk.count("#passkeys button").await, 0);
    desk.close(NOT_SIGNED_IN).await;
}
