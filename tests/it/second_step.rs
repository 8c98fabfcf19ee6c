//! The second step of signing in: a code from an app, or a recovery code.

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::events::SESSION_ENDED;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::contract::contract;
use sealpost_tests::given::{PASSWORD, Practice};
use serde_json::json;

/// Turns it on: the secret and the recovery codes.
async fn enrol(app: &TestApp, practice: &Practice) -> (String, Vec<String>) {
    let enrolment =
        practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let secret = enrolment["secret"].as_str().expect("a secret").to_owned();
    let address = enrolment["otpauth_url"].as_str().expect("an address");
    assert!(address.contains(&secret) && address.starts_with("otpauth://totp/Sealpost:"), "{address}");
    assert!(enrolment["qr"]["path"].as_str().is_some_and(|path| path.starts_with("M4 4h7")));
    let confirm = json!({ "code": app.code(&secret) });
    let codes = practice.staff.post(paths::SESSION_TOTP_CONFIRM, confirm).await.expect(200);
    app.deliver().await;
    let codes = codes["recovery_codes"].as_array().expect("codes").iter();
    (secret, codes.map(|code| code.as_str().expect("text").to_owned()).collect())
}

/// A browser between the password and the code.
async fn pending(app: &TestApp, practice: &Practice) -> Client {
    let browser = app.anybody();
    let body = json!({ "email": practice.email, "password": PASSWORD });
    let answer = browser.post(paths::SESSION, body).await.expect(200);
    assert_eq!(answer, json!({ "mfa_required": true, "methods": ["totp", "recovery_code"] }));
    browser
}

async fn take(browser: &Client, code: &str) -> Answer {
    browser.post(paths::SESSION_SECOND_STEP, json!({ "code": code })).await
}

#[tokio::test]
async fn the_second_step_stands_between_the_password_and_the_desk() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (secret, _) = enrol(&app, &practice).await;
    assert_eq!(practice.staff.get(paths::SESSION).await.expect(200)["has_second_step"], true);
    app.clock.advance(TimeDelta::seconds(30));
    let browser = pending(&app, &practice).await;
    take(&browser, "000000").await.refused(401, "code_incorrect");
    let shown = app.code(&secret);
    let session = take(&browser, &format!("{} {}", &shown[..3], &shown[3..])).await.expect(200);
    assert_eq!(session["user"]["name"], "Amy Lee");
    let names: Vec<_> = browser.cookies().into_keys().collect();
    assert_eq!(names, ["sealpost_staff", "sealpost_staff_device"], "the pending cookie is gone");
    browser.get(paths::CONTACTS).await.expect(200);
}

#[tokio::test]
async fn a_code_works_once_and_so_does_a_pending_sign_in() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (secret, _) = enrol(&app, &practice).await;
    // The code that turned it on is used up, too.
    let again = pending(&app, &practice).await;
    take(&again, &app.code(&secret)).await.refused(401, "code_incorrect");
    app.clock.advance(TimeDelta::seconds(30));
    let shown = app.code(&secret);
    let mut answers = Vec::new();
    for browser in [pending(&app, &practice).await, pending(&app, &practice).await] {
        let code = shown.clone();
        let tries = browser.at_once(2, |client| {
            let code = code.clone();
            async move { take(&client, &code).await.status }
        });
        answers.extend(tries.await);
    }
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
}

#[tokio::test]
async fn wrong_codes_are_charged_before_they_are_looked_at() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (secret, codes) = enrol(&app, &practice).await;
    app.clock.advance(TimeDelta::seconds(30));
    let browser = pending(&app, &practice).await;
    let guesses = browser.at_once(15, |client| async move { take(&client, "123456").await.status }).await;
    assert_eq!(guesses.iter().filter(|status| **status == 401).count(), 5, "{guesses:?}");
    let late = take(&browser, &app.code(&secret)).await;
    assert!(late.header("retry-after").is_some());
    late.refused(429, "rate_limited");
    take(&pending(&app, &practice).await, &codes[0]).await.refused(429, "rate_limited");
    app.clock.advance(TimeDelta::minutes(6));
    take(&browser, &app.code(&secret)).await.refused(401, "session_ended");
    take(&pending(&app, &practice).await, &app.code(&secret)).await.expect(200);
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, codes) = enrol(&app, &practice).await;
    assert_eq!(codes.len(), 10);
    let plain = codes[0].replace('-', "").to_uppercase();
    take(&pending(&app, &practice).await, &plain).await.expect(200);
    take(&pending(&app, &practice).await, &codes[0]).await.refused(401, "code_incorrect");
    take(&pending(&app, &practice).await, &codes[1]).await.expect(200);
    let stored = app.stored_bytes().await;
    for code in &codes {
        let letters = code.replace('-', "");
        for text in [code.as_bytes(), letters.as_bytes()] {
            assert!(!stored.windows(text.len()).any(|bytes| bytes == text), "a code lies in the database");
        }
    }
}

