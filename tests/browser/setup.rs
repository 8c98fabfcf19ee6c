//! The first start, signing in with a second step, and people who are invited.

use chrono::TimeDelta;
use fantoccini::Locator;
use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::fakes::{ACCOUNT_SID, AUTH_TOKEN, FROM};
use sealpost_tests::given::{PASSWORD, Practice};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

const NEW_PASSWORD: &str = "four unlikely kettles sing";
/// Chromium logs every refusal as an error: the desk asks who is signed in before anybody is.
const NOT_SIGNED_IN: &[&str] = &["/api/v1/session"];

/// As `serve` starts with nothing configured: its setup link in a browser.
async fn first_start(browser: &Browser) -> (TestApp, Window, String) {
    let app = TestApp::start_bare_today().await;
    let link = staff::service::first_start(app.state()).await.expect("a start").expect("a link");
    let desk = browser.open(1440, 900).await;
    desk.goto(&link).await.expect("the page loads");
    desk.sees("Who are you?").await;
    (app, desk, link)
}

/// The code that an app shows now for a secret that was typed in, spaces and all.
pub fn code(app: &TestApp, secret: &str) -> String {
    let secret: String = secret.split_whitespace().collect();
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new().with_secret(secret).build().expect("a secret");
    totp.generate(app.state().now().timestamp().unsigned_abs()).to_string()
}

async fn address(window: &Window) -> String {
    window.current_url().await.expect("an address").to_string()
}

/// Nothing is kept in the browser, and nothing secret stands in its history.
async fn keeps_nothing(window: &Window, secret: &str) {
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie.length]";
    assert_eq!(window.execute(kept, Vec::new()).await.expect("numbers"), json!([0, 0, 0]));
    assert!(!address(window).await.contains(secret), "the token leaves the address bar");
}

async fn choose(window: &Window, css: &str, value: &str) {
    window.element(css).await.select_by_value(value).await.expect("a choice");
}

async fn who_one_is(app: &TestApp, desk: &Window) {
    desk.press("Save and go on").await;
    desk.sees("Give your name, in 1 to 100 letters.").await;
    let focus = "return document.activeElement.id";
    desk.until("the focus goes to the first field that is wrong", || async {
        desk.execute(focus, Vec::new()).await.is_ok_and(|id| id == "setup-name")
    })
    .await;
    desk.fill("Your name", "Amy Lee").await;
    desk.fill("Email", "amy.lee@riverside.example").await;
    desk.fill("Password", "riverside").await;
    desk.sees("3 more characters to go.").await;
    desk.fill("Password", NEW_PASSWORD).await;
    desk.sees("Very good.").await;
    desk.press("Save and go on").await;
    desk.sees("Protect your account").await;
    let mine = json!({ "email": "amy.lee@riverside.example", "password": NEW_PASSWORD });
    app.anybody().post(paths::SESSION, mine).await.expect(200);
}

async fn a_second_step(app: &TestApp, desk: &Window) {
    desk.fill("Your password now", NEW_PASSWORD).await;
    desk.press("Set it up").await;
    let secret = desk.element(".secret").await.text().await.expect("text");
    assert_eq!(secret.split_whitespace().map(str::len).max(), Some(4), "{secret} is read in groups of four");
    let picture = desk.element(".qr path").await.attr("d").await.expect("an attribute").unwrap_or_default();
    assert!(picture.len() > 1_000, "a picture to scan");
    desk.fill("Code from the app", "000000").await;
    desk.press("Check the code").await;
    desk.sees("That code is not right.").await;
    desk.fill("Code from the app", &code(app, &secret)).await;
    desk.press("Check the code").await;
    desk.sees("Keep these codes").await;
    assert_eq!(desk.find_all(Locator::Css(".codes li")).await.expect("codes").len(), 10);
    desk.picture("setup-codes").await;
    desk.press("Go on").await;
    desk.sees("Keep the codes first, then tick the box.").await;
    desk.element(".tick input").await.click().await.expect("a click");
    desk.press("Go on").await;
}

async fn the_practice(desk: &Window) {
    desk.sees("Name of the practice").await;
    let zone = "return [document.getElementById('setup-practice-zone').value, \
                Intl.DateTimeFormat().resolvedOptions().timeZone]";
    let zones = desk.execute(zone, Vec::new()).await.expect("zones");
    assert_eq!(zones[0], zones[1], "the time zone is this computer's");
    desk.fill("Name of the practice", "Riverside Family Clinic").await;
    desk.fill("Phone number for clients", "(555) 010-0100").await;
    desk.press("Save and go on").await;
    desk.sees("This address works on this computer alone.").await;
    desk.picture("setup-address").await;
    desk.refresh().await.expect("the page loads");
    desk.sees("Step 4 of 8").await;
    desk.sees("This server answers there.").await;
    desk.press("Go on").await;
}

