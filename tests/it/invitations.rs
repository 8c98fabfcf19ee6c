//! How colleagues get an account, and what admins do with accounts.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "four unlikely kettles sing";

fn sam() -> Value {
    json!({ "name": "Sam Ortiz", "email": "Sam.Ortiz@riverside.example", "role": "member" })
}

fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("/desk#invite=").unwrap_or_else(|| panic!("no link in {text:?}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn invite(app: &TestApp, practice: &Practice) -> (Value, String) {
    let invitation = practice.staff.post(paths::INVITATIONS, sam()).await.expect(201);
    app.deliver().await;
    let mail = app.mail.mails().pop().expect("an email");
    (invitation, token_in(&mail.text()))
}

fn accepting(token: &str) -> Value {
    json!({ "token": token, "name": "Sam Ortiz", "password": NEW_PASSWORD })
}

#[tokio::test]
async fn a_colleague_is_invited_by_email_accepts_and_works() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (invitation, token) = invite(&app, &practice).await;
    assert_eq!((&invitation["state"], &invitation["email_status"]), (&json!("pending"), &json!("queued")));
    assert_eq!(invitation.get("link"), None, "who has email needs no link by hand");
    let mail = app.mail.mails().pop().expect("an email");
    assert_eq!(mail.to, ["sam.ortiz@riverside.example"]);
    assert!(mail.subject().contains("Amy Lee") && mail.html().contains("Accept the invitation"));

    let browser = app.anybody();
    let offer = browser.post(paths::INVITATIONS_OPEN, json!({ "token": token })).await.expect(200);
    assert_eq!((&offer["name"], &offer["role"]), (&json!("Sam Ortiz"), &json!("member")));
    assert_eq!(offer["organization"]["name"], "Riverside Clinic");
    let weak = json!({ "token": token, "name": "Sam Ortiz", "password": "samortizriverside" });
    browser.post(paths::INVITATIONS_ACCEPT, weak).await.refused(422, "validation_failed");
    let session = browser.post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.expect(200);
    assert_eq!((&session["user"]["role"], &session["setup_due"]), (&json!("member"), &json!(false)));
    browser.get(paths::CONTACTS).await.expect(200);
    let again = json!({ "email": "sam.ortiz@riverside.example", "password": NEW_PASSWORD });
    app.anybody().post(paths::SESSION, again).await.expect(200);
    let page = practice.staff.get(paths::INVITATIONS).await.expect(200);
    assert_eq!(page["data"][0]["state"], "accepted");
    assert_eq!(page["data"][0]["email_status"], "sent");
}

#[tokio::test]
async fn an_invitation_works_once_however_many_tap_it() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, token) = invite(&app, &practice).await;
    let anybody = app.anybody();
    let answers = anybody.at_once(5, |client| {
        let body = accepting(&token);
        async move { client.post(paths::INVITATIONS_ACCEPT, body).await.status }
    });
    let mut answers = answers.await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 404, 404, 404, 404]);
    assert_eq!(app.tables().await["users"].len(), 2);
}

