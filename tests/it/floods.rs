//! Who comes too often costs little: a flood is refused before the database is asked, and a try that is used up already
//! waits for nobody who writes (security.md D7).

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::contract::contract;
use sealpost_tests::given::PASSWORD;
use serde_json::{Value, json};

const UNKNOWN: &str = "0123456789abcdefABCDEF";

async fn behind_a_proxy(strangers: Option<u32>) -> TestApp {
    TestApp::start_with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        if let Some(strangers) = strangers {
            config.limits.strangers = NonZeroU32::new(strangers).expect("some");
        }
    })
    .await
}

async fn call(client: &Client, path: &str, body: &Value, from: &str) -> Answer {
    client.call(Method::POST, path).header("x-forwarded-for", from).json(body.clone()).send().await
}

fn wait(answer: &Answer) -> i64 {
    answer.header("retry-after").expect("a wait").parse().expect("seconds")
}

/// What anybody may call and changes something, with the document's own example: also what is built tomorrow.
fn calls_of_strangers() -> Vec<(String, Value)> {
    let operations = contract().operations().into_iter();
    // A gateway calls as often as it has something to say: whoever is none is counted, `hooks` shows it.
    let strangers = operations.filter(|(method, path)| {
        method == "POST" && !path.starts_with("/hooks/") && contract().security(method, path).is_empty()
    });
    let body = |path: &str| {
        let operation = &contract().document()["paths"][path]["post"];
        operation["requestBody"]["content"]["application/json"]["example"].clone()
    };
    strangers.map(|(_, path)| (path.clone(), body(&path))).collect()
}

#[tokio::test]
async fn a_network_s_flood_is_refused_before_the_database_is_asked_and_others_are_served() {
    let app = behind_a_proxy(Some(30)).await;
    let practice = app.practice().await;
    let anybody = app.anybody();
    let calls = calls_of_strangers();
    assert!(calls.len() >= 10, "{calls:?}");
    let unknown = json!({ "token": UNKNOWN });
    for _ in 0..30 {
        call(&anybody, paths::SECURE_LINKS_OPEN, &unknown, "203.0.113.7").await.expect(404);
    }
    let (state, mut waits) = (app.state(), Vec::new());
    let before = (state.db.statements(), state.secrets.hashing.granted());
    for (path, body) in &calls {
        let refused = call(&anybody, path, body, "203.0.113.7").await;
        waits.push(wait(&refused));
        refused.refused(429, "rate_limited");
    }
    assert_eq!((state.db.statements(), state.secrets.hashing.granted()), before, "nobody was asked");
    // Thirty in a minute come back one by one.
    assert!(waits.iter().all(|seconds| *seconds == 2), "{waits:?}");

    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    call(&app.anybody(), paths::SESSION, &sign_in, "203.0.113.8").await.expect(200);
    call(&anybody, paths::SECURE_LINKS_OPEN, &unknown, "203.0.113.8").await.expect(404);
    // Whoever is known is not counted.
    practice.staff.get(paths::SESSION).await.expect(200);
    practice.staff.post(paths::SESSION_STAY, json!({})).await.expect(200);
    app.clock.advance(TimeDelta::seconds(2));
    call(&app.anybody(), paths::SESSION, &sign_in, "203.0.113.7").await.expect(200);
    call(&app.anybody(), paths::SESSION, &sign_in, "203.0.113.7").await.refused(429, "rate_limited");
}

/// Forty people who sign in within a minute, and two hundred patients in the same building who open their links.
#[tokio::test]
async fn what_a_large_practice_does_behind_one_address_is_no_flood() {
    let app = behind_a_proxy(None).await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = json!({ "token": app.newest_token().await });
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    for _ in 0..40 {
        call(&app.anybody(), paths::SESSION, &sign_in, "203.0.113.7").await.expect(200);
    }
    for _ in 0..200 {
        call(&app.anybody(), paths::SECURE_LINKS_OPEN, &token, "203.0.113.7").await.expect(200);
    }
    for _ in 0..50 {
        call(&app.anybody(), paths::SECURE_LINKS_ENTER, &token, "203.0.113.7").await.expect(200);
    }
}

