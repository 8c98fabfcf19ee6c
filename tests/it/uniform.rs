//! Tokens that open nothing are one answer, and cost the same (security.md D9): times are compared by the load
//! benchmark (`cargo bench --bench load uniform`), the work here.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{PASSWORD, id};
use serde_json::json;

/// Statements and hashings that one call takes.
async fn cost(app: &TestApp, path: &str, token: &str) -> (u64, u64) {
    let state = app.state();
    let before = (state.db.statements(), state.secrets.hashing.granted());
    let mut body = json!({ "token": token });
    if path == paths::SECURE_LINKS_VERIFY_PIN {
        body["pin"] = json!("4821");
    }
    app.anybody().post(path, body).await;
    (state.db.statements() - before.0, state.secrets.hashing.granted() - before.1)
}

#[tokio::test]
async fn unknown_malformed_revoked_and_deleted_links_take_the_same_queries() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let revoked_of = practice.jordan().await;
    practice.set_pin(&revoked_of, "4821").await;
    let message = practice.send(&revoked_of, json!({})).await;
    let revoked = app.newest_token().await;
    practice
        .key
        .post(&format!("{}/{}/revoke", paths::LINKS, id(&message["link"])), json!({}))
        .await
        .expect(200);
    let deleted = practice.contact(json!({ "phone": "+15550100177" })).await;
    practice.send(&deleted, json!({})).await;
    let token_of_deleted = app.newest_token().await;
    practice.key.delete(&format!("{}/{}", paths::CONTACTS, id(&deleted))).await.expect(204);
    practice.send(&revoked_of, json!({})).await;
    let live = app.newest_token().await;

    let unknown = "0123456789abcdefABCDEF";
    for path in [
        paths::SECURE_LINKS_OPEN,
        paths::SECURE_LINKS_ENTER,
        paths::SECURE_LINKS_VERIFY_PIN,
        paths::SECURE_LINKS_RELINK,
    ] {
        let mut costs = BTreeMap::new();
        for token in [unknown, "", "x", "0123456789abcde/ABCDEF", &revoked, &token_of_deleted] {
            costs.insert(token, cost(&app, path, token).await);
        }
        let (statements, hashings) = costs[unknown];
        assert!(costs.values().all(|cost| *cost == (statements, hashings)), "{path}: {costs:?}");
        assert!(statements >= 8 && hashings == 0, "{path}: {costs:?}");
        // A link that works must differ somewhere, or the count counts nothing.
        if path == paths::SECURE_LINKS_VERIFY_PIN {
            assert_ne!(cost(&app, path, &live).await, (statements, hashings));
        }
        app.clock.advance(TimeDelta::minutes(1));
    }
}

/// A password is hashed once whoever's it would be: with no account, too, and for one that is turned off.
#[tokio::test]
async fn accounts_that_there_are_and_are_not_take_the_same_hashing() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let gone = app.colleague(&practice, "Sam Poole", "sam@riverside.example", Role::Member).await;
    let gone = id(&gone.get(paths::SESSION).await.expect(200)["user"]).to_owned();
    practice.staff.patch(&format!("{}/{gone}", paths::USERS), json!({ "disabled": true })).await.expect(200);
    let right = json!({ "email": practice.email, "password": PASSWORD });
    app.anybody().post(paths::SESSION, right).await.expect(200);
    for email in [&*practice.email, "nobody@riverside.example", "sam@riverside.example"] {
        let before = app.state().secrets.hashing.granted();
        let body = json!({ "email": email, "password": "not the password" });
        app.anybody().post(paths::SESSION, body).await.refused(401, "credentials_invalid");
        assert_eq!(app.state().secrets.hashing.granted() - before, 1, "{email}");
    }
}
