//! Passkeys as the second step, with an authenticator in software.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::{PASSWORD, Practice, id};
use sealpost_tests::passkey::Authenticator;
use serde_json::{Value, json};

/// A browser between the password and the second step.
async fn pending(app: &TestApp, practice: &Practice) -> Client {
    let browser = app.anybody();
    let body = json!({ "email": practice.email, "password": PASSWORD });
    let due = browser.post(paths::SESSION, body).await.expect(200);
    assert_eq!(due["mfa_required"], true);
    browser
}

async fn start(desk: &Client) -> Value {
    desk.post(paths::SESSION_PASSKEYS_START, json!({ "password": PASSWORD })).await.expect(200)
}

async fn finish(desk: &Client, started: &Value, name: &str, credential: Value) -> Answer {
    let body = json!({ "ceremony": started["ceremony"], "name": name, "credential": credential });
    desk.post(paths::SESSION_PASSKEYS, body).await
}

/// A new passkey at this desk: what the server said of it, and the device.
async fn add(app: &TestApp, desk: &Client, name: &str) -> (Value, Authenticator) {
    let mut device = Authenticator::new(&app.origin());
    let started = start(desk).await;
    let credential = device.create(&started["options"]);
    (finish(desk, &started, name, credential).await.expect(201), device)
}

async fn ask(browser: &Client) -> Value {
    browser.post(paths::SESSION_SECOND_STEP_PASSKEY, json!({})).await.expect(200)
}

async fn answer(browser: &Client, asked: &Value, credential: Value) -> Answer {
    let body = json!({ "ceremony": asked["ceremony"], "credential": credential });
    browser.post(paths::SESSION_SECOND_STEP_PASSKEY_FINISH, body).await
}

async fn sign_in(app: &TestApp, practice: &Practice, device: &mut Authenticator) -> Answer {
    let browser = pending(app, practice).await;
    let asked = ask(&browser).await;
    let credential = device.get(&asked["options"]);
    answer(&browser, &asked, credential).await
}

async fn list(desk: &Client) -> Vec<Value> {
    desk.get(paths::SESSION_PASSKEYS).await.expect(200)["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_passkey_is_added_with_the_password_and_lets_in_after_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let wrong = json!({ "password": "not the password" });
    practice.staff.post(paths::SESSION_PASSKEYS_START, wrong).await.refused(422, "validation_failed");
    let other = app.anybody();
    let body = json!({ "email": practice.email, "password": PASSWORD });
    other.post(paths::SESSION, body).await.expect(200);

    let (added, mut device) = add(&app, &practice.staff, "My phone").await;
    assert_eq!(added["passkey"]["name"], "My phone");
    assert_eq!(added["recovery_codes"].as_array().expect("codes for the day it is lost").len(), 10);
    practice.staff.get(paths::CONTACTS).await.expect(200);
    other.get(paths::CONTACTS).await.refused(401, "session_ended");
    assert_eq!(practice.staff.get(paths::SESSION).await.expect(200)["has_second_step"], true);

    let browser = pending(&app, &practice).await;
    browser.get(paths::CONTACTS).await.refused(401, "unauthenticated");
    let asked = ask(&browser).await;
    let credential = device.get(&asked["options"]);
    let session = answer(&browser, &asked, credential).await.expect(200);
    assert_eq!(session["user"]["name"], "Amy Lee");
    assert_eq!(
        browser.cookies().into_keys().collect::<Vec<_>>(),
        ["sealpost_staff", "sealpost_staff_device"]
    );
    browser.get(paths::CONTACTS).await.expect(200);
    let found = &list(&browser).await[0];
    assert!(found["used_at"].is_string() && found.get("distrusted_at").is_none(), "{found}");
    // A recovery code stands in for the device.
    let lost = pending(&app, &practice).await;
    let code = json!({ "code": added["recovery_codes"][0] });
    lost.post(paths::SESSION_SECOND_STEP, code).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn signing_in_says_which_second_steps_there_are() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, _device) = add(&app, &practice.staff, "My phone").await;
    let body = json!({ "email": practice.email, "password": PASSWORD });
    let due = app.anybody().post(paths::SESSION, body).await.expect(200);
    assert_eq!(due, json!({ "mfa_required": true, "methods": ["passkey", "recovery_code"] }));
    app.deliver().await;
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_by_the_session_it_was_made_for() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, mut device) = add(&app, &practice.staff, "My phone").await;
    let (one, other) = (pending(&app, &practice).await, pending(&app, &practice).await);
    let asked = ask(&one).await;
    let credential = device.get(&asked["options"]);
    answer(&other, &asked, credential.clone()).await.refused(401, "passkey_incorrect");
    answer(&one, &asked, credential.clone()).await.expect(200);
    answer(&one, &asked, credential).await.refused(401, "unauthenticated");

    let late = pending(&app, &practice).await;
    let asked = ask(&late).await;
    let old = device.get(&asked["options"]);
    // A new challenge ends the one before.
    let fresh = ask(&late).await;
    answer(&late, &asked, old).await.refused(401, "passkey_incorrect");
    app.clock.advance(TimeDelta::minutes(5));
    let credential = device.get(&fresh["options"]);
    answer(&late, &fresh, credential).await.refused(401, "session_ended");

    practice.sign_in_with(&app, &mut device).await;
    let started = start(&practice.staff).await;
    let mut second = Authenticator::new(&app.origin());
    let credential = second.create(&started["options"]);
    app.clock.advance(TimeDelta::minutes(5));
    finish(&practice.staff, &started, "Late", credential).await.refused(422, "validation_failed");
    assert_eq!(list(&practice.staff).await.len(), 1);
    app.deliver().await;
}