/// While somebody writes for a long time: whoever had to wait for that would be told so after seconds.
#[tokio::test]
async fn a_try_that_is_used_up_is_refused_without_waiting_for_who_writes() {
    let app = behind_a_proxy(None).await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let link = json!({ "token": app.newest_token().await });
    let unknown = json!({ "token": UNKNOWN });
    let nobody = json!({ "email": "nobody@riverside.example", "password": "wrong" });
    let amy = json!({ "email": practice.email, "password": "wrong" });
    let network = "203.0.113.7";
    for body in [&amy, &nobody] {
        for _ in 0..5 {
            call(&app.anybody(), paths::SESSION, body, network).await.refused(401, "credentials_invalid");
        }
    }
    for _ in 0..60 {
        call(&app.anybody(), paths::SECURE_LINKS_OPEN, &unknown, network).await.expect(404);
        call(&app.anybody(), paths::SECURE_LINKS_ENTER, &link, network).await.expect(200);
    }
    // What the database itself refused is remembered.
    for (path, body) in [(paths::SECURE_LINKS_OPEN, &unknown), (paths::SECURE_LINKS_ENTER, &link)] {
        call(&app.anybody(), path, body, network).await.refused(429, "rate_limited");
    }

    let held = app.hold_writer().await;
    let began = Instant::now();
    let mut answers = Vec::new();
    for (path, body, from) in [
        (paths::SESSION, &amy, network),
        (paths::SESSION, &nobody, network),
        // From elsewhere it is the account that waits.
        (paths::SESSION, &amy, "203.0.113.8"),
        (paths::SESSION, &nobody, "203.0.113.8"),
        (paths::SECURE_LINKS_OPEN, &unknown, network),
        (paths::SECURE_LINKS_ENTER, &link, network),
    ] {
        let answer = call(&app.anybody(), path, body, from).await;
        answers.push(wait(&answer));
        answer.refused(429, "rate_limited");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "it waited: {:?}", began.elapsed());
    assert_eq!(answers, [300, 300, 30, 30, 60, 900]);
    // Somebody who has tries left does wait for it.
    let other = json!({ "email": "other@riverside.example", "password": "wrong" });
    let waits = call(&app.anybody(), paths::SESSION, &other, "203.0.113.9").await;
    assert!(waits.status >= 500, "{}", waits.text);
    drop(held);

    // A real link is no miss, and a window that is over is over.
    call(&app.anybody(), paths::SECURE_LINKS_OPEN, &link, network).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    call(&app.anybody(), paths::SECURE_LINKS_OPEN, &unknown, network).await.expect(404);
}

/// What is remembered beside the database must not outlive what is true there: a right password gives its network's
/// try back, at another server, too.
#[tokio::test]
async fn a_try_that_another_server_gave_back_counts_at_once() {
    let app = behind_a_proxy(None).await;
    let practice = app.practice().await;
    let second = app.second().await;
    let network = "2001:db8:1:2::1";
    for number in 0..20 {
        let body = json!({ "email": format!("person{number}@riverside.example"), "password": "wrong" });
        call(&app.anybody(), paths::SESSION, &body, network).await.expect(401);
    }
    let right = json!({ "email": practice.email, "password": PASSWORD });
    for client in [app.anybody(), second.anybody()] {
        call(&client, paths::SESSION, &right, network).await.refused(429, "rate_limited");
    }
    app.execute("UPDATE budgets SET used = used - 1 WHERE scope = 'sign_in_of_network'").await;
    for client in [second.anybody(), app.anybody()] {
        call(&client, paths::SESSION, &right, network).await.expect(200);
    }
}

#[tokio::test]
async fn a_link_without_a_pin_opens_sixty_sessions_in_a_quarter_of_an_hour_over_all_servers() {
    let app = behind_a_proxy(None).await;
    let practice = app.practice().await;
    let second = app.second().await;
    let jordan = practice.jordan().await;
    practice.send(&jordan, json!({})).await;
    let link = json!({ "token": app.newest_token().await });
    practice.send(&jordan, json!({})).await;
    let other = json!({ "token": app.newest_token().await });
    let first = app.enter(link["token"].as_str().expect("a token")).await;
    for number in 1..60 {
        let client = if number % 2 == 0 { app.anybody() } else { second.anybody() };
        // Whose PIN is asked for where none is needed gets in the same way.
        let (path, body) = match number % 3 {
            0 => (paths::SECURE_LINKS_VERIFY_PIN, json!({ "token": link["token"], "pin": "4821" })),
            _ => (paths::SECURE_LINKS_ENTER, link.clone()),
        };
        call(&client, path, &body, &format!("198.51.100.{number}")).await.expect(200);
    }
    let sessions = app.tables().await["patient_sessions"].len();
    for client in [app.anybody(), second.anybody(), app.anybody(), second.anybody()] {
        let refused = call(&client, paths::SECURE_LINKS_ENTER, &link, "198.51.100.99").await;
        assert_eq!(wait(&refused), 900);
        assert!(refused.headers.get("set-cookie").is_none());
        refused.refused(429, "rate_limited");
    }
    assert_eq!(app.tables().await["patient_sessions"].len(), sessions);
    // The page still opens, another link too, and who is in stays in.
    call(&app.anybody(), paths::SECURE_LINKS_OPEN, &link, "198.51.100.99").await.expect(200);
    call(&app.anybody(), paths::SECURE_LINKS_ENTER, &other, "198.51.100.99").await.expect(200);
    first.browser.get(&first.path("/messages")).await.expect(200);
    app.clock.advance(TimeDelta::minutes(15));
    call(&app.anybody(), paths::SECURE_LINKS_ENTER, &link, "198.51.100.99").await.expect(200);
}

/// A reload, the way back to it and the phone's own waking up ask with the cookie, not with the link.
#[tokio::test]
async fn whoever_reloads_takes_no_session_of_their_link() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    practice.send(&practice.jordan().await, json!({})).await;
    let token = app.newest_token().await;
    let patient = app.enter(&token).await;
    for _ in 0..70 {
        patient.browser.get(&patient.path("")).await.expect(200);
        patient.browser.get(&patient.path("/messages")).await.expect(200);
    }
    app.enter(&token).await;
}
