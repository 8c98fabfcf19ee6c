//! A new password by email, and by an admin's hand.

use chrono::TimeDelta;
use sealpost_shared::events::SESSION_ENDED;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "four unlikely kettles sing";

fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("/desk#reset=").unwrap_or_else(|| panic!("no link in {text:?}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn ask(client: &Client, email: &str) -> Answer {
    client.post(paths::SESSION_PASSWORD_RESET, json!({ "email": email })).await
}

/// Asks, and reads the mail. Others may come at the same time.
async fn token(app: &TestApp, practice: &Practice) -> String {
    ask(&app.anybody(), &practice.email).await.expect(202);
    app.deliver().await;
    let mails = app.mail.mails().into_iter().map(|mail| mail.text());
    token_in(&mails.rev().find(|text| text.contains("#reset=")).expect("an email with a link"))
}

async fn complete(client: &Client, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    client.post(paths::SESSION_PASSWORD_RESET_COMPLETE, body).await
}

async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post(paths::SESSION, json!({ "email": email, "password": password })).await
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_email_and_every_session_ends() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut stream = practice.staff.stream(paths::EVENTS).await;
    ask(&app.anybody(), &format!("  {} ", practice.email.to_uppercase())).await.expect(202);
    app.deliver().await;
    let mail = app.mail.mails().pop().expect("an email");
    assert_eq!(mail.to, [&*practice.email]);
    assert!(mail.subject().contains("new password") && mail.html().contains("Choose a password"));
    let token = token_in(&mail.text());
    assert_eq!(token.len(), 44, "more than 256 bits");
    let stored = app.stored_bytes().await;
    assert!(!stored.windows(token.len()).any(|bytes| bytes == token.as_bytes()), "kept as a hash");

    let browser = app.anybody();
    complete(&browser, &token, NEW_PASSWORD).await.expect(204);
    assert_eq!(
        browser.cookies().into_keys().collect::<Vec<_>>(),
        ["sealpost_staff_device"],
        "nobody is signed in"
    );
    stream.until(SESSION_ENDED).await;
    practice.staff.get(paths::SESSION).await.refused(401, "session_ended");
    sign_in(&browser, &practice.email, PASSWORD).await.refused(401, "credentials_invalid");
    sign_in(&browser, &practice.email, NEW_PASSWORD).await.expect(200);
    app.deliver().await;
    let told = app.mail.mails().pop().expect("an email");
    assert_eq!(
        (told.subject().as_str(), told.to),
        ("Your password was changed", vec![practice.email.clone()])
    );
    let log = browser.get(&format!("{}?limit=200", paths::AUDIT)).await.expect(200);
    let log = log["data"].as_array().expect("a list");
    for action in ["user.password_reset_asked", "user.password_reset"] {
        assert!(log.iter().any(|entry| entry["action"] == action), "{action}");
    }
    let entries = app.tables().await["audit_entries"].join("\n");
    assert!(!entries.contains("riverside"), "no addresses");
}

#[tokio::test]
async fn a_link_works_once_for_half_an_hour_and_the_others_end_with_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let first = token(&app, &practice).await;
    let second = token(&app, &practice).await;
    let late = |answer: Answer| {
        let mut body = answer.refused(404, "reset_not_found");
        body.as_object_mut().expect("an object").remove("request_id");
        body
    };
    let unknown = late(complete(&app.anybody(), &"x".repeat(44), NEW_PASSWORD).await);
    assert_eq!(late(complete(&app.anybody(), "", NEW_PASSWORD).await), unknown);
    let anybody = app.anybody();
    let answers = anybody.at_once(4, |client| {
        let token = first.clone();
        async move { complete(&client, &token, NEW_PASSWORD).await.status }
    });
    let mut answers = answers.await;
    answers.sort_unstable();
    assert_eq!(answers, [204, 404, 404, 404]);
    assert_eq!(late(complete(&anybody, &second, "other unlikely words sing").await), unknown);
    app.clock.advance(TimeDelta::hours(1));
    let third = token(&app, &practice).await;
    app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(late(complete(&anybody, &third, NEW_PASSWORD).await), unknown);
    app.deliver().await;
}

#[tokio::test]
async fn a_weak_password_is_refused_with_a_reason_and_the_link_stays() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let token = token(&app, &practice).await;
    for weak in
        ["short", "amy lee riverside", "passwordpassword", "qwertyuiopas", "Riverside Clinic", "123456789012"]
    {
        let refused = complete(&app.anybody(), &token, weak).await.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/password");
        assert!(refused["errors"][0]["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{refused}");
    }
    complete(&app.anybody(), &token, NEW_PASSWORD).await.expect(204);
    app.deliver().await;
}

#[tokio::test]
async fn whether_somebody_has_an_address_cannot_be_told() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let look = async |email: &str| {
        let started = std::time::Instant::now();
        let answer = ask(&app.anybody(), email).await;
        let headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        let took = started.elapsed();
        assert!(took >= std::time::Duration::from_millis(200), "{took:?}");
        (answer.status, answer.text, headers)
    };
    let known = look(&practice.email).await;
    assert_eq!(known.0, 202);
    for nobody in ["nobody@riverside.example", "not an address", ""] {
        assert_eq!(look(nobody).await, known);
    }
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), 1);
}

