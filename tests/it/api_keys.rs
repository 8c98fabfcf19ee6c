//! Integrators' keys: what each may do, until when, and that its secret is shown once.

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::given::{PASSWORD, Practice, id, with};
use serde_json::{Value, json};

async fn try_make(desk: &Client, more: Value) -> Answer {
    let key = json!({ "name": "Practice software", "scope": "write", "current_password": PASSWORD });
    desk.post(paths::API_KEYS, with(key, more)).await
}

/// A key with its id.
async fn make(app: &TestApp, practice: &Practice, more: Value) -> (Client, Value) {
    let made = try_make(&practice.staff, more).await.expect(201);
    (app.with_key(made["secret"].as_str().expect("a secret")), made["api_key"].clone())
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    // After the one that `admin bootstrap` printed.
    app.clock.advance(TimeDelta::seconds(1));
    let made = try_make(&practice.staff, json!({})).await.expect(201);
    let secret = made["secret"].as_str().expect("a secret");
    let prefix = made["api_key"]["prefix"].as_str().expect("a prefix");
    assert!(secret.starts_with(prefix) && prefix.len() < 16, "{prefix}");
    assert!(secret.len() >= 9 + 64, "256 bits: {secret}");
    let stored = app.stored_bytes().await;
    assert!(!stored.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    let listed = practice.staff.get(paths::API_KEYS).await.expect(200);
    assert_eq!(listed["data"][0], made["api_key"]);
    assert!(!listed.to_string().contains(secret));
    app.with_key(secret).get(paths::CONTACTS).await.expect(200);
    app.with_key(&secret[..secret.len() - 1]).get(paths::CONTACTS).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_key_does_what_its_scope_says() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    for (scope, writes, administers) in [("read", 403, 403), ("write", 201, 403), ("admin", 201, 200)] {
        let (key, made) = make(&app, &practice, json!({ "scope": scope })).await;
        assert_eq!(made["scope"], scope);
        key.get(paths::CONTACTS).await.expect(200);
        let contact = key.post(paths::CONTACTS, json!({ "first_name": "Sam" })).await;
        assert_eq!(contact.status, writes, "{scope}: {}", contact.text);
        let settings = key.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "enabled": true })).await;
        assert_eq!(settings.status, administers, "{scope}: {}", settings.text);
        // Who works here and which keys there are is no key's business, whatever its scope.
        for path in [paths::API_KEYS, paths::USERS] {
            key.get(path).await.refused(401, "unauthenticated");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_over_or_revoked_lets_nobody_in_and_its_stream_ends() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let (key, made) = make(&app, &practice, json!({})).await;
    let mut stream = key.stream(paths::EVENTS).await;
    let path = format!("{}/{}", paths::API_KEYS, id(&made));
    practice.staff.delete(&path).await.expect(204);
    key.get(paths::CONTACTS).await.refused(401, "unauthenticated");
    stream.until("session.ended").await;
    practice.staff.delete(&path).await.refused(404, "not_found");

    let (short, _) = make(&app, &practice, json!({ "expires_in_days": 1 })).await;
    let mut stream = short.stream(paths::EVENTS).await;
    short.get(paths::CONTACTS).await.expect(200);
    app.clock.advance(TimeDelta::days(1));
    short.get(paths::CONTACTS).await.refused(401, "unauthenticated");
    stream.until("session.ended").await;
    practice.sign_in().await;
    // The one that `admin bootstrap` printed is left.
    assert_eq!(
        practice.staff.get(paths::API_KEYS).await.expect(200)["data"].as_array().map(Vec::len),
        Some(1)
    );
    let audit = &app.tables().await["audit_entries"];
    for action in ["api_key.created", "api_key.revoked"] {
        assert!(audit.iter().any(|row| row.contains(action)), "{action}");
    }
}

#[tokio::test]
async fn keys_are_an_admin_s_who_knows_the_password_and_one_organization_s() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let wrong = try_make(&practice.staff, json!({ "current_password": "not the password" })).await;
    wrong.refused(422, "validation_failed");
    for days in [0, 3661] {
        let refused = try_make(&practice.staff, json!({ "expires_in_days": days })).await;
        assert_eq!(refused.refused(422, "validation_failed")["errors"][0]["pointer"], "/expires_in_days");
    }
    for role in [Role::Member, Role::ReadOnly] {
        let email = format!("{role:?}@riverside.example").to_lowercase();
        let colleague = app.colleague(&practice, "Rob Ives", &email, role).await;
        try_make(&colleague, json!({})).await.refused(403, "forbidden");
        colleague.get(paths::API_KEYS).await.refused(403, "forbidden");
    }
    let (_, made) = make(&app, &practice, json!({})).await;
    let others = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    others.staff.delete(&format!("{}/{}", paths::API_KEYS, id(&made))).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_list_says_when_a_key_was_last_used_and_on_request_which_ones_have_ended() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    app.clock.advance(TimeDelta::seconds(1));
    let (key, made) = make(&app, &practice, json!({})).await;
    let newest = async |path: &str| practice.staff.get(path).await.expect(200)["data"][0].clone();
    let used = async || newest(paths::API_KEYS).await.get("used_at").cloned();
    assert_eq!(used().await, None, "nobody used it");
    key.get(paths::CONTACTS).await.expect(200);
    let first = used().await.expect("a time");
    app.clock.advance(TimeDelta::seconds(59));
    key.get(paths::CONTACTS).await.expect(200);
    assert_eq!(used().await.as_ref(), Some(&first), "to the minute: not every call writes");
    app.clock.advance(TimeDelta::seconds(1));
    key.get(paths::CONTACTS).await.expect(200);
    assert_ne!(used().await, Some(first));

    practice.staff.delete(&format!("{}/{}", paths::API_KEYS, id(&made))).await.expect(204);
    assert_ne!(id(&newest(paths::API_KEYS).await), id(&made));
    let all = format!("{}?ended=true", paths::API_KEYS);
    let ended = newest(&all).await;
    assert_eq!((id(&ended), ended["revoked_at"].is_string()), (id(&made), true));
    let others = app.practice_named("Lakeside Law", "kim@lakeside.example").await;
    let theirs = others.staff.get(&all).await.expect(200);
    assert!(!theirs.to_string().contains(id(&made)));
}
