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

use crate::{median, on_sqlite, unlimited};

const GUESSES: usize = 500;
const STORMS: usize = 5;
const CALLS: usize = 300;
/// A hundred in a row would turn the password off.
const ACCOUNT_CALLS: usize = 60;
const RIGHT: &str = "4821";

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
        "\n{GUESSES} guesses at one link, another gets in, ms (median of {STORMS}) {:>8} {:>8} {:>7} {:>12}",
        "alone", "in it", "ratio", "all answered"
    );
    storms("SQLite", on_sqlite().await).await;
    if std::env::var("SEALPOST_TEST_POSTGRES_URL").is_ok() {
        storms("PostgreSQL", TestApp::start_with(unlimited).await).await;
    }
}

async fn storms(engine: &str, app: TestApp) {
    let practice = app.practice().await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (mut alone, mut waited, mut lasted) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..STORMS {
        let (_, token) = somebody(&app, &practice, 2 * number).await;
        let (_, other) = somebody(&app, &practice, 2 * number + 1).await;
        alone.push(gets_in(&app, &http, &other).await);
        let began = Instant::now();
        let mut guesses = JoinSet::new();
        for _ in 0..GUESSES {
            guesses.spawn(guess(&app, &http, &token, "0000").send());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        waited.push(gets_in(&app, &http, &other).await);
        guesses.join_all().await;
        lasted.push(began.elapsed().as_secs_f64() * 1000.0);
        app.clock.advance(chrono::TimeDelta::minutes(16));
    }
    let (alone, waited) = (median(alone), median(waited));
    println!("  {engine:<56} {alone:>9.0} {waited:>8.0} {:>7.1} {:>12.0}", waited / alone, median(lasted));
}

/// How long one patient's right PIN takes.
async fn gets_in(app: &TestApp, http: &reqwest::Client, token: &str) -> f64 {
    let typed = Instant::now();
    let answer = guess(app, http, token, RIGHT).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    typed.elapsed().as_secs_f64() * 1000.0
}

/// Wrong passwords for somebody, for an address that nobody has and for what is none, in turn.
async fn accounts(app: &TestApp, email: &str, http: &reqwest::Client) {
    let kinds = [("known", email), ("unknown", "nobody@riverside.example"), ("malformed", "nobody")];
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); kinds.len()];
    for round in 0..ACCOUNT_CALLS {
        for (kind, (_, email)) in kinds.iter().enumerate() {
            let call = http.post(format!("{}{}", app.base(), paths::SESSION));
            let call = call.header(paths::REQUEST_HEADER, "1");
            let call = call.header("x-forwarded-for", format!("10.9.{kind}.{}", round + 1));
            let call = call.json(&json!({ "email": email, "password": "wrong" }));
            let began = Instant::now();
            let answer = call.send().await.expect("an answer");
            assert_eq!(answer.status(), 401);
            times[kind].push(began.elapsed().as_secs_f64() * 1000.0);
        }
        // Failures in a row make everybody wait longer and longer.
        app.clock.advance(chrono::TimeDelta::hours(2));
    }
    println!("\nwrong passwords, {ACCOUNT_CALLS} calls each {:>26} {:>10}", "median ms", "of known");
    let first = median(times[0].clone());
    for ((name, _), times) in kinds.iter().zip(times) {
        let middle = median(times);
        println!("  {:<44} {middle:>9.2} {:>10.2}", format!("{} {name}", paths::SESSION), middle / first);
    }
}

/// The kinds take turns, so that a busy moment of the machine slows all of them.
pub async fn uniform() {
    let app = TestApp::start_with(|config| {
        config.database = DatabaseUrl::Sqlite(config.data_dir.join("load.db"));
        unlimited(config);
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
    accounts(&app, &practice.email, &http).await;
}