#[tokio::test]
async fn asking_again_and_again_sends_three_emails_an_hour() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let before = app.mail.mails().len();
    for round in 0..2 {
        for _ in 0..5 {
            ask(&app.anybody(), &practice.email).await.expect(202);
        }
        let sixth = ask(&app.anybody(), &practice.email).await;
        assert!(sixth.header("retry-after").is_some());
        sixth.refused(429, "rate_limited");
        app.clock.advance(TimeDelta::minutes(5));
        app.deliver().await;
        assert_eq!(app.mail.mails().len() - before, 3, "round {round}");
    }
}

#[tokio::test]
async fn who_is_disabled_gets_nothing_and_a_link_from_before_works_no_more() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let email = "sam.ortiz@riverside.example";
    let sam = app.colleague(&practice, "Sam Ortiz", email, Role::Member).await;
    let user = sam.get(paths::SESSION).await.expect(200)["user"].clone();
    ask(&app.anybody(), email).await.expect(202);
    app.deliver().await;
    let token = token_in(&app.mail.mails().pop().expect("an email").text());
    let one = format!("{}/{}", paths::USERS, id(&user));
    practice.staff.patch(&one, json!({ "disabled": true })).await.expect(200);
    complete(&app.anybody(), &token, NEW_PASSWORD).await.refused(404, "reset_not_found");
    let before = app.mail.mails().len();
    ask(&app.anybody(), email).await.expect(202);
    app.deliver().await;
    assert_eq!(app.mail.mails().len(), before);
    let reset = format!("{one}/password-reset");
    practice.staff.post(&reset, json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_password_that_was_turned_off_works_again_once_it_is_reset() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for _ in 0..5 {
        sign_in(&app.anybody(), &practice.email, "wrong").await.expect(401);
    }
    // As a hundred in a row leave it; `guessing` counts them.
    app.execute("UPDATE account_guards SET failures = 100, disabled_at = tried_at").await;
    app.clock.advance(TimeDelta::minutes(6));
    sign_in(&app.anybody(), &practice.email, PASSWORD).await.refused(403, "password_disabled");
    let token = token(&app, &practice).await;
    complete(&app.anybody(), &token, NEW_PASSWORD).await.expect(204);
    sign_in(&app.anybody(), &practice.email, NEW_PASSWORD).await.expect(200);
    app.deliver().await;
}

/// Whoever reads somebody's mail can choose a password; a new one must not bring fresh tries at the codes.
#[tokio::test]
async fn a_new_password_by_email_leaves_what_was_counted_at_the_second_step() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let started = practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let code = app.code(started["secret"].as_str().expect("a secret"));
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, json!({ "code": code })).await.expect(200);
    let guess = async |browser: &Client, password: &str| {
        sign_in(browser, &practice.email, password).await.expect(200);
        browser.post(paths::SESSION_SECOND_STEP, json!({ "code": "wrong" })).await
    };
    for _ in 0..5 {
        guess(&app.anybody(), PASSWORD).await.refused(401, "code_incorrect");
    }
    guess(&app.anybody(), PASSWORD).await.refused(429, "rate_limited");
    let link = token(&app, &practice).await;
    let browser = app.anybody();
    complete(&browser, &link, NEW_PASSWORD).await.expect(204);
    guess(&browser, NEW_PASSWORD).await.refused(429, "rate_limited");
    // The waits go on growing from where they were.
    app.clock.advance(TimeDelta::minutes(6));
    guess(&browser, NEW_PASSWORD).await.refused(401, "code_incorrect");
    let wait = guess(&browser, NEW_PASSWORD).await;
    assert_eq!(wait.header("retry-after"), Some("60"));
    wait.refused(429, "rate_limited");
    app.deliver().await;
}

#[tokio::test]
async fn an_admin_sends_a_colleague_a_link_or_gives_it_by_hand() {
    for by_email in [true, false] {
        let app = TestApp::start_with(|config| {
            if !by_email {
                config.mail = None;
            }
        })
        .await;
        let practice = app.practice().await;
        let email = "sam.ortiz@riverside.example";
        let sam = app.colleague(&practice, "Sam Ortiz", email, Role::Member).await;
        let user = sam.get(paths::SESSION).await.expect(200)["user"].clone();
        let own = practice.staff.get(paths::SESSION).await.expect(200)["user"].clone();
        let of = |user: &Value| format!("{}/{}/password-reset", paths::USERS, id(user));
        sam.post(&of(&own), json!({})).await.refused(403, "forbidden");
        practice.staff.post(&of(&own), json!({})).await.refused(403, "forbidden");
        let asked = ask(&app.anybody(), email).await.expect(202);
        assert_eq!(asked, json!({ "by_email": by_email }));
        let given = practice.staff.post(&of(&user), json!({})).await.expect(202);
        assert_eq!((&given["by_email"], given.get("link").is_some()), (&json!(by_email), !by_email));
        app.deliver().await;
        let text = match given["link"].as_str() {
            Some(link) => link.to_owned(),
            None => {
                // The one that was asked for comes at the same time.
                let mut mails = app.mail.mails().into_iter().map(|mail| mail.text());
                mails.find(|text| text.contains("Amy Lee has sent you")).expect("the admin's email")
            }
        };
        complete(&app.anybody(), &token_in(&text), NEW_PASSWORD).await.expect(204);
        sign_in(&app.anybody(), email, NEW_PASSWORD).await.expect(200);
        app.deliver().await;
    }
}
