//! Tokens that open nothing are one answer, and cost the same (security.md D9): times are compared by the load
//! benchmark (`cargo bench --bench load uniform`), the work here.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::id;
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