impl SignInWith for Practice {
    async fn sign_in_with(&self, app: &TestApp, device: &mut Authenticator) {
        self.staff.set_cookies(std::collections::BTreeMap::new());
        let body = json!({ "email": self.email, "password": PASSWORD });
        self.staff.post(paths::SESSION, body).await.expect(200);
        let asked = ask(&self.staff).await;
        let credential = device.get(&asked["options"]);
        answer(&self.staff, &asked, credential).await.expect(200);
        assert_eq!(app.anybody().cookies().len(), 0);
    }
}

trait SignInWith {
    async fn sign_in_with(&self, app: &TestApp, device: &mut Authenticator);
}

#[tokio::test]
async fn another_site_another_key_and_nobody_verified_are_refused_alike() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, mut device) = add(&app, &practice.staff, "My phone").await;
    let mut stranger = Authenticator::new(&app.origin());
    let mut bodies = Vec::new();
    for way in ["another site", "another key", "nobody verified", "another challenge", "a changed signature"]
    {
        let browser = pending(&app, &practice).await;
        let asked = ask(&browser).await;
        let mut options = asked["options"].clone();
        let (origin, flags) = (device.origin.clone(), device.flags);
        let mut credential = match way {
            "another site" => {
                "https://sealpost.elsewhere.example".clone_into(&mut device.origin);
                device.get(&options)
            }
            "another key" => stranger.get(&options),
            "nobody verified" => {
                device.flags = 1;
                device.get(&options)
            }
            "another challenge" => {
                options["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
                device.get(&options)
            }
            _ => device.get(&options),
        };
        if way == "a changed signature" {
            let other = device.get(&options);
            credential["response"]["signature"] = other["response"]["signature"].clone();
        }
        (device.origin, device.flags) = (origin, flags);
        let mut body = answer(&browser, &asked, credential).await.refused(401, "passkey_incorrect");
        body.as_object_mut().expect("an object").remove("request_id");
        bodies.push(body);
        // Tries are charged; these are not about that.
        app.clock.advance(TimeDelta::hours(2));
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    sign_in(&app, &practice, &mut device).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn a_copy_of_a_passkey_is_noticed_and_the_passkey_lets_nobody_in_any_more() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (added, mut device) = add(&app, &practice.staff, "My phone").await;
    sign_in(&app, &practice, &mut device).await.expect(200);
    // The copy was made before: its count is behind.
    device.counter -= 1;
    sign_in(&app, &practice, &mut device).await.refused(401, "passkey_incorrect");
    device.counter += 10;
    let browser = pending(&app, &practice).await;
    browser.post(paths::SESSION_SECOND_STEP_PASSKEY, json!({})).await.refused(409, "second_step_state");
    let due = json!({ "email": practice.email, "password": PASSWORD });
    let due = app.anybody().post(paths::SESSION, due).await.expect(200);
    assert_eq!(due["methods"], json!(["recovery_code"]), "the password alone is not enough");
    let code = json!({ "code": added["recovery_codes"][1] });
    browser.post(paths::SESSION_SECOND_STEP, code).await.expect(200);
    assert!(list(&browser).await[0]["distrusted_at"].is_string());
    let audit = &app.tables().await["audit_entries"];
    assert_eq!(audit.iter().filter(|row| row.contains("user.passkey_distrusted")).count(), 1);
    app.deliver().await;
}

#[tokio::test]
async fn a_device_that_does_not_count_is_let_in_again_and_again() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let started = start(&practice.staff).await;
    let mut device = Authenticator::new(&app.origin());
    device.counts = false;
    let credential = device.create(&started["options"]);
    finish(&practice.staff, &started, "My phone", credential).await.expect(201);
    for _ in 0..2 {
        sign_in(&app, &practice, &mut device).await.expect(200);
    }
    app.deliver().await;
}

