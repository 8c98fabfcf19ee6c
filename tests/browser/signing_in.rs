//! A forgotten password, and a practice that asks everybody for a second step.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{PASSWORD, Practice};
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::journeys::{NOT_SIGNED_IN, signed_in, visit};
use crate::setup::with_second_step;

const NEW_PASSWORD: &str = "four unlikely kettles sing";
const SAM: &str = "sam.ortiz@riverside.example";

fn code(app: &TestApp, secret: &str) -> String {
    let secret: String = secret.split_whitespace().collect();
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base32"));
    let totp = totp.build().expect("a secret");
    totp.generate(app.state().now().timestamp().unsigned_abs()).to_string()
}

async fn sign_in(desk: &Window, app: &TestApp, email: &str, password: &str) {
    visit(desk, app, paths::DESK_PAGE).await;
    desk.fill("Email", email).await;
    desk.fill("Password", password).await;
    desk.press("Sign in").await;
}

fn link_in(text: &str) -> String {
    let start = text.find("http").expect("a link");
    text[start..].split_whitespace().next().expect("a link").to_owned()
}

/// Pictures of all looks, where pictures are wanted.
async fn picture(window: &Window, name: &str) {
    for (width, height) in [(390, 844), (1440, 900)] {
        for dark in [false, true] {
            window.look(width, height, dark).await;
            window.picture(&format!("{name} {width}{}", if dark { " dark" } else { "" })).await;
        }
    }
    window.look_as_opened().await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_the_link_in_an_email() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = browser.open(390, 844).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.press("Forgot your password?").await;
    desk.sees("We send you a link.").await;
    picture(&desk, "forgot").await;
    desk.fill("Email", "no address").await;
    desk.press("Send the link").await;
    desk.sees("email address").await;
    desk.fill("Email", &practice.email).await;
    desk.press("Send the link").await;
    desk.sees("Look at your email").await;
    picture(&desk, "forgot-sent").await;
    app.deliver().await;
    let link = link_in(&app.mail.mails().pop().expect("an email").text());

    visit(&desk, &app, "/docs").await;
    desk.goto(&link).await.expect("the page loads");
    desk.sees("Choose a new password").await;
    let address = desk.current_url().await.expect("an address");
    assert_eq!(address.fragment(), None, "the token has left the address");
    picture(&desk, "reset").await;
    desk.fill("Password", "riverside clinic").await;
    desk.press("Save the password").await;
    desk.sees("easy to guess").await;
    desk.fill("Password", NEW_PASSWORD).await;
    desk.press("Save the password").await;
    desk.sees("Your new password is set.").await;
    picture(&desk, "reset-done").await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", NEW_PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("Inbox").await;
    app.deliver().await;
    desk.close(NOT_SIGNED_IN).await;

    let late = browser.open(390, 844).await;
    late.goto(&link).await.expect("the page loads");
    late.fill("Password", "other unlikely words sing").await;
    late.press("Save the password").await;
    late.sees("This link was used already").await;
    picture(&late, "reset-over").await;
    late.press("Send me a new one").await;
    late.sees("Send the link").await;
    late.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn without_email_the_page_says_whom_to_ask_and_an_admin_hands_the_link_over() {
    let app = TestApp::start_bare_today().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    let browser = Browser::start();
    let sam = browser.open(390, 844).await;
    visit(&sam, &app, paths::DESK_PAGE).await;
    sam.press("Forgot your password?").await;
    sam.fill("Email", SAM).await;
    sam.press("Send the link").await;
    sam.sees("Ask an admin of your practice").await;
    picture(&sam, "forgot-no-email").await;

    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/settings/people").await;
    desk.press("Send a new password link").await;
    desk.sees("Make sure that it is really them who asks.").await;
    picture(&desk, "people-reset-ask").await;
    desk.element(".dialog-foot .btn.primary").await.click().await.expect("a click");
    desk.sees("Give Sam Ortiz this link yourself").await;
    picture(&desk, "people-reset").await;
    let link = desk.element(".person-given code").await.text().await.expect("text");
    sam.goto(&link).await.expect("the page loads");
    sam.fill("Password", NEW_PASSWORD).await;
    sam.press("Save the password").await;
    sam.sees("Your new password is set.").await;
    desk.close(NOT_SIGNED_IN).await;
    sam.close(NOT_SIGNED_IN).await;
}

/// The admin signs in with a code that was kept, asks everybody for a second step, and makes new codes.
async fn demand(desk: &Window, app: &TestApp, practice: &Practice, kept: &str) {
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.fill("Code", kept).await;
    desk.press("Sign in").await;
    desk.sees("One person has none yet.").await;
    desk.element("#security-second").await.click().await.expect("a click");
    desk.element(".seg label:nth-child(3)").await.click().await.expect("a click");
    picture(desk, "security-changed").await;
    desk.press("Save changes").await;
    desk.sees("Saved").await;
    let saved = practice.staff.get(paths::SETTINGS_SECURITY).await.expect(200);
    assert_eq!((&saved["require_second_factor"], &saved["staff_idle_minutes"]), (&json!(true), &json!(30)));
    visit(desk, app, "/desk/settings/account").await;
    desk.press("New codes for a lost phone").await;
    desk.sees("those you have work no more").await;
    desk.element("#account-codes-password").await.send_keys(PASSWORD).await.expect("typed");
    desk.press("New codes for a lost phone").await;
    desk.sees("Here are your new codes.").await;
    picture(desk, "account-codes").await;
}

#[tokio::test]
async fn a_practice_asks_everybody_for_a_second_step_and_who_has_none_sets_one_up_to_sign_in() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    let browser = Browser::start();
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/settings/security").await;
    desk.sees("Turn on your own second step first").await;
    picture(&desk, "security-first").await;
    let (_, kept) = with_second_step(&app, &practice).await;
    desk.sees("Forgot your password?").await;
    demand(&desk, &app, &practice, &kept[0]).await;
    desk.close(NOT_SIGNED_IN).await;
    sam.get(paths::SESSION).await.refused(401, "session_ended");
    let phone = browser.open(390, 844).await;
    sign_in(&phone, &app, SAM, PASSWORD).await;
    phone.sees("Your practice asks everybody for one").await;
    picture(&phone, "enrolling").await;
    phone.press("Set it up").await;
    let secret = phone.element(".secret").await.text().await.expect("text");
    picture(&phone, "enrolling-scan").await;
    phone.fill("Code from the app", &code(&app, &secret)).await;
    phone.press("Check the code").await;
    phone.sees("Keep these codes").await;
    phone.element(".tick input").await.click().await.expect("a click");
    phone.press("Go to the desk").await;
    phone.sees("Inbox").await;
    assert_eq!(app.tables().await["second_steps"].len(), 2);
    app.deliver().await;
    phone.close(NOT_SIGNED_IN).await;
}
