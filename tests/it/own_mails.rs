//! What a person hears by email of their own account: word for word, at the address it had before, and nothing that
//! could be pressed or copied.

use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{PASSWORD, id};
use serde_json::json;

const NEW_PASSWORD: &str = "four unlikely kettles sing";
const NEW_EMAIL: &str = "amy@lakeside.example";
const THEN_CHANGE: &str =
    "You did not do this? Then change your password and tell an admin of Riverside Clinic at once.";
const ELSE: &str =
    "You did not do this? Then tell an admin of Riverside Clinic at once: somebody else can sign in as you.";

/// The one mail that came of what was done last: to whom, its subject, and its words without the greeting.
async fn told(app: &TestApp) -> (String, String, String) {
    let before = app.mail.mails().len();
    app.deliver().await;
    let mails = app.mail.mails();
    let [mail] = &mails[before..] else { panic!("{} mails", mails.len() - before) };
    let [to] = &mail.to[..] else { panic!("{:?}", mail.to) };
    for part in [mail.text(), mail.html()] {
        for hidden in ["@", "http", "#", PASSWORD, NEW_PASSWORD] {
            let shown = part.replace("#f4f5f2", "").replace("#1d2521", "");
            let is_style = hidden == "#" && part.starts_with('<');
            assert!(is_style || !shown.contains(hidden), "{hidden} in {part}");
        }
    }
    let text = mail.text().replace("\r\n", "\n");
    let words = text.trim().strip_prefix("Hello Amy Lee,\n\n").expect("a greeting").to_owned();
    (to.clone(), mail.subject(), words)
}

async fn is_told(app: &TestApp, to: &str, subject: &str, words: &str) {
    let (whom, said, text) = told(app).await;
    assert_eq!((&*whom, &*said, &*text), (to, subject, words));
}

async fn turn_on(app: &TestApp, desk: &Client, password: &str) {
    let enrolment = desk.post(paths::SESSION_TOTP, json!({ "password": password })).await.expect(200);
    let code = app.code(enrolment["secret"].as_str().expect("a secret"));
    desk.post(paths::SESSION_TOTP_CONFIRM, json!({ "code": code })).await.expect(200);
}

#[tokio::test]
async fn whoever_changes_how_an_account_is_signed_in_to_is_not_the_only_one_who_hears_of_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (desk, old) = (&practice.staff, "amy.lee@riverside.example");

    let passkey = app.add_passkey(&practice).await;
    let words =
        "A passkey was added to your account with Riverside Clinic on Sealpost. It can be used to sign in.";
    is_told(&app, old, "A passkey was added", &format!("{words}\n\n{THEN_CHANGE}")).await;

    turn_on(&app, desk, PASSWORD).await;
    let words = "From now on, signing in to your account with Riverside Clinic on Sealpost asks for a code from your app. \
                 You were signed out everywhere else.";
    is_told(&app, old, "Codes from an app were turned on", &format!("{words}\n\n{THEN_CHANGE}")).await;

    desk.post(paths::SESSION_RECOVERY_CODES, json!({ "password": PASSWORD })).await.expect(200);
    let words = "New recovery codes were made for your account with Riverside Clinic on Sealpost. Those from before do \
                 not work any more.";
    is_told(&app, old, "Your recovery codes were renewed", &format!("{words}\n\n{THEN_CHANGE}")).await;

    let remove = format!("{}/{passkey}/remove", paths::SESSION_PASSKEYS);
    desk.post(&remove, json!({ "password": PASSWORD })).await.expect(200);
    let words = "A passkey of your account with Riverside Clinic on Sealpost was removed. It does not let you in any more.";
    is_told(&app, old, "A passkey was removed", &format!("{words}\n\n{THEN_CHANGE}")).await;

    desk.post(paths::SESSION_TOTP_REMOVE, json!({ "password": PASSWORD })).await.expect(200);
    let words = "Signing in to your account with Riverside Clinic on Sealpost does not ask for a code from your app any more.";
    is_told(&app, old, "Codes from an app were turned off", &format!("{words}\n\n{THEN_CHANGE}")).await;

    let change = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    desk.put(paths::SESSION_PASSWORD, change).await.expect(200);
    let words = "The password of your account with Riverside Clinic on Sealpost was changed, and you were signed out \
                 everywhere else.";
    is_told(&app, old, "Your password was changed", &format!("{words}\n\n{ELSE}")).await;

    let change = json!({ "email": NEW_EMAIL, "current_password": NEW_PASSWORD });
    desk.patch(paths::SESSION_USER, change).await.expect(200);
    let words = "The email address of your account with Riverside Clinic on Sealpost was changed. You sign in with the \
                 new one from now on; this address gets no more mail about it.";
    is_told(&app, old, "Your email address was changed", &format!("{words}\n\n{ELSE}")).await;

    desk.post(paths::SESSION_RECOVERY_CODES, json!({ "password": NEW_PASSWORD }))
        .await
        .refused(409, "second_step_state");
    turn_on(&app, desk, NEW_PASSWORD).await;
    assert_eq!(told(&app).await.0, NEW_EMAIL, "and from then on the new one");
}

#[tokio::test]
async fn what_was_refused_is_not_told() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let wrong = json!({ "password": NEW_PASSWORD, "current_password": "wrong" });
    practice.staff.put(paths::SESSION_PASSWORD, wrong).await.refused(422, "validation_failed");
    let wrong = json!({ "email": NEW_EMAIL, "current_password": "wrong" });
    practice.staff.patch(paths::SESSION_USER, wrong).await.refused(422, "validation_failed");
    practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let wrong = json!({ "code": "000000" });
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, wrong).await.refused(422, "validation_failed");
    // A name is not what anybody signs in with.
    practice.staff.patch(paths::SESSION_USER, json!({ "name": "Amy Lee-Ruiz" })).await.expect(200);
    app.deliver().await;
    assert!(app.mail.mails().is_empty());
}

#[tokio::test]
async fn an_admin_who_takes_a_second_step_away_is_told_on() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let rob = app.colleague(&practice, "Amy Lee", "rob@riverside.example", Role::Member).await;
    turn_on(&app, &rob, PASSWORD).await;
    app.deliver().await;
    let mut people =
        practice.staff.get(paths::USERS).await.expect(200)["data"].as_array().expect("a list").clone();
    people.retain(|one| one["email"] == "rob@riverside.example");
    let path = format!("{}/{}", paths::USERS, id(&people[0]));
    practice.staff.patch(&path, json!({ "has_second_step": false })).await.expect(200);
    let words = "An admin has taken the second step of your account with Riverside Clinic on Sealpost away: your password \
                 alone lets you in until you set one up again.\n\nYou did not ask for this? Then tell an admin of \
                 Riverside Clinic at once.";
    is_told(&app, "rob@riverside.example", "Your second step was taken away", words).await;
}

/// Without a mail server nobody can be told, and nothing waits for one.
#[tokio::test]
async fn where_no_email_is_sent_nothing_waits() {
    let app = TestApp::start_with(|config| config.mail = None).await;
    let practice = app.practice().await;
    let change = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    practice.staff.put(paths::SESSION_PASSWORD, change).await.expect(200);
    assert!(app.tables().await["staff_mails"].is_empty());
}