#[tokio::test]
async fn several_are_listed_renamed_and_removed_by_their_owner_alone() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (first, device) = add(&app, &practice.staff, "My phone").await;
    app.clock.advance(TimeDelta::minutes(1));
    let (second, mut key) = add(&app, &practice.staff, "Key in the drawer").await;
    assert!(second.get("recovery_codes").is_none(), "the codes from before count on");
    let names =
        async || list(&practice.staff).await.iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names().await, ["My phone", "Key in the drawer"]);
    // The same device again is not a second one.
    let started = start(&practice.staff).await;
    let known = started["options"]["excludeCredentials"].as_array().expect("a list").len();
    assert_eq!(known, 2);
    let mut same = device;
    let credential = same.create(&started["options"]);
    finish(&practice.staff, &started, "Again", credential).await.refused(422, "validation_failed");

    let path = |passkey: &Value| format!("{}/{}", paths::SESSION_PASSKEYS, id(&passkey["passkey"]));
    let renamed = practice.staff.patch(&path(&first), json!({ "name": "Old phone" })).await.expect(200);
    assert_eq!(renamed["name"], "Old phone");
    let rob = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::Admin).await;
    rob.patch(&path(&first), json!({ "name": "Mine" })).await.refused(404, "not_found");
    let remove = format!("{}/remove", path(&first));
    rob.post(&remove, json!({ "password": PASSWORD })).await.refused(404, "not_found");
    practice.staff.post(&remove, json!({ "password": "wrong" })).await.refused(422, "validation_failed");
    practice.staff.post(&remove, json!({ "password": PASSWORD })).await.expect(200);
    assert_eq!(names().await, ["Key in the drawer"]);
    sign_in(&app, &practice, &mut same).await.refused(401, "passkey_incorrect");
    app.clock.advance(TimeDelta::hours(2));
    sign_in(&app, &practice, &mut key).await.expect(200);
    practice.sign_in_with(&app, &mut key).await;
    let last = format!("{}/remove", path(&second));
    let session = practice.staff.post(&last, json!({ "password": PASSWORD })).await.expect(200);
    assert_eq!(session["has_second_step"], false);
    let body = json!({ "email": practice.email, "password": PASSWORD });
    assert!(app.anybody().post(paths::SESSION, body).await.expect(200).get("mfa_required").is_none());
    app.deliver().await;
}

#[tokio::test]
async fn an_admin_takes_a_colleague_s_lost_passkeys_away() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let rob = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::Member).await;
    add(&app, &rob, "Lost phone").await;
    let people = practice.staff.get(paths::USERS).await.expect(200);
    let person = people["data"].as_array().expect("a list").iter().find(|one| one["name"] == "Rob Ives");
    let person = person.expect("Rob");
    assert_eq!(person["has_second_step"], true);
    let path = format!("{}/{}", paths::USERS, id(person));
    let changed = practice.staff.patch(&path, json!({ "has_second_step": false })).await.expect(200);
    assert_eq!(changed["has_second_step"], false);
    rob.get(paths::SESSION).await.refused(401, "session_ended");
    let body = json!({ "email": "rob@riverside.example", "password": PASSWORD });
    rob.post(paths::SESSION, body).await.expect(200);
    assert!(list(&rob).await.is_empty());
    app.deliver().await;
}

#[tokio::test]
async fn names_and_credentials_lie_sealed() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (added, mut device) = add(&app, &practice.staff, "Amy's purple phone").await;
    let browser = pending(&app, &practice).await;
    let asked = ask(&browser).await;
    let stored = app.stored_bytes().await;
    let credential = device.get(&asked["options"]);
    let texts = [
        added["passkey"]["name"].as_str(),
        asked["ceremony"].as_str(),
        asked["options"]["challenge"].as_str(),
        credential["id"].as_str(),
    ];
    for text in texts {
        let text = text.expect("text").as_bytes();
        assert!(!stored.windows(text.len()).any(|bytes| bytes == text), "it lies in the clear");
    }
    app.deliver().await;
}
