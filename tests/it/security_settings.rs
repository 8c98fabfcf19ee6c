//! What an organization asks of those who work there: a second factor, and how long a desk may be left alone.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use sealpost_shared::events::SESSION_ENDED;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::contract::contract;
use sealpost_tests::given::{PASSWORD, Practice, id};
use sealpost_tests::passkey::Authenticator;
use serde_json::{Value, json};

const SAM: &str = "sam.ortiz@riverside.example";

/// The code that an app shows now.
fn code(app: &TestApp, enrolment: &Value) -> String {
    app.code(enrolment["secret"].as_str().expect("a secret"))
}

/// Turns it on for the admin, and demands it of all.
async fn demand(app: &TestApp, practice: &Practice) {
    let enrolment =
        practice.staff.post(paths::SESSION_TOTP, json!({ "password": PASSWORD })).await.expect(200);
    let confirm = json!({ "code": code(app, &enrolment) });
    practice.staff.post(paths::SESSION_TOTP_CONFIRM, confirm).await.expect(200);
    app.deliver().await;
    let demanded = json!({ "require_second_factor": true });
    practice.staff.patch(paths::SETTINGS_SECURITY, demanded).await.expect(200);
}

async fn enrolling(app: &TestApp) -> Client {
    let browser = app.anybody();
    let answer =
        browser.post(paths::SESSION, json!({ "email": SAM, "password": PASSWORD })).await.expect(200);
    assert_eq!(answer, json!({ "enrolment_required": true }));
    browser
}

#[tokio::test]
async fn only_admins_in_person_see_and_change_it_and_an_own_second_step_comes_first() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    let settings = practice.staff.get(paths::SETTINGS_SECURITY).await.expect(200);
    assert_eq!(
        settings,
        json!({ "require_second_factor": false, "staff_idle_minutes": 15, "people_without_second_factor": 2 })
    );
    sam.get(paths::SETTINGS_SECURITY).await.refused(403, "forbidden");
    sam.patch(paths::SETTINGS_SECURITY, json!({ "staff_idle_minutes": 60 })).await.refused(403, "forbidden");
    practice.key.get(paths::SETTINGS_SECURITY).await.refused(401, "unauthenticated");
    for minutes in [0, 4, 61] {
        let wrong = json!({ "staff_idle_minutes": minutes });
        practice.staff.patch(paths::SETTINGS_SECURITY, wrong).await.refused(422, "validation_failed");
    }
    let demanded = json!({ "require_second_factor": true });
    practice.staff.patch(paths::SETTINGS_SECURITY, demanded).await.refused(409, "second_step_state");
    demand(&app, &practice).await;
    let settings = practice.staff.get(paths::SETTINGS_SECURITY).await.expect(200);
    assert_eq!(
        (&settings["require_second_factor"], &settings["people_without_second_factor"]),
        (&json!(true), &json!(1))
    );
    let entries = app.tables().await["audit_entries"].join("\n");
    assert!(entries.contains("settings.second_factor_required"), "{entries}");
}

#[tokio::test]
async fn where_one_is_demanded_open_sessions_without_end_and_signing_in_leads_to_setting_it_up() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let sam = app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    let mut stream = sam.stream(paths::EVENTS).await;
    demand(&app, &practice).await;
    stream.until(SESSION_ENDED).await;
    sam.get(paths::CONTACTS).await.refused(401, "session_ended");
    practice.staff.get(paths::CONTACTS).await.expect(200);
    practice.key.get(paths::CONTACTS).await.expect(200);

    let browser = enrolling(&app).await;
    let cookies: Vec<_> = browser.cookies().into_keys().collect();
    assert_eq!(cookies, ["sealpost_staff_enrolling"]);
    let enrolment = browser.post(paths::SESSION_TOTP, json!({})).await.expect(200);
    let wrong = json!({ "code": "000000" });
    browser.post(paths::SESSION_TOTP_CONFIRM, wrong).await.refused(422, "validation_failed");
    let confirm = json!({ "code": code(&app, &enrolment) });
    let codes = browser.post(paths::SESSION_TOTP_CONFIRM, confirm).await.expect(200);
    assert_eq!(codes["recovery_codes"].as_array().expect("codes").len(), 10);
    assert_eq!(browser.get(paths::SESSION).await.expect(200)["has_second_step"], true);
    assert!(!browser.cookies().contains_key("sealpost_staff_enrolling"));

    let password = json!({ "password": PASSWORD });
    browser.post(paths::SESSION_TOTP_REMOVE, password).await.refused(409, "second_step_state");
    browser.get(paths::CONTACTS).await.expect(200);
    let optional = json!({ "require_second_factor": false });
    practice.staff.patch(paths::SETTINGS_SECURITY, optional).await.expect(200);
    browser.post(paths::SESSION_TOTP_REMOVE, json!({ "password": PASSWORD })).await.expect(200);
    app.deliver().await;
}