/// Made from the document: no call but one takes what the pending cookie holds, under its name or another.
#[tokio::test]
async fn the_pending_cookie_opens_nothing_else() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    enrol(&app, &practice).await;
    let browser = pending(&app, &practice).await;
    let value = browser.cookies().remove("sealpost_staff_pending").expect("the pending cookie");
    let everywhere = ["sealpost_staff", "sealpost_staff_pending", "sealpost_patient"];
    browser.set_cookies(everywhere.map(|name| (name.to_owned(), value.clone())).into());
    let mut calls = 0;
    for (method, template) in contract().operations() {
        let security = contract().security(&method, &template);
        if security.is_empty() || security == ["pending_session"] {
            continue;
        }
        let path = template.replace("{id}", "usr_01jq8rv4x5f9tbn2d6w3k7hzme");
        let path = path.replace("{conversation_id}", "cnv_01jq8rv4x5f9tbn2d6w3k7hzme");
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = browser.call(verb, &path).json(json!({})).send().await;
        assert!(matches!(answer.status, 401 | 404), "{method} {path}: {}", answer.text);
        calls += 1;
    }
    assert!(calls > 30, "only {calls} calls");
}

#[tokio::test]
async fn it_is_turned_off_with_the_password_and_can_be_set_up_anew() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    enrol(&app, &practice).await;
    practice
        .staff
        .post(paths::SESSION_TOTP, json!({ "password": PASSWORD }))
        .await
        .refused(409, "second_step_state");
    let remove =
        |password: &str| practice.staff.post(paths::SESSION_TOTP_REMOVE, json!({ "password": password }));
    remove("not the password").await.refused(422, "validation_failed");
    assert_eq!(remove(PASSWORD).await.expect(200)["has_second_step"], false);
    remove(PASSWORD).await.refused(409, "second_step_state");
    practice.sign_in().await;
    enrol(&app, &practice).await;
}

#[tokio::test]
async fn an_enrolment_that_was_not_confirmed_changes_nothing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice
        .staff
        .post(paths::SESSION_TOTP_CONFIRM, json!({ "code": "123456" }))
        .await
        .refused(409, "second_step_state");
    let first = practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let second = practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let old = json!({ "code": app.code(first["secret"].as_str().expect("a secret")) });
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, old).await.refused(422, "validation_failed");
    practice.sign_in().await;
    let new = json!({ "code": app.code(second["secret"].as_str().expect("a secret")) });
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, new).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn turning_it_on_asks_for_the_password_and_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let wrong = json!({ "password": "not the password" });
    practice.staff.post(paths::SESSION_TOTP, wrong).await.refused(422, "validation_failed");
    practice.staff.post(paths::SESSION_TOTP, json!({})).await.refused(422, "validation_failed");
    let (elsewhere, before) = (app.anybody(), app.anybody());
    elsewhere
        .post(paths::SESSION, json!({ "email": practice.email, "password": PASSWORD }))
        .await
        .expect(200);
    before.set_cookies(practice.staff.cookies());
    let mut stream = elsewhere.stream(paths::EVENTS).await;
    enrol(&app, &practice).await;
    stream.until(SESSION_ENDED).await;
    for ended in [elsewhere, before] {
        ended.get(paths::SESSION).await.refused(401, "session_ended");
    }
    assert_eq!(practice.staff.get(paths::SESSION).await.expect(200)["has_second_step"], true);
}

#[tokio::test]
async fn a_secret_that_was_shown_waits_half_an_hour_for_its_first_code() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let shown = practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    app.clock.advance(TimeDelta::minutes(31));
    practice.sign_in().await;
    let late = json!({ "code": app.code(shown["secret"].as_str().expect("a secret")) });
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, late).await.refused(409, "second_step_state");
}

#[tokio::test]
async fn fresh_recovery_codes_ask_for_the_password_and_end_those_before_and_the_other_sessions() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let password = json!({ "password": PASSWORD });
    practice.staff.post(paths::SESSION_RECOVERY_CODES, &password).await.refused(409, "second_step_state");
    let (_, old) = enrol(&app, &practice).await;
    let elsewhere = pending(&app, &practice).await;
    take(&elsewhere, &old[0]).await.expect(200);
    let wrong = json!({ "password": "not the password" });
    practice.staff.post(paths::SESSION_RECOVERY_CODES, wrong).await.refused(422, "validation_failed");
    let fresh = practice.staff.post(paths::SESSION_RECOVERY_CODES, &password).await.expect(200);
    elsewhere.get(paths::SESSION).await.refused(401, "session_ended");
    practice.staff.get(paths::SESSION).await.expect(200);
    take(&pending(&app, &practice).await, &old[1]).await.refused(401, "code_incorrect");
    let fresh = fresh["recovery_codes"][9].as_str().expect("a code");
    take(&pending(&app, &practice).await, fresh).await.expect(200);
    app.deliver().await;
}
