//! The browsers in which a person is signed in, and signing out of them from afar.

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";
const LAPTOP: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0";

/// The same person in one more browser, which has called once.
async fn browser(app: &TestApp, practice: &Practice, agent: &str) -> Client {
    let browser = app.anybody();
    let body = json!({ "email": practice.email, "password": PASSWORD });
    browser.post(paths::SESSION, body).await.expect(200);
    browser.call(Method::GET, paths::SESSION).header("user-agent", agent).send().await.expect(200);
    browser
}

async fn list(browser: &Client) -> Vec<Value> {
    let page = browser.get(paths::SESSIONS).await.expect(200);
    assert_eq!(page["has_more"], false);
    page["data"].as_array().expect("a list").clone()
}

async fn signed_in_thrice(app: &TestApp) -> (Practice, Client, Client) {
    let practice = app.practice().await;
    practice.staff.get(paths::SESSION).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    let laptop = browser(app, &practice, LAPTOP).await;
    app.clock.advance(TimeDelta::minutes(1));
    let phone = browser(app, &practice, PHONE).await;
    (practice, laptop, phone)
}

#[tokio::test]
async fn every_browser_one_is_signed_in_with_is_listed_with_what_it_is() {
    let app = TestApp::start().await;
    let (practice, laptop, phone) = signed_in_thrice(&app).await;
    app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::Admin).await;
    let found = list(&laptop).await;
    let said = |name: &str| found.iter().map(|one| one[name].clone()).collect::<Vec<_>>();
    assert_eq!(
        said("system"),
        [json!("ios"), json!("macos"), json!("other")],
        "the newest first, none of Rob's"
    );
    assert_eq!(said("browser"), [json!("safari"), json!("firefox"), json!("other")]);
    assert_eq!(said("current"), [json!(false), json!(true), json!(false)]);
    assert!(found[0]["created_at"].as_str() > found[1]["created_at"].as_str());
    // Only the two words are kept of what a browser says of itself.
    let rows = &app.tables().await["staff_sessions"];
    assert!(rows.iter().any(|row| row.contains("safari")), "{rows:?}");
    let stored = app.stored_bytes().await;
    for agent in [PHONE, LAPTOP] {
        assert!(!stored.windows(agent.len()).any(|bytes| bytes == agent.as_bytes()));
    }
    phone.delete(paths::SESSION).await.expect(204);
    assert_eq!(list(&laptop).await.len(), 2, "one that ended is not listed");
    app.clock.advance(TimeDelta::minutes(14));
    laptop.post(paths::SESSION_STAY, json!({})).await.refused(401, "session_ended");
    practice.sign_in().await;
    assert_eq!(list(&practice.staff).await.len(), 1, "idle ones are not listed");
}

#[tokio::test]
async fn one_browser_is_signed_out_from_another_within_a_second_and_it_is_audited() {
    let app = TestApp::start().await;
    let (_, laptop, phone) = signed_in_thrice(&app).await;
    let mut stream = phone.stream(paths::EVENTS).await;
    let found = list(&laptop).await;
    let path = format!("{}/{}", paths::SESSIONS, id(&found[0]));
    laptop.delete(&path).await.expect(204);
    phone.get(paths::CONTACTS).await.refused(401, "session_ended");
    stream.until("session.ended").await;
    laptop.delete(&path).await.refused(404, "not_found");
    let audit = &app.tables().await["audit_entries"];
    let noted = |row: &&String| row.contains("session.ended_remotely") && row.contains(id(&found[0]));
    assert_eq!(audit.iter().filter(noted).count(), 1);
    // One's own way out works, too.
    let own = found.iter().find(|one| one["current"] == true).expect("the current one");
    laptop.delete(&format!("{}/{}", paths::SESSIONS, id(own))).await.expect(204);
    assert!(!laptop.cookies().contains_key("sealpost_staff"));
}

#[tokio::test]
async fn all_others_are_signed_out_at_once_and_nobody_else_s() {
    let app = TestApp::start().await;
    let (practice, laptop, phone) = signed_in_thrice(&app).await;
    let rob = app.colleague(&practice, "Rob Ives", "rob@riverside.example", Role::ReadOnly).await;
    let foreign = id(&list(&rob).await[0]).to_owned();
    laptop.delete(&format!("{}/{foreign}", paths::SESSIONS)).await.refused(404, "not_found");
    assert_eq!(laptop.post(paths::SESSIONS_END_OTHERS, json!({})).await.expect(200), json!({ "ended": 2 }));
    for ended in [&practice.staff, &phone] {
        ended.get(paths::CONTACTS).await.refused(401, "session_ended");
    }
    laptop.get(paths::CONTACTS).await.expect(200);
    rob.get(paths::CONTACTS).await.expect(200);
    assert_eq!(laptop.post(paths::SESSIONS_END_OTHERS, json!({})).await.expect(200), json!({ "ended": 0 }));
}