/// Who has no app, or a device that is simpler.
#[tokio::test]
async fn a_demanded_second_step_can_be_a_passkey() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    demand(&app, &practice).await;
    let browser = enrolling(&app).await;
    browser.get(paths::SESSION_PASSKEYS).await.refused(401, "unauthenticated");
    // The password was given a moment ago; at the desk it is asked for.
    practice.staff.post(paths::SESSION_PASSKEYS_START, json!({})).await.refused(422, "validation_failed");
    let started = browser.post(paths::SESSION_PASSKEYS_START, json!({})).await.expect(200);
    let mut device = Authenticator::new(&app.origin());
    let credential = device.create(&started["options"]);
    let made = json!({ "ceremony": started["ceremony"], "name": "My phone", "credential": credential });
    // A challenge is answered by the sign-in that asked for it.
    let other = enrolling(&app).await;
    other.post(paths::SESSION_PASSKEYS, made.clone()).await.refused(422, "validation_failed");
    let added = browser.post(paths::SESSION_PASSKEYS, made.clone()).await.expect(201);
    assert_eq!(added["recovery_codes"].as_array().expect("codes").len(), 10);
    assert_eq!(browser.cookies().into_keys().collect::<Vec<_>>(), ["sealpost_staff"]);
    browser.get(paths::CONTACTS).await.expect(200);
    assert_eq!(browser.get(paths::SESSION).await.expect(200)["has_second_step"], true);
    // The other sign-in began before, with the password alone.
    other.post(paths::SESSION_PASSKEYS_START, json!({})).await.refused(401, "session_ended");
    let again = app.anybody();
    let due = again.post(paths::SESSION, json!({ "email": SAM, "password": PASSWORD })).await.expect(200);
    assert_eq!(due["methods"], json!(["passkey", "recovery_code"]));
    let asked = again.post(paths::SESSION_SECOND_STEP_PASSKEY, json!({})).await.expect(200);
    let credential = device.get(&asked["options"]);
    let taken = json!({ "ceremony": asked["ceremony"], "credential": credential });
    again.post(paths::SESSION_SECOND_STEP_PASSKEY_FINISH, taken).await.expect(200);
    // It is the only one, and one is asked of everybody.
    let remove = format!("{}/{}/remove", paths::SESSION_PASSKEYS, id(&added["passkey"]));
    again.post(&remove, json!({ "password": PASSWORD })).await.refused(409, "second_step_state");
    app.deliver().await;
}

