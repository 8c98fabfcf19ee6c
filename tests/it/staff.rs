//! How the people who work there, and their integrations, are let in.

use chrono::TimeDelta;
use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PASSWORD, id};
use serde_json::json;

#[tokio::test]
async fn signing_in_says_who_and_where_and_the_cookie_is_out_of_reach() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let browser = app.anybody();
    let answer = browser.post(paths::SESSION, json!({ "email": practice.email, "password": PASSWORD })).await;
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    for part in ["Max-Age", "Expires", "Domain"] {
        assert!(!cookie.contains(part), "{part} in {cookie}");
    }
    assert!(cookie.starts_with("sealpost_staff="), "{cookie}");
    let session = answer.expect(200);
    assert_eq!(session["user"]["name"], "Amy Lee");
    assert_eq!(session["organization"]["name"], "Riverside Clinic");
    assert_eq!(browser.get(paths::SESSION).await.expect(200)["user"], session["user"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_answer_alike() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let mut bodies = Vec::new();
    for (email, password) in [(&*practice.email, "not the password"), ("nobody@riverside.example", PASSWORD)]
    {
        let answer =
            app.anybody().post(paths::SESSION, json!({ "email": email, "password": password })).await;
        assert!(answer.header("set-cookie").is_none());
        let mut body = answer.refused(401, "credentials_invalid");
        body.as_object_mut().expect("an object").remove("request_id");
        bodies.push(body);
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let guess = json!({ "email": practice.email, "password": "not the password" });
    let anybody = app.anybody();
    let answers = anybody.at_once(12, |client| {
        let guess = guess.clone();
        async move { client.post(paths::SESSION, guess).await.status }
    });
    let answers = answers.await;
    assert!(answers.iter().filter(|status| **status == 401).count() <= 5, "{answers:?}");
    let refused = app.anybody().post(paths::SESSION, guess).await;
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "rate_limited");
    practice.staff.get(paths::SESSION).await.expect(200);
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let cookies = practice.staff.cookies();
    practice.staff.delete(paths::SESSION).await.expect(204);
    assert!(!practice.staff.cookies().contains_key("sealpost_staff"));
    practice.staff.set_cookies(cookies);
    practice.staff.get(paths::CONTACTS).await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_session_left_alone_ends_and_one_in_use_ends_after_twelve_hours() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for _ in 0..2 {
        app.clock.advance(TimeDelta::minutes(7));
        practice.staff.get(paths::CONTACTS).await.expect(200);
    }
    app.clock.advance(TimeDelta::minutes(2));
    practice.staff.get(paths::CONTACTS).await.refused(401, "session_ended");

    practice.sign_in().await;
    for _ in 0..71 {
        app.clock.advance(TimeDelta::minutes(10));
        practice.staff.post(paths::SESSION_STAY, json!({})).await.expect(200);
    }
    app.clock.advance(TimeDelta::minutes(10));
    practice.staff.post(paths::SESSION_STAY, json!({})).await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_key_works_where_a_session_does_and_never_beside_one() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.key.get(paths::CONTACTS).await.expect(200);
    practice.key.set_cookies(practice.staff.cookies());
    practice.key.get(paths::CONTACTS).await.refused(400, "credentials_ambiguous");
    for wrong in ["", "spk_", "spk_test_0000000000000000000000", "nonsense"] {
        app.with_key(wrong).get(paths::CONTACTS).await.refused(401, "unauthenticated");
    }
    app.anybody().get(paths::CONTACTS).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_changed_or_foreign_cookie_is_no_session() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let patients = patient.browser.cookies().into_values().next().expect("a cookie");
    let own = practice.staff.cookies().into_values().next().expect("a cookie");
    let (head, rest) = own.split_once('.').expect("a token in three parts");
    let (claims, signature) = rest.split_once('.').expect("a token in three parts");
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let forged = [
        format!("{head}.{claims}."),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{head}.{}.{signature}", claims.replace('a', "b")),
        patients,
        "x".to_owned(),
    ];
    for cookie in forged {
        let browser = app.anybody();
        browser.set_cookies([("sealpost_staff".to_owned(), cookie.clone())].into());
        let answer = browser.get(paths::CONTACTS).await;
        assert_eq!(answer.status, 401, "{cookie}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_one_time_link_signs_in_once() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let who = practice.staff.get(paths::SESSION).await.expect(200);
    let (organization, user) = (practice.organization_id.parse().expect("an id"), id(&who["user"]).parse());
    let (state, user) = (app.state(), user.expect("an id"));
    let make = || {
        state
            .db
            .of(organization)
            .write(async |tx| staff::create_one_time_sign_in(state, tx, organization, user).await)
    };
    let token = make().await.expect("a token");
    let anybody = app.anybody();
    let answers = anybody.at_once(5, |client| {
        let token = token.clone();
        async move { client.post(paths::SESSION_ONE_TIME, json!({ "token": token })).await }
    });
    let mut answers = answers.await;
    answers.sort_by_key(|answer| answer.status);
    let session = answers.remove(0).expect(200);
    assert_eq!(session["user"], who["user"]);
    for refused in answers {
        assert!(refused.header("set-cookie").is_none());
        refused.refused(401, "credentials_invalid");
    }
    let late = make().await.expect("a token");
    app.clock.advance(TimeDelta::minutes(31));
    let answer = app.anybody().post(paths::SESSION_ONE_TIME, json!({ "token": late })).await;
    answer.refused(401, "credentials_invalid");
}

#[tokio::test]
async fn who_may_only_read_reads_and_marks_as_read_and_does_not_send() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let patient = app.enter(&app.newest_token().await).await;
    let reader = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    patient.reply("Thank you!").await.expect(201);
    let conversation = format!("{}/{}", paths::CONVERSATIONS, patient.conversation);
    let read = reader.patch(&conversation, json!({ "unread": false })).await.expect(200);
    assert_eq!(read["unread"], false);
    reader.get(&format!("{conversation}/messages")).await.expect(200);
    reader.get(paths::CONTACTS).await.expect(200);

    let message = json!({ "contact_id": id(&jordan), "body": "Hello", "secure": true });
    reader.post(paths::MESSAGES, message).await.refused(403, "forbidden");
    reader
        .post(&format!("{conversation}/messages"), json!({ "body": "Hello" }))
        .await
        .refused(403, "forbidden");
    reader.patch(&conversation, json!({ "archived": true })).await.refused(403, "forbidden");
    let settings = json!({ "enabled": false });
    reader.patch(paths::SETTINGS_SECURE_MESSAGING, settings).await.refused(403, "forbidden");
    assert_eq!(practice.history(&jordan).await.len(), 2);
}

/// Whether an address can be had says whether anybody has it, in whichever practice.
#[tokio::test]
async fn nobody_asks_for_many_addresses_of_their_own_in_a_day() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.colleague(&practice, "Sam Poole", "sam@riverside.example", Role::Member).await;
    let taken = json!({ "email": "sam@riverside.example", "current_password": PASSWORD });
    for _ in 0..5 {
        practice.staff.patch(paths::SESSION_USER, taken.clone()).await.refused(422, "validation_failed");
    }
    let free = json!({ "email": "amy.lee-ruiz@riverside.example", "current_password": PASSWORD });
    practice.staff.patch(paths::SESSION_USER, free.clone()).await.refused(429, "rate_limited");
    app.clock.advance(TimeDelta::hours(24));
    practice.sign_in().await;
    practice.staff.patch(paths::SESSION_USER, free).await.expect(200);
    app.deliver().await;
}
