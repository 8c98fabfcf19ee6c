//! The first start, its link, and the wizard's way through what is there.

use chrono::TimeDelta;
use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::PASSWORD;
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "four unlikely kettles sing";

async fn link(app: &TestApp) -> Option<String> {
    staff::service::first_start(app.state()).await.expect("a start")
}

/// The token of a fresh setup link.
async fn token(app: &TestApp) -> String {
    let link = link(app).await.expect("a link");
    let start = format!("{}{}#setup=", app.origin(), paths::DESK_PAGE);
    link.strip_prefix(&start).unwrap_or_else(|| panic!("{link}")).to_owned()
}

async fn begin(app: &TestApp) -> Client {
    let admin = app.anybody();
    let session = admin.post(paths::SESSION_ONE_TIME, json!({ "token": token(app).await })).await.expect(200);
    assert_eq!(session["setup_due"], true, "{session}");
    admin
}

fn step<'a>(setup: &'a Value, id: &str) -> &'a str {
    let steps = setup["steps"].as_array().expect("steps");
    let found = steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("no {id} in {setup}"));
    found["state"].as_str().expect("a state")
}

#[tokio::test]
async fn the_first_start_gives_a_link_that_works_once_and_ends_the_one_before() {
    let app = TestApp::start().await;
    let (first, second) = (token(&app).await, token(&app).await);
    assert_ne!(first, second);
    let anybody = app.anybody();
    anybody
        .post(paths::SESSION_ONE_TIME, json!({ "token": first }))
        .await
        .refused(401, "credentials_invalid");
    let session = anybody.post(paths::SESSION_ONE_TIME, json!({ "token": second })).await.expect(200);
    assert_eq!(session["organization"]["name"], "Your practice");
    assert_eq!(session["user"]["role"], "admin");
    assert_eq!(session["user"].get("email"), None);
    assert_eq!((&session["has_password"], &session["setup_due"]), (&json!(false), &json!(true)));
    let again = app.anybody().post(paths::SESSION_ONE_TIME, json!({ "token": second })).await;
    again.refused(401, "credentials_invalid");
    assert_eq!(app.tables().await["organizations"].len(), 1);
    let late = token(&app).await;
    app.clock.advance(TimeDelta::minutes(31));
    let late = app.anybody().post(paths::SESSION_ONE_TIME, json!({ "token": late })).await;
    late.refused(401, "credentials_invalid");
}

#[tokio::test]
async fn servers_that_start_together_make_one_organization() {
    let app = TestApp::start().await;
    let links = tokio::join!(link(&app), link(&app), link(&app), link(&app));
    assert!([&links.0, &links.1, &links.2, &links.3].iter().all(|link| link.is_some()));
    assert_eq!(app.tables().await["organizations"].len(), 1);
    assert_eq!(app.tables().await["users"].len(), 1);
}

#[tokio::test]
async fn an_installation_with_an_admin_gives_no_link() {
    let app = TestApp::start().await;
    app.practice().await;
    assert_eq!(link(&app).await, None);
}

#[tokio::test]
async fn without_a_password_nobody_may_leave_and_with_one_the_link_is_over() {
    let app = TestApp::start().await;
    let admin = begin(&app).await;
    let setup = admin.get(paths::SETUP).await.expect(200);
    assert_eq!(setup["leaving_locks_out"], true);
    assert_eq!(step(&setup, "admin"), "due");
    admin.post(paths::SETUP_SKIP, json!({ "step": "admin" })).await.refused(422, "validation_failed");
    admin.post(paths::SETUP_DISMISS, json!({})).await.refused(409, "admin_due");
    admin.post(paths::SESSION_TOTP, json!({ "password": NEW_PASSWORD })).await.refused(409, "admin_due");

    let named = json!({ "name": "Kim Roe", "email": "kim.roe@lakeside.example" });
    let session = admin.patch(paths::SESSION_USER, named).await.expect(200);
    assert_eq!(session["user"]["email"], "kim.roe@lakeside.example");
    assert!(link(&app).await.is_some(), "an address alone lets nobody in");
    let old = admin.cookies();
    let session = admin.put(paths::SESSION_PASSWORD, json!({ "password": NEW_PASSWORD })).await.expect(200);
    assert_eq!(session["has_password"], true);
    assert_eq!(link(&app).await, None);
    let before = app.anybody();
    before.set_cookies(old);
    before.get(paths::SESSION).await.refused(401, "session_ended");
    let setup = admin.get(paths::SETUP).await.expect(200);
    assert_eq!((step(&setup, "admin"), &setup["leaving_locks_out"]), ("done", &json!(false)));
    let back = json!({ "email": "Kim.Roe@lakeside.example", "password": NEW_PASSWORD });
    let back = app.anybody().post(paths::SESSION, back).await.expect(200);
    assert_eq!(back["setup_due"], true);
}