async fn the_ways_out(app: &TestApp, desk: &Window) {
    desk.sees("Auth token").await;
    desk.press("Save and go on").await;
    desk.sees("Copy the auth token from your provider.").await;
    desk.fill("Address of the provider", app.gateway.url()).await;
    desk.fill("Account SID", ACCOUNT_SID).await;
    desk.fill("Auth token", "another-token-than-theirs").await;
    desk.fill("Number that texts come from", FROM).await;
    desk.fill("Your own phone number", "+1 555 010 0142").await;
    desk.press("Send a test").await;
    desk.sees("The server did not let us in.").await;
    desk.fill("Auth token", AUTH_TOKEN).await;
    desk.press("Send a test").await;
    desk.sees("Your provider took the text.").await;
    assert_eq!(app.gateway.texts().len(), 1);
    desk.picture("setup-texts").await;
    desk.press("Save and go on").await;

    desk.sees("Mail server").await;
    let port = app.mail.url().rsplit(':').next().expect("a port").to_owned();
    desk.fill("Mail server", "127.0.0.1").await;
    choose(desk, "#mail-security", "none").await;
    desk.fill("Port", &port).await;
    desk.fill("Sender", "Riverside Family Clinic <messages@riverside.example>").await;
    desk.press("Send a test").await;
    desk.sees("Your mail server took the email.").await;
    assert_eq!(app.mail.mails().pop().expect("an email").to, ["amy.lee@riverside.example"]);
    desk.press("Save and go on").await;
}

async fn the_team(app: &TestApp, desk: &Window) {
    desk.sees("Invite your team").await;
    desk.fill("Name", "Sam Ortiz").await;
    desk.fill("Email", "sam").await;
    desk.press("Send the invitations").await;
    desk.sees("Write an email address").await;
    desk.fill("Email", "sam.ortiz@riverside.example").await;
    desk.press("Send the invitations").await;
    desk.sees("Step 8 of 8").await;
    app.deliver().await;
    let mail = app.mail.mails().pop().expect("an email");
    assert_eq!(mail.to, ["sam.ortiz@riverside.example"]);
}

#[tokio::test]
async fn a_practice_sets_itself_up_and_answers_its_own_first_message() {
    let browser = Browser::start();
    let (app, desk, link) = first_start(&browser).await;
    let token = link.split_once("#setup=").expect("a token").1.to_owned();
    keeps_nothing(&desk, &token).await;
    desk.picture("setup-you").await;
    who_one_is(&app, &desk).await;
    a_second_step(&app, &desk).await;
    the_practice(&desk).await;
    the_ways_out(&app, &desk).await;
    the_team(&app, &desk).await;

    desk.fill("Your mobile number", "+1 555 010 0142").await;
    desk.press("Send it to me").await;
    desk.sees("It is on its way.").await;
    desk.picture("setup-sent").await;
    let link = app.newest_token().await;
    let phone = browser.open(390, 844).await;
    phone.goto(&format!("{}/m#{link}", app.origin())).await.expect("the page loads");
    phone.press("Open my message").await;
    phone.sees("Riverside Family Clinic").await;
    app.clock.advance(TimeDelta::seconds(20));
    phone.fill("Write a reply", "It works!").await;
    phone.press("Send").await;
    desk.sees("Your answer is in the inbox.").await;
    desk.press("See your answer in the inbox").await;
    desk.sees("It works!").await;
    desk.picture("setup-answered").await;
    desk.sees_no("Finish setting up").await;
    keeps_nothing(&desk, &token).await;
    app.deliver().await;
    phone.close(&["/api/v1/"]).await;
    desk.close(&["/api/v1/session"]).await;
}

#[tokio::test]
async fn what_was_skipped_stays_on_the_home_screen_until_it_is_put_away() {
    let browser = Browser::start();
    let (app, desk, link) = first_start(&browser).await;
    who_one_is(&app, &desk).await;
    for skipped in ["Protect your account", "Your practice"] {
        desk.sees(skipped).await;
        desk.press("Skip for now").await;
    }
    desk.sees("Your address on the web").await;
    desk.press("Back").await;
    desk.sees("Name of the practice").await;
    desk.press("Finish later").await;
    desk.sees("Finish setting up").await;
    desk.sees("Protect your account with a second step").await;
    desk.picture("setup-checklist").await;
    desk.press_part("Invite your team").await;
    desk.sees("Step 7 of 8").await;
    desk.press("Finish later").await;
    desk.press("Put this list away").await;
    desk.sees_no("Finish setting up").await;
    desk.refresh().await.expect("the page loads");
    desk.sees("Answers from your contacts show up here.").await;
    assert!(!desk.text().await.contains("Finish setting up"));
    desk.close(NOT_SIGNED_IN).await;

    let late = browser.open(390, 844).await;
    late.goto(&link).await.expect("the page loads");
    late.sees("This setup link was used already or is too old.").await;
    late.sees("sealpost serve").await;
    keeps_nothing(&late, "#setup").await;
    late.picture("setup-link-used").await;
    late.close(NOT_SIGNED_IN).await;
}

/// Turns the second step on: the secret and the codes to keep.
pub async fn with_second_step(app: &TestApp, practice: &Practice) -> (String, Vec<String>) {
    let enrolment =
        practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let secret = enrolment["secret"].as_str().expect("a secret").to_owned();
    let confirm = json!({ "code": code(app, &secret) });
    let codes = practice.staff.post(paths::SESSION_TOTP_CONFIRM, confirm).await.expect(200);
    let codes = codes["recovery_codes"].as_array().expect("codes").iter();
    let codes = codes.filter_map(Value::as_str).map(str::to_owned).collect();
    app.deliver().await;
    app.clock.advance(TimeDelta::seconds(30));
    (secret, codes)
}

