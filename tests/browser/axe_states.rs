//! What opens on the pages of `axe.rs` without an address of its own: dialogs, forms, refusals, what is shown once;
//! and the same pages for who may read alone.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::audit::Audit;
use sealpost_tests::browser::{Browser, Window};
use sealpost_tests::given::{PASSWORD, id};
use serde_json::json;

use crate::journeys::{signed_in, visit};

/// What the steps below provoke.
const REFUSALS: &[&str] = &["/api/v1/"];

async fn focused(desk: &Window) -> Option<String> {
    desk.active_element().await.expect("a focus").attr("id").await.expect("an id")
}

#[tokio::test]
async fn one_s_own_account_and_the_keys() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/settings/account").await;
    desk.press("Add a passkey").await;
    desk.sees("Your browser asks you next.").await;
    desk.until("one types at once", || async { focused(&desk).await.as_deref() == Some("passkey-name") })
        .await;
    audit.screen(&desk, "a new passkey").await;
    desk.press("Cancel").await;
    desk.fill("Your password now", PASSWORD).await;
    desk.element("#second-password").await.send_keys(PASSWORD).await.expect("keys");
    desk.press("Set it up").await;
    desk.sees("Scan this picture with the app.").await;
    audit.screen(&desk, "a new second step").await;
    desk.press("Sign out everywhere else").await;
    desk.sees("Every other browser is signed out within a second.").await;
    audit.screen(&desk, "sign out everywhere else?").await;
    desk.press("Sign out everywhere else").await;
    desk.sees("You are signed in here and nowhere else.").await;

    visit(&desk, &app, "/desk/settings/api-keys").await;
    desk.press("Make a key").await;
    desk.sees("What it may do").await;
    audit.screen(&desk, "a new key").await;
    desk.press("Make a key").await;
    desk.sees("Say what the key is for").await;
    audit.screen(&desk, "a new key, refused").await;
    desk.fill("What it is for", "Practice software").await;
    desk.fill("Your password now", PASSWORD).await;
    desk.press("Make a key").await;
    desk.sees("We do not keep it and cannot show it again.").await;
    audit.screen(&desk, "a key, this once").await;
    desk.press("Revoke the key Practice software").await;
    desk.sees("Programs that use this key are refused at once.").await;
    audit.screen(&desk, "revoke it?").await;
    desk.press("Revoke").await;
    desk.sees("Revoked").await;
    audit.screen(&desk, "a revoked key").await;
    desk.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn a_colleague_whose_password_is_locked_gets_a_link_for_a_new_one() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let sam = "sam@riverside.example";
    app.colleague(&practice, "Sam Poole", sam, Role::Member).await;
    app.anybody().post(paths::SESSION, json!({ "email": sam, "password": "wrong" })).await.expect(401);
    // As a hundred of them would leave it.
    app.execute("UPDATE account_guards SET failures = 100, disabled_at = tried_at").await;
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, "/desk/settings/people").await;
    desk.sees(
        "After 100 wrong passwords or codes, Sam Poole can sign in only where they have signed in before.",
    )
    .await;
    desk.picture("people-locked").await;
    audit.screen(&desk, "people, one locked").await;
    desk.press("Send a new password link").await;
    desk.sees("Send Sam Poole a link for a new password?").await;
    audit.screen(&desk, "a new password for somebody?").await;
    desk.press("Send a new password link").await;
    desk.sees("An email with the link is on its way to Sam Poole.").await;
    app.deliver().await;
    desk.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn pins_that_are_easy_to_guess_and_a_log_with_nothing_found() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    let conversation = id(&practice.folder("outbox").await[0]).to_owned();
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = signed_in(&browser, &app, &practice).await;
    visit(&desk, &app, &format!("/desk/outbox/{conversation}")).await;
    desk.element(".composer option[value=own]").await.click().await.expect("a click");
    desk.fill("PIN for this message", "121").await;
    assert!(!desk.text().await.contains("Easy to guess"), "nothing is said of half a PIN");
    desk.fill("PIN for this message", "1212").await;
    desk.sees("Easy to guess: fewer than 6 characters, it repeats itself.").await;
    audit.screen(&desk, "a weak PIN for a message").await;
    desk.fill("PIN for this message", "blue-heron-7").await;
    desk.sees_no("Easy to guess").await;
    practice.configure(json!({ "refuse_weak_pins": true })).await;
    visit(&desk, &app, &format!("/desk/contacts/{}", id(&jordan))).await;
    desk.fill("PIN", "0142").await;
    desk.sees("it is part of this person’s phone number. Your practice does not use such PINs").await;
    desk.press("Set PIN").await;
    desk.sees("This PIN cannot be used here.").await;
    audit.screen(&desk, "a weak PIN, refused").await;
    desk.fill("PIN", "blue-heron-7").await;
    desk.press("Set PIN").await;
    desk.sees("This person has a PIN.").await;

    visit(&desk, &app, "/desk/settings/audit-log").await;
    desk.sees("Every entry is as it was written").await;
    desk.fill("About", "nothing_like_this").await;
    desk.sees("Nothing like this has happened.").await;
    audit.screen(&desk, "audit log, nothing found").await;
    desk.close(REFUSALS).await;
    audit.close();
}

#[tokio::test]
async fn who_may_read_alone() {
    let app = TestApp::start_today().await;
    let practice = app.practice().await;
    let rob = "rob@riverside.example";
    app.colleague(&practice, "Rob Ives", rob, Role::ReadOnly).await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    app.deliver().await;
    let conversation = id(&practice.folder("outbox").await[0]).to_owned();
    let (browser, mut audit) = (Browser::start(), Audit::default());
    let desk = browser.open(1440, 900).await;
    visit(&desk, &app, "/desk/settings/api-keys").await;
    desk.fill("Email", rob).await;
    desk.fill("Password", PASSWORD).await;
    desk.press("Sign in").await;
    desk.sees("Only an admin can see this page.").await;
    audit.screen(&desk, "for admins").await;
    for (path, says) in [
        (format!("/desk/outbox/{conversation}"), "but not send any"),
        (format!("/desk/contacts/{}", id(&jordan)), "but not change anything"),
        ("/desk/settings/secure-messaging".to_owned(), "Only an admin can change them."),
        ("/desk/settings/practice".to_owned(), "Only an admin can change them."),
    ] {
        visit(&desk, &app, &path).await;
        desk.sees(says).await;
        desk.until("nothing is on its way", || async { desk.count("[aria-busy=true]").await == 0 }).await;
        audit.screen(&desk, &format!("reading alone: {says}")).await;
    }
    desk.close(REFUSALS).await;
    audit.close();
}