#[tokio::test]
async fn a_password_that_is_soon_guessed_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let admin = begin(&app).await;
    let named = json!({ "name": "Kim Roe", "email": "kim.roe@lakeside.example" });
    admin.patch(paths::SESSION_USER, named).await.expect(200);
    for (password, code) in [
        ("short", "too_short"),
        (&*"ab1 ".repeat(40), "too_long"),
        ("passwordpassword", "too_weak"),
        ("kimroelakeside", "too_weak"),
        ("your practice 1", "too_weak"),
    ] {
        let refused = admin.put(paths::SESSION_PASSWORD, json!({ "password": password })).await;
        assert_eq!(refused.status, 422, "{password}");
        let refused = refused.refused(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/password", "{password}");
        assert_eq!(refused["errors"][0]["code"], code, "{password}: {refused}");
    }
}

#[tokio::test]
async fn a_new_password_wants_the_old_one_and_guesses_at_it_are_counted() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let set = |current: Value| {
        let mut body = json!({ "password": NEW_PASSWORD });
        if !current.is_null() {
            body["current_password"] = current;
        }
        practice.staff.put(paths::SESSION_PASSWORD, body)
    };
    set(Value::Null).await.refused(422, "validation_failed");
    let guesses = practice.staff.at_once(12, |client| async move {
        let body = json!({ "password": NEW_PASSWORD, "current_password": "not the password" });
        client.put(paths::SESSION_PASSWORD, body).await.status
    });
    let guesses = guesses.await;
    assert_eq!(guesses.iter().filter(|status| **status == 422).count(), 5, "{guesses:?}");
    set(json!(PASSWORD)).await.refused(429, "rate_limited");
    app.clock.advance(TimeDelta::minutes(6));
    set(json!(PASSWORD)).await.expect(200);
    let email = json!({ "email": "amy@elsewhere.example" });
    practice.staff.patch(paths::SESSION_USER, email).await.refused(422, "validation_failed");
    let email = json!({ "email": "amy@elsewhere.example", "current_password": NEW_PASSWORD });
    practice.staff.patch(paths::SESSION_USER, email).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn steps_are_done_when_they_are_so_and_stay_skipped_over_a_reload() {
    let app = TestApp::start().await;
    let admin = begin(&app).await;
    let setup = admin.get(paths::SETUP).await.expect(200);
    for id in ["second_step", "practice", "address", "sms", "email", "invitations", "first_message"] {
        assert_eq!(step(&setup, id), "due", "{id}");
    }
    for id in ["second_step", "practice", "invitations", "first_message", "sms"] {
        admin.post(paths::SETUP_SKIP, json!({ "step": id })).await.expect(200);
    }
    let setup = admin.get(paths::SETUP).await.expect(200);
    assert_eq!((step(&setup, "sms"), step(&setup, "email")), ("skipped", "due"));
    // The environment has a gateway; a test shows that it works.
    let test =
        admin.post(paths::SETTINGS_CHANNELS_SMS_TEST, json!({ "to": "+15550100177" })).await.expect(200);
    assert_eq!(test["ok"], true, "{test}");
    let test = json!({ "to": "kim.roe@lakeside.example" });
    assert_eq!(admin.post(paths::SETTINGS_CHANNELS_EMAIL_TEST, test).await.expect(200)["ok"], true);
    let checked = admin.post(paths::SETUP_CHECK_ADDRESS, json!({ "origin": app.origin() })).await.expect(200);
    assert_eq!(checked["ok"], true, "{checked}");
    let named = json!({ "name": "Kim Roe", "email": "kim.roe@lakeside.example" });
    admin.patch(paths::SESSION_USER, named).await.expect(200);
    let session = admin.put(paths::SESSION_PASSWORD, json!({ "password": NEW_PASSWORD })).await.expect(200);
    let setup = admin.get(paths::SETUP).await.expect(200);
    for (id, state) in [("sms", "done"), ("email", "done"), ("address", "done"), ("practice", "skipped")] {
        assert_eq!(step(&setup, id), state, "{id}");
    }
    assert_eq!((&setup["finished"], &session["setup_due"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn the_checklist_can_be_put_away_and_is_for_admins_alone() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let session = practice.staff.get(paths::SESSION).await.expect(200);
    assert_eq!(session["setup_due"], false, "made by bootstrap: no wizard comes up");
    let setup = practice.staff.post(paths::SETUP_DISMISS, json!({})).await.expect(200);
    assert_eq!((&setup["dismissed"], &setup["finished"]), (&json!(true), &json!(false)));
    for (role, name) in [(Role::Member, "mia"), (Role::ReadOnly, "rob")] {
        let email = format!("{name}@riverside.example");
        let colleague = app.colleague(&practice, name, &email, role).await;
        colleague.get(paths::SETUP).await.refused(403, "forbidden");
        for (path, body) in [
            (paths::SETUP_SKIP, json!({ "step": "sms" })),
            (paths::SETUP_DISMISS, json!({})),
            (paths::SETUP_CHECK_ADDRESS, json!({ "origin": app.origin() })),
            (paths::SETTINGS_CHANNELS_SMS_TEST, json!({ "to": "+15550100177" })),
            (paths::INVITATIONS, json!({ "name": "X", "email": "x@riverside.example", "role": "admin" })),
        ] {
            colleague.post(path, body).await.refused(403, "forbidden");
        }
        for path in [paths::SETTINGS_CHANNELS, paths::USERS, paths::INVITATIONS] {
            colleague.get(path).await.refused(403, "forbidden");
        }
    }
    practice.key.get(paths::SETUP).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_address_is_checked_and_the_line_that_mends_it_is_given() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let check = async |origin: &str| {
        practice.staff.post(paths::SETUP_CHECK_ADDRESS, json!({ "origin": origin })).await.expect(200)
    };
    let good = check(&app.origin()).await;
    assert_eq!((&good["ok"], good.get("environment_line")), (&json!(true), None));
    let other = check("https://messages.riverside.example").await;
    assert_eq!(other["ok"], false);
    assert_eq!(other["environment_line"], "SEALPOST_PUBLIC_URL=https://messages.riverside.example");
    let bad = practice.staff.post(paths::SETUP_CHECK_ADDRESS, json!({ "origin": "file:///x" })).await;
    bad.refused(422, "validation_failed");
}

#[tokio::test]
async fn another_server_that_answers_is_not_taken_for_this_one() {
    let other = TestApp::start().await;
    let public = other.origin();
    let app = TestApp::start_with(|config| config.public_url = public.parse().expect("a URL")).await;
    let practice = app.practice().await;
    let checked =
        practice.staff.post(paths::SETUP_CHECK_ADDRESS, json!({ "origin": public })).await.expect(200);
    assert_eq!(checked["ok"], false);
    let findings = checked["findings"].as_array().expect("findings");
    let reachable = findings.iter().find(|it| it["id"] == "reachable").expect("it is there");
    assert_eq!(reachable["ok"], false);
    assert!(reachable["detail"].as_str().is_some_and(|it| it.contains("not this server")), "{reachable}");
}