/// Made from the document: the cookie to set one up opens nothing else, under its name or another.
#[tokio::test]
async fn the_cookie_to_set_one_up_opens_nothing_else() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Ortiz", SAM, Role::Admin).await;
    demand(&app, &practice).await;
    let browser = enrolling(&app).await;
    let value = browser.cookies().remove("sealpost_staff_enrolling").expect("the cookie");
    let everywhere =
        ["sealpost_staff", "sealpost_staff_pending", "sealpost_staff_enrolling", "sealpost_patient"];
    let (mut calls, mut taken) = (0, Vec::new());
    for (method, template) in contract().operations() {
        let security = contract().security(&method, &template);
        if security.is_empty() {
            continue;
        }
        if security.iter().any(|name| name == "enrolling_session") {
            taken.push(template);
            continue;
        }
        browser.set_cookies(everywhere.map(|name| (name.to_owned(), value.clone())).into());
        let path = template.replace("{id}", "usr_01jq8rv4x5f9tbn2d6w3k7hzme");
        let path = path.replace("{conversation_id}", "cnv_01jq8rv4x5f9tbn2d6w3k7hzme");
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = browser.call(verb, &path).json(json!({})).send().await;
        assert!(matches!(answer.status, 401 | 404), "{method} {path}: {}", answer.text);
        calls += 1;
    }
    assert!(calls > 30, "only {calls} calls");
    taken.sort();
    let four = [
        paths::SESSION_PASSKEYS,
        paths::SESSION_PASSKEYS_START,
        paths::SESSION_TOTP,
        paths::SESSION_TOTP_CONFIRM,
    ];
    assert_eq!(taken, four);
}

#[tokio::test]
async fn half_an_hour_is_there_to_set_it_up() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Ortiz", SAM, Role::Member).await;
    demand(&app, &practice).await;
    let browser = enrolling(&app).await;
    for _ in 0..2 {
        app.clock.advance(TimeDelta::minutes(10));
        browser.post(paths::SESSION_TOTP, json!({})).await.expect(200);
    }
    app.clock.advance(TimeDelta::minutes(10));
    browser.post(paths::SESSION_TOTP, json!({})).await.refused(401, "session_ended");
}

#[tokio::test]
async fn who_accepts_an_invitation_sets_one_up_first() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    demand(&app, &practice).await;
    let invitation = json!({ "name": "Sam Ortiz", "email": SAM, "role": "member" });
    practice.staff.post(paths::INVITATIONS, invitation).await.expect(201);
    app.deliver().await;
    let text = app.mail.mails().pop().expect("an email").text();
    let (_, rest) = text.split_once("/desk#invite=").expect("a link");
    let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let browser = app.anybody();
    let accept = json!({ "token": token, "name": "Sam Ortiz", "password": "four unlikely kettles sing" });
    let answer = browser.post(paths::INVITATIONS_ACCEPT, accept).await.expect(200);
    assert_eq!(answer, json!({ "enrolment_required": true }));
    browser.get(paths::CONTACTS).await.refused(401, "unauthenticated");
    let enrolment = browser.post(paths::SESSION_TOTP, json!({})).await.expect(200);
    let confirm = json!({ "code": code(&app, &enrolment) });
    browser.post(paths::SESSION_TOTP_CONFIRM, confirm).await.expect(200);
    browser.get(paths::CONTACTS).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn a_desk_left_alone_signs_out_when_the_organization_says_so() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let idle = |session: &Value| {
        let ends: DateTime<Utc> =
            session["idle_expires_at"].as_str().expect("a time").parse().expect("a time");
        (ends - app.state().now()).num_minutes()
    };
    practice.staff.patch(paths::SETTINGS_SECURITY, json!({ "staff_idle_minutes": 60 })).await.expect(200);
    assert_eq!(idle(&practice.staff.get(paths::SESSION).await.expect(200)), 60);
    // The cookie's token is worth 15 minutes; an open desk has it renewed, which is no sign of a person.
    for _ in 0..5 {
        app.clock.advance(TimeDelta::minutes(10));
        practice.staff.get(paths::SESSION).await.expect(200);
    }
    app.clock.advance(TimeDelta::minutes(9));
    let session = practice.staff.post(paths::SESSION_STAY, json!({})).await.expect(200);
    assert_eq!(idle(&session), 60);
    practice.staff.patch(paths::SETTINGS_SECURITY, json!({ "staff_idle_minutes": 5 })).await.expect(200);
    let mut stream = practice.staff.stream(paths::EVENTS).await;
    app.clock.advance(TimeDelta::minutes(5));
    practice.staff.get(paths::CONTACTS).await.refused(401, "session_ended");
    stream.until(SESSION_ENDED).await;
}