#[tokio::test]
async fn used_withdrawn_ended_and_unknown_invitations_answer_alike() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let open = async |token: &str| {
        let mut body = app.anybody().post(paths::INVITATIONS_OPEN, json!({ "token": token })).await;
        body.json.as_object_mut().expect("an object").remove("request_id");
        body.refused(404, "invitation_not_found")
    };
    let (invitation, token) = invite(&app, &practice).await;
    let one = format!("{}/{}", paths::INVITATIONS, id(&invitation));
    let unknown = open("0123456789abcdefABCDEF").await;
    assert_eq!(open("x").await, unknown);
    practice.staff.delete(&one).await.expect(204);
    assert_eq!(open(&token).await, unknown);
    practice.staff.delete(&one).await.refused(404, "not_found");
    assert_eq!(practice.staff.get(paths::INVITATIONS).await.expect(200)["data"], json!([]));

    let (invitation, first) = invite(&app, &practice).await;
    let resend = format!("{}/{}/resend", paths::INVITATIONS, id(&invitation));
    practice.staff.post(&resend, json!({})).await.expect(200);
    app.deliver().await;
    assert_eq!(open(&first).await, unknown, "a fresh link ends the one before");
    let second = token_in(&app.mail.mails().pop().expect("an email").text());
    app.clock.advance(TimeDelta::days(7));
    assert_eq!(open(&second).await, unknown);
    practice.sign_in().await;
    assert_eq!(practice.staff.get(paths::INVITATIONS).await.expect(200)["data"][0]["state"], "expired");
    practice.staff.post(&resend, json!({})).await.expect(200);
    app.deliver().await;
    let third = token_in(&app.mail.mails().pop().expect("an email").text());
    app.anybody().post(paths::INVITATIONS_ACCEPT, accepting(&third)).await.expect(200);
    assert_eq!(open(&third).await, unknown);
    practice.staff.post(&resend, json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn without_email_the_link_is_given_to_the_admin_this_once() {
    let app = TestApp::start_with(|config| config.mail = None).await;
    let practice = app.practice().await;
    let invitation = practice.staff.post(paths::INVITATIONS, sam()).await.expect(201);
    assert_eq!(invitation["email_status"], "not_sent");
    let token = token_in(invitation["link"].as_str().expect("a link"));
    let page = practice.staff.get(paths::INVITATIONS).await.expect(200);
    assert_eq!(page["data"][0].get("link"), None);
    let stored = app.stored_bytes().await;
    for secret in [token.as_bytes(), b"sam.ortiz@riverside.example"] {
        assert!(!stored.windows(secret.len()).any(|bytes| bytes == secret), "it lies in the clear");
    }
    app.anybody().post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.expect(200);
}

/// Whoever invites learns nothing of other organizations; who holds the mailbox does.
#[tokio::test]
async fn an_address_with_an_account_elsewhere_shows_only_to_who_accepts() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.practice_named("Lakeside Law", "sam.ortiz@riverside.example").await;
    let (invitation, token) = invite(&app, &practice).await;
    assert_eq!(invitation["state"], "pending");
    app.anybody().post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.refused(409, "conflict");
    practice.staff.post(paths::INVITATIONS, sam()).await.refused(409, "conflict");
    let own = json!({ "name": "Amy", "email": "amy.lee@riverside.example", "role": "member" });
    practice.staff.post(paths::INVITATIONS, own).await.refused(409, "conflict");
}

#[tokio::test]
async fn guessing_invitations_is_slowed_down() {
    let app = TestApp::start().await;
    let anybody = app.anybody();
    let open = |token: String| {
        anybody.at_once(15, move |client| {
            let body = json!({ "token": token });
            async move { client.post(paths::INVITATIONS_OPEN, body).await.status }
        })
    };
    let found_none = |answers: Vec<u16>| answers.iter().filter(|status| **status == 404).count();
    assert_eq!(found_none(open("0123456789abcdefABCDEF".to_owned()).await), 5);
    let mut all = 5;
    for n in 0..5 {
        all += found_none(open(format!("{n}123456789abcdefABCDEF")).await);
    }
    assert_eq!(all, 20);
}

#[tokio::test]
async fn looking_at_an_invitation_is_free_and_accepting_is_charged_until_it_is_done() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (_, token) = invite(&app, &practice).await;
    let browser = app.anybody();
    for _ in 0..12 {
        browser.post(paths::INVITATIONS_OPEN, json!({ "token": token })).await.expect(200);
    }
    let weak = json!({ "token": token, "name": "Sam Ortiz", "password": "samortizriverside" });
    for _ in 0..5 {
        browser.post(paths::INVITATIONS_ACCEPT, &weak).await.refused(422, "validation_failed");
    }
    browser.post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.refused(429, "rate_limited");
    app.clock.advance(TimeDelta::minutes(5));
    browser.post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.expect(200);
}

#[tokio::test]
async fn nobody_moves_to_an_address_that_is_invited() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (invitation, _) = invite(&app, &practice).await;
    let there = json!({ "email": "sam.ortiz@riverside.example", "current_password": PASSWORD });
    let refused = practice.staff.patch(paths::SESSION_USER, &there).await.refused(422, "validation_failed");
    assert_eq!(refused["errors"][0]["pointer"], "/email");
    let one = format!("{}/{}", paths::INVITATIONS, id(&invitation));
    practice.staff.delete(&one).await.expect(204);
    practice.staff.patch(paths::SESSION_USER, &there).await.expect(200);
    app.deliver().await;
}