async fn sign_in(desk: &Window, app: &TestApp, email: &str, password: &str) {
    desk.goto(&format!("{}{}", app.origin(), paths::DESK_PAGE)).await.expect("the page loads");
    desk.fill("Email", email).await;
    desk.fill("Password", password).await;
    desk.press("Sign in").await;
}

#[tokio::test]
async fn signing_in_asks_for_the_code_of_the_app_or_for_one_that_was_kept() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let (secret, kept) = with_second_step(&app, &practice).await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    sign_in(&desk, &app, &practice.email, PASSWORD).await;
    desk.sees("One more step").await;
    desk.picture("second-step").await;
    desk.fill("Code", "000000").await;
    desk.press("Sign in").await;
    desk.sees("That code is not right.").await;
    assert!(!desk.text().await.contains("Inbox"));
    desk.fill("Code", &code(&app, &secret)).await;
    desk.press("Sign in").await;
    desk.sees("Inbox").await;
    desk.close(NOT_SIGNED_IN).await;

    let other = browser.open(390, 844).await;
    sign_in(&other, &app, &practice.email, PASSWORD).await;
    other.fill("Code", kept.first().expect("a code")).await;
    other.press("Sign in").await;
    other.sees("Inbox").await;
    other.close(NOT_SIGNED_IN).await;

    let slow = browser.open(390, 844).await;
    sign_in(&slow, &app, &practice.email, PASSWORD).await;
    slow.sees("One more step").await;
    app.clock.advance(TimeDelta::minutes(6));
    slow.fill("Code", &code(&app, &secret)).await;
    slow.press("Sign in").await;
    slow.sees("That took too long. Sign in again.").await;
    slow.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn somebody_who_is_invited_makes_an_account_and_is_there() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    sign_in(&desk, &app, &practice.email, PASSWORD).await;
    desk.press("Settings").await;
    desk.press_part("Who works here").await;
    desk.fill("Name", "Sam Ortiz").await;
    desk.fill("Email", "sam.ortiz@riverside.example").await;
    desk.press("Send the invitations").await;
    desk.sees("Sam Ortiz gets an email at sam.ortiz@riverside.example.").await;
    app.deliver().await;

    let mail = app.mail.mails().pop().expect("an email").text();
    let start = mail.find("http").expect("a link");
    let link = mail[start..].split_whitespace().next().expect("a link").to_owned();
    let token = link.split_once("#invite=").expect("a token").1.to_owned();
    let sam = browser.open(390, 844).await;
    sam.goto(&link).await.expect("the page loads");
    sam.sees("Amy Lee invites you to Riverside Clinic.").await;
    sam.picture("invited").await;
    sam.fill("Password", "samortizriverside").await;
    sam.press("Join").await;
    sam.sees("This password is too easy to guess.").await;
    sam.fill("Password", NEW_PASSWORD).await;
    sam.press("Join").await;
    sam.sees("Answers from your contacts show up here.").await;
    keeps_nothing(&sam, &token).await;
    sam.close(&["/api/v1/session", "/invitations/accept"]).await;

    let again = browser.open(390, 844).await;
    again.goto(&link).await.expect("the page loads");
    again.sees("This invitation does not work.").await;
    again.press("Go to sign-in").await;
    again.sees("Password").await;
    assert!(!address(&again).await.contains(&token));
    again.close(&["/api/v1/session", "/invitations/open"]).await;

    desk.refresh().await.expect("the page loads");
    desk.sees("sam.ortiz@riverside.example").await;
    desk.picture("people").await;
    desk.close(NOT_SIGNED_IN).await;
}

#[tokio::test]
async fn an_admin_shuts_a_colleague_out_and_lets_them_in_again() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", "sam.ortiz@riverside.example", Role::Member).await;
    let browser = Browser::start();
    let desk = browser.open(1440, 900).await;
    sign_in(&desk, &app, &practice.email, PASSWORD).await;
    desk.sees("Inbox").await;
    desk.goto(&format!("{}/desk/settings/people", app.origin())).await.expect("the page loads");
    desk.sees("Sam Ortiz").await;
    desk.press("Disable").await;
    desk.sees("Disable Sam Ortiz?").await;
    desk.press("Disable").await;
    desk.sees("Cannot sign in").await;
    sam.get(paths::SESSION).await.refused(401, "session_ended");
    desk.press("Let in again").await;
    desk.sees_no("Cannot sign in").await;
    choose(&desk, ".person select", "admin").await;
    let again = json!({ "email": "sam.ortiz@riverside.example", "password": PASSWORD });
    desk.until("Sam is an admin", || async {
        let session = app.anybody().post(paths::SESSION, again.clone()).await.expect(200);
        session["user"]["role"] == "admin"
    })
    .await;
    desk.close(NOT_SIGNED_IN).await;
}
