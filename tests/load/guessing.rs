//! How long another patient waits while 500 guesses come for one link, and whether the time that an answer takes
//! tells one kind of token from another.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use sealpost_api::config::DatabaseUrl;
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::median;

const GUESSES: usize = 500;
const STORMS: usize = 5;
const CALLS: usize = 300;
const RIGHT: &str = "4821";

async fn on_sqlite() -> TestApp {
    TestApp::start_with(|config| config.database = DatabaseUrl::Sqlite(config.data_dir.join("load.db"))).await
}

async fn somebody(app: &TestApp, practice: &Practice, number: usize) -> (Value, String) {
    let contact = practice.contact(json!({ "phone": format!("+1555010{number:04}") })).await;
    practice.set_pin(&contact, RIGHT).await;
    let message = practice.send(&contact, json!({})).await;
    (message, app.newest_token().await)
}

fn guess(app: &TestApp, http: &reqwest::Client, token: &str, pin: &str) -> RequestBuilder {
    let call = http.post(format!("{}{}", app.base(), paths::SECURE_LINKS_VERIFY_PIN));
    call.header(paths::REQUEST_HEADER, "1").json(&json!({ "token": token, "pin": pin }))
}

pub async fn both_engines() {
    println!(
        "\n{GUESSES} guesses at one link, ms (median of {STORMS}) {:>16} {:>12}",
        "another is in", "all answered"
    );
    storms("SQLite", on_sqlite().await).await;
    if std::env::var("SEALPOST_TEST_POSTGRES_URL").is_ok() {
        storms("PostgreSQL", TestApp::start().await).await;
    }
}

async fn storms(engine: &str, app: TestApp) {
    let practice = app.practice().await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (mut waited, mut lasted) = (Vec::new(), Vec::new());
    for number in 0..STORMS {
        let (_, token) = somebody(&app, &practice, 2 * number).await;
        let (_, other) = somebody(&app, &practice, 2 * number + 1).await;
        let began = Instant::now();
        let mut guesses = JoinSet::new();
        for _ in 0..GUESSES {
            guesses.spawn(guess(&app, &http, &token, "0000").send());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        let typed = Instant::now();
        let answer = guess(&app, &http, &other, RIGHT).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        waited.push(typed.elapsed().as_secs_f64() * 1000.0);
        guesses.join_all().await;
        lasted.push(began.elapsed().as_secs_f64() * 1000.0);
        app.clock.advance(chrono::TimeDelta::minutes(16));
    }
    println!("  {engine:<36} {:>16.0} {:>12.0}", median(waited), median(lasted));
}

/// The kinds take turns, so that a busy moment of the machine slows all of them.
pub async fn uniform() {
    let app = TestApp::start_with(|config| {
        config.database = DatabaseUrl::Sqlite(config.data_dir.join("load.db"));
        config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    })
    .await;
    let practice = app.practice().await;
    let (message, revoked) = somebody(&app, &practice, 1).await;
    let revoke = format!("{}/{}/revoke", paths::LINKS, id(&message["link"]));
    practice.key.post(&revoke, json!({})).await.expect(200);
    let (message, deleted) = somebody(&app, &practice, 2).await;
    let contact = format!("{}/{}", paths::CONTACTS, message["contact_id"].as_str().expect("an id"));
    practice.key.delete(&contact).await.expect(204);
    let kinds = [
        ("unknown", "0123456789abcdefABCDEF"),
        ("malformed", "x"),
        ("revoked", &revoked),
        ("deleted", &deleted),
    ];
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    println!("\ntokens that open nothing, {CALLS} calls each {:>18} {:>10}", "median ms", "of unknown");
    for path in [paths::SECURE_LINKS_OPEN, paths::SECURE_LINKS_VERIFY_PIN, paths::SECURE_LINKS_RELINK] {
        let mut times: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
        for round in 0..CALLS {
            for (kind, (_, token)) in kinds.iter().enumerate() {
                let mut body = json!({ "token": token });
                if path == paths::SECURE_LINKS_VERIFY_PIN {
                    body["pin"] = json!(RIGHT);
                }
                // Each from a network of its own: misses are counted.
                let from = format!("10.{kind}.{}.{}", round / 250, round % 250 + 1);
                let call = http.post(format!("{}{path}", app.base())).header(paths::REQUEST_HEADER, "1");
                let call = call.header("x-forwarded-for", from).json(&body);
                let began = Instant::now();
                let answer = call.send().await.expect("an answer");
                let _ = answer.bytes().await;
                times[kind].push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
        let first = median(times[0].clone());
        for ((name, _), times) in kinds.iter().zip(times) {
            let middle = median(times);
            println!("  {:<44} {middle:>9.2} {:>10.2}", format!("{path} {name}"), middle / first);
        }
    }
}