#[tokio::test]
async fn an_email_that_is_refused_says_so_on_the_list() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.mail.will_refuse(["550 5.1.1 no such mailbox sam.ortiz@riverside.example"]);
    practice.staff.post(paths::INVITATIONS, sam()).await.expect(201);
    app.deliver().await;
    let page = practice.staff.get(paths::INVITATIONS).await.expect(200);
    assert_eq!(page["data"][0]["email_status"], "failed");
    let failure = page["data"][0]["email_failure"].as_str().expect("a sentence");
    assert!(failure.contains("550") && !failure.contains("riverside"), "{failure}");
}

#[tokio::test]
async fn who_may_not_invite_any_more_lets_nobody_in() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let people = async || practice.staff.get(paths::USERS).await.expect(200)["data"].clone();
    for (number, change) in
        [json!({ "disabled": true }), json!({ "role": "read_only" })].into_iter().enumerate()
    {
        let email = format!("rob{number}@riverside.example");
        let rob = app.colleague(&practice, &format!("Rob {number}"), &email, Role::Admin).await;
        let way_back =
            json!({ "name": "Rob", "email": format!("own{number}@mail.example"), "role": "admin" });
        rob.post(paths::INVITATIONS, way_back).await.expect(201);
        app.deliver().await;
        let token = token_in(&app.mail.mails().pop().expect("an email").text());
        let people = people().await;
        let found = people.as_array().and_then(|all| all.iter().find(|it| it["email"] == json!(email)));
        let path = format!("{}/{}", paths::USERS, id(found.expect("they are there")));
        practice.staff.patch(&path, change).await.expect(200);
        let browser = app.anybody();
        browser.post(paths::INVITATIONS_ACCEPT, accepting(&token)).await.refused(404, "invitation_not_found");
    }
}

#[tokio::test]
async fn one_s_own_second_step_is_not_taken_away_without_the_password() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let own = practice.staff.get(paths::SESSION).await.expect(200)["user"].clone();
    let path = format!("{}/{}", paths::USERS, id(&own));
    practice.staff.patch(&path, json!({ "has_second_step": false })).await.refused(422, "validation_failed");
}

#[tokio::test]
async fn roles_change_sessions_end_and_one_admin_stays() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let rob = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    let people = practice.staff.get(paths::USERS).await.expect(200);
    let people = people["data"].as_array().expect("a list");
    let find = |name: &str| people.iter().find(|it| it["name"] == name).expect("they are there");
    let path = |name: &str| format!("{}/{}", paths::USERS, id(find(name)));
    assert!(find("Rob Ives")["active_at"].is_string());
    let admin = &practice.staff;
    admin.patch(&path("Amy Lee"), json!({ "role": "member" })).await.refused(409, "last_admin");
    admin.patch(&path("Amy Lee"), json!({ "disabled": true })).await.refused(409, "last_admin");
    rob.patch(&path("Rob Ives"), json!({ "role": "admin" })).await.refused(403, "forbidden");

    let changed = admin.patch(&path("Rob Ives"), json!({ "role": "admin" })).await.expect(200);
    assert_eq!(changed["role"], "admin");
    rob.get(paths::SESSION).await.refused(401, "session_ended");
    let credentials = json!({ "email": "rob@riverside.example", "password": PASSWORD });
    rob.set_cookies(Default::default());
    rob.post(paths::SESSION, credentials.clone()).await.expect(200);
    rob.patch(&path("Amy Lee"), json!({ "disabled": true })).await.expect(200);
    admin.get(paths::SESSION).await.refused(401, "session_ended");
    let out = json!({ "email": practice.email, "password": PASSWORD });
    app.anybody().post(paths::SESSION, out.clone()).await.refused(401, "credentials_invalid");
    rob.patch(&path("Rob Ives"), json!({ "role": "member" })).await.refused(409, "last_admin");
    rob.patch(&path("Amy Lee"), json!({ "disabled": false })).await.expect(200);
    app.anybody().post(paths::SESSION, out).await.expect(200);
    let missing = rob.patch(&path("Amy Lee"), json!({ "has_second_step": true })).await;
    missing.refused(422, "validation_failed");
}
