//! No screen has anything that axe finds (WCAG 2.2 AA), in light and dark, 320 and 1280 px wide, nor scrolls
//! sideways. `cargo test --test browser axe -- --nocapture` prints a line for each.
//!
//! A new screen of the desk is a line in `DESK`.

use chrono::{TimeDelta, Utc};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{PASSWORD, PAST_A_DAY, Practice, id};
use serde_json::json;

use crate::journeys::{enter_pin, follow, phone, signed_in, visit, written};

/// Screens of the desk that an address opens: what it is called, where it is, and what it says when it is there.
const DESK: &[(&str, &str, &str)] = &[
    ("inbox", "/desk/inbox", "Thank you"),
    ("thread", "/desk/inbox/{conversation}", "Thank you"),
    ("outbox", "/desk/outbox", "Sam"),
    ("archived, empty", "/desk/archived", "Conversations that you archive"),
    ("scheduled, empty", "/desk/scheduled", "Messages that go out later"),
    ("contacts", "/desk/contacts", "Sam"),
    ("contact", "/desk/contacts/{contact}", "Jordan"),
    ("nowhere", "/desk/nowhere", "There is nothing at this address."),
    ("settings", "/desk/settings", "Secure messaging"),
    ("settings: secure messaging", "/desk/settings/secure-messaging", "Secure messaging"),
    ("settings: sending", "/desk/settings/sending", "Time to take a message back"),
    ("settings: practice", "/desk/settings/practice", "Practice"),
    ("settings: contact fields", "/desk/settings/contact-fields", "Contact fields"),
    ("settings: channels", "/desk/settings/channels", "Texts and email"),
    ("settings: texts", "/desk/settings/texts", "Monthly limit"),
    ("settings: people", "/desk/settings/people", "People"),
    ("settings: audit log", "/desk/settings/audit-log", "Every entry is as it was written"),
    ("settings: security", "/desk/settings/security", "Ask everybody for a second step"),
    ("settings: API keys", "/desk/settings/api-keys", "Make a key"),
    ("settings: account", "/desk/settings/account", "Your account"),
    ("setup: admin", "/desk/setup/admin", "Step 1 of 8"),
    ("setup: second step", "/desk/setup/second-step", "Set it up"),
    ("setup: practice", "/desk/setup/practice", "Time zone"),
    ("setup: address", "/desk/setup/address", "Links start with"),
    ("setup: texts", "/desk/setup/sms", "Send a test"),
    ("setup: email", "/desk/setup/email", "Send a test"),
    ("setup: people", "/desk/setup/invitations", "Add a row"),
    ("setup: first message", "/desk/setup/first-message", "Send it to me"),
];

/// What the journeys below provoke.
const REFUSALS: &[&str] = &["/api/v1/", "ERR_INTERNET_DISCONNECTED"];

#[tokio::test]
async fn what_is_wrong_is_found() {
    let app = TestApp::start_today().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let phone = phone(&browser, &app, "0123456789abcdefABCDEF").await;
    phone.sees("This link does not work").await;
    let spoil =
        "document.querySelector('h1').id = 'pale'; document.getElementById('pale').style.color = '#999';
        document.body.append(document.createElement('input')); document.body.style.minWidth = '400px';";
    phone.execute(spoil, Vec::new()).await.expect("spoilt");
    audit.screen(&phone, "spoilt").await;
    for (part, times) in [("color-contrast", 2), ("\"label\"", 4), ("scrolls sideways", 2)] {
        let found = audit.findings().iter().filter(|finding| finding.contains(part)).count();
        assert_eq!(found, times, "{part}: {:#?}", audit.findings());
    }
    phone.close(REFUSALS).await;
}

