//! Time does not go back: what is over stays over when a computer's clock is set back (security.md D19).

use chrono::{TimeDelta, Utc};
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Answer;
use sealpost_tests::given::PAST_A_DAY;
use serde_json::json;

async fn readiness(app: &TestApp) -> Answer {
    app.anybody().get("/readyz").await
}

fn detail<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let checks = answer.json["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["name"] == name).expect("the check")["detail"].as_str()
}

#[tokio::test]
async fn an_expired_link_stays_expired_when_the_clock_goes_back() {
    let mut app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let sent = app.state().now();
    app.clock.advance(PAST_A_DAY);
    app.anybody().open(&token).await.refused(410, "link_expired");
    readiness(&app).await.expect(200);
    // As the worker does twice a minute.
    app.state().keep_clock().await.expect("kept");
    app.clock.set(sent);
    app.anybody().open(&token).await.refused(410, "link_expired");
    let not_ready = readiness(&app).await;
    assert!(
        detail(&not_ready, "clock").is_some_and(|words| words.contains("was set back")),
        "{}",
        not_ready.text
    );
    not_ready.expect(503);
    // It is kept: a restart does not forget it.
    app.restart().await;
    app.anybody().open(&token).await.refused(410, "link_expired");
    readiness(&app).await.expect(503);
    app.clock.set(sent + PAST_A_DAY - TimeDelta::minutes(5));
    readiness(&app).await.expect(200);
}

/// On SQLite there is no other clock.
#[tokio::test]
async fn a_clock_that_the_database_does_not_believe_is_not_ready_and_leaves_no_mark() {
    let app = TestApp::start().await;
    let on_postgres = app.state().db.clock().await.expect("an answer").is_some();
    let today = app.state().db.clock().await.expect("an answer").unwrap_or_else(|| app.state().now());
    app.clock.set(today);
    app.clock.compare();
    readiness(&app).await.expect(200);
    for off in [TimeDelta::minutes(6), -TimeDelta::minutes(6)] {
        app.clock.set(today + off);
        app.state().keep_clock().await.expect("kept");
        let answer = readiness(&app).await;
        let words = detail(&answer, "database_clock").is_some_and(|words| words.contains("differ"));
        assert_eq!(words, on_postgres, "{}", answer.text);
    }
    if on_postgres {
        let kept = app.tables().await["clock_marks"].join("");
        let ahead = (today + TimeDelta::minutes(6)).with_timezone(&Utc).format("%H:%M").to_string();
        assert!(!kept.contains(&ahead), "{kept}");
    }
}