#[tokio::test]
async fn the_gate_and_its_refusals() {
    let app = TestApp::start_today().await;
    let (practice, _, token) = written(&app).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.send(&sam, json!({})).await;
    let open = app.newest_token().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let phone = phone(&browser, &app, &open).await;
    phone.sees("You have a private message").await;
    audit.screen(&phone, "gate").await;
    phone.press("Español").await;
    phone.sees("mensaje privado").await;
    audit.screen(&phone, "gate, Spanish").await;
    phone.press("English").await;
    follow(&phone, &app, &token).await;
    phone.sees("Enter your PIN").await;
    audit.screen(&phone, "PIN").await;
    enter_pin(&phone, "0000").await;
    phone.sees("You have 4 tries left").await;
    audit.screen(&phone, "PIN, wrong").await;
    for _ in 0..4 {
        app.anybody().verify_pin(&token, "0000").await;
    }
    follow(&phone, &app, &open).await;
    follow(&phone, &app, &token).await;
    phone.sees("Too many tries").await;
    audit.screen(&phone, "locked").await;
    app.clock.advance(TimeDelta::minutes(16));
    for _ in 0..5 {
        app.anybody().verify_pin(&token, "0000").await;
    }
    follow(&phone, &app, &open).await;
    follow(&phone, &app, &token).await;
    phone.sees("This link is turned off").await;
    audit.screen(&phone, "disabled").await;
    app.clock.advance(PAST_A_DAY);
    follow(&phone, &app, &open).await;
    phone.sees("This link has expired").await;
    audit.screen(&phone, "expired").await;
    phone.press("Send me a new link").await;
    phone.sees("A new link is on its way").await;
    audit.screen(&phone, "relinked").await;
    follow(&phone, &app, "0123456789abcdefABCDEF").await;
    phone.sees("This link does not work").await;
    audit.screen(&phone, "not available").await;
    app.deliver().await;
    phone.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn the_conversation_and_its_ends() {
    let app = TestApp::start_today().await;
    let (_, _, token) = written(&app).await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    phone.fill("Write a reply", "Thank you!").await;
    phone.press("Send").await;
    phone.sees("Sent").await;
    audit.screen(&phone, "conversation").await;
    offline(&phone, true).await;
    phone.sees("You are offline.").await;
    phone.fill("Write a reply", "Still there?").await;
    phone.press("Send").await;
    phone.sees("Not sent").await;
    audit.screen(&phone, "conversation, offline").await;
    phone.press("Leave").await;
    phone.sees("Leave without sending?").await;
    audit.screen(&phone, "leaving?").await;
    phone.press("Leave").await;
    phone.sees("You left the conversation").await;
    audit.screen(&phone, "left, offline").await;
    follow(&phone, &app, "").await;
    offline(&phone, false).await;
    follow(&phone, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    // The stream hears of the end within a second.
    app.clock.advance(TimeDelta::minutes(16));
    phone.sees("You were signed out").await;
    audit.screen(&phone, "session over").await;
    phone.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn the_desk() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.sees("Password").await;
    audit.screen(&desk, "sign in").await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", "not the password").await;
    desk.press("Sign in").await;
    desk.sees("is not right").await;
    audit.screen(&desk, "sign in, refused").await;
    desk.press("Forgot your password?").await;
    desk.sees("We send you a link.").await;
    audit.screen(&desk, "forgotten password").await;
    desk.fill("Email", "nobody@riverside.example").await;
    desk.press("Send the link").await;
    desk.sees("Look at your email").await;
    audit.screen(&desk, "forgotten password, asked").await;
    visit(&desk, &app, "/desk#reset=0123456789abcdefABCDEF").await;
    desk.sees("Choose a new password").await;
    audit.screen(&desk, "new password").await;
    desk.fill("Password", "four unlikely kettles sing").await;
    desk.press("Save the password").await;
    desk.sees("This link was used already").await;
    audit.screen(&desk, "new password, too late").await;
    desk.close(REFUSALS).await;

    let desk = signed_in(&browser, &app, &practice).await;
    desk.sees("Answers from your contacts").await;
    audit.screen(&desk, "inbox, empty").await;
    desk.press("Compose").await;
    desk.sees("Send").await;
    audit.screen(&desk, "compose").await;
    let (contact, conversation) = busy(&app, &practice).await;
    desk.fill("To", "Jord").await;
    desk.press_part("Jordan Reyes").await;
    desk.sees("gets a text with a link").await;
    audit.screen(&desk, "compose, to somebody").await;
    for (name, path, says) in DESK {
        let path = path.replace("{contact}", &contact).replace("{conversation}", &conversation);
        visit(&desk, &app, &path).await;
        desk.sees(says).await;
        desk.until("nothing is on its way", || async { desk.count("[aria-busy=true]").await == 0 }).await;
        audit.screen(&desk, name).await;
    }
    desk.close(REFUSALS).await;
    audit.close();
}

/// So long after what is signed in that the warning stands there: the page asks the machine what time it is.
async fn almost_idle() -> TestApp {
    let app = TestApp::start().await;
    // Forward to some minutes ago: a server's time does not go back.
    #[expect(clippy::disallowed_methods, reason = "the browser under test asks the machine, too")]
    app.clock.set(Utc::now() - TimeDelta::seconds(13 * 60 + 30));
    app
}

#[tokio::test]
async fn the_ways_into_the_desk() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let invited = json!({ "name": "Sam Ortiz", "email": "sam.ortiz@riverside.example", "role": "member" });
    practice.staff.post(paths::INVITATIONS, invited).await.expect(201);
    app.deliver().await;
    let mail = app.mail.mails().pop().expect("an email").text();
    let link = mail.split_whitespace().find(|word| word.contains("#invite=")).expect("a link");
    let desk = browser.open(1440, 900).await;
    desk.goto(link).await.expect("the page loads");
    desk.sees("invites you to Riverside").await;
    audit.screen(&desk, "invitation").await;
    desk.fill("Password", "short").await;
    desk.press("Join").await;
    audit.screen(&desk, "invitation, refused").await;
    visit(&desk, &app, "/desk#invite=0123456789abcdefABCDEF").await;
    desk.refresh().await.expect("the page loads");
    desk.sees("This invitation does not work.").await;
    audit.screen(&desk, "invitation, used").await;
    desk.close(REFUSALS).await;

    crate::setup::with_second_step(&app, &practice).await;
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, paths::DESK_PAGE).await;
    desk.fill("Email", &practice.email).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("One more step").await;
    audit.screen(&desk, "second step").await;
    desk.fill("Code", "000000").await;
    desk.press("Sign in").await;
    desk.sees("That code is not right.").await;
    audit.screen(&desk, "second step, wrong").await;
    desk.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn warnings_before_somebody_is_signed_out_and_the_other_conversation() {
    let app = almost_idle().await;
    let (practice, _, token) = written(&app).await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.send(&sam, json!({})).await;
    let sams = app.newest_token().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    desk.sees("Are you still there?").await;
    audit.screen(&desk, "desk: still there?").await;
    desk.close(REFUSALS).await;
    let phone = phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Are you still there?").await;
    audit.screen(&phone, "still there?").await;
    phone.close(REFUSALS).await;

    let app_now = app.state().now() + TimeDelta::seconds(13 * 60 + 30);
    app.clock.set(app_now);
    let phone = crate::journeys::phone(&browser, &app, &token).await;
    enter_pin(&phone, "4821").await;
    phone.sees("Your results are in.").await;
    let first = phone.window().await.expect("a tab");
    let second = phone.new_window(true).await.expect("a tab").handle;
    phone.switch_to_window(second).await.expect("the tab");
    follow(&phone, &app, &sams).await;
    phone.press("Open my message").await;
    phone.sees("Write a reply").await;
    phone.switch_to_window(first).await.expect("the tab");
    phone.fill("Write a reply", "To whom?").await;
    phone.press("Send").await;
    phone.sees("Another conversation is open").await;
    audit.screen(&phone, "another conversation").await;
    phone.close(REFUSALS).await;
    app.deliver().await;
    audit.close();
}

/// Jordan's answered message, one that failed, and Sam's; the contact's and the conversation's ids.
async fn busy(app: &TestApp, practice: &Practice) -> (String, String) {
    let jordan = practice.jordan().await;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    practice.send(&sam, json!({})).await;
    practice.send(&jordan, json!({ "secure": false, "body": "See you at 3." })).await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    app.clock.advance(TimeDelta::seconds(20));
    patient.reply("Thank you").await.expect(201);
    let conversation = id(&practice.folder("inbox").await[0]).to_owned();
    (id(&jordan).to_owned(), conversation)
}

async fn offline(window: &Window, offline: bool) {
    let network =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    window.devtools("Network.enable", json!({})).await;
    window.devtools("Network.emulateNetworkConditions", network).await;
}
