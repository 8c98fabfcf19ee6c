//! How many of the main calls a server takes in a second, each as a share of the cheapest one in the same run.

use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::{Practice, id};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{on_sqlite, unlimited};

const LASTING: Duration = Duration::from_secs(4);
const AT_ONCE: usize = 8;
const CONTACTS: usize = 60;

/// A kind of call: its name, and how the nth is made.
type Call<'a> = (&'static str, Box<dyn Fn(usize) -> RequestBuilder + 'a>);

pub async fn both_engines() {
    measure("SQLite", on_sqlite().await).await;
    if std::env::var("SEALPOST_TEST_POSTGRES_URL").is_ok() {
        measure("PostgreSQL", TestApp::start_with(unlimited).await).await;
    } else {
        println!("\nPostgreSQL: not measured; run it with tests/postgres");
    }
}

async fn measure(engine: &str, app: TestApp) {
    let practice = app.practice().await;
    let (people, token) = fill(&app, &practice).await;
    let conversation =
        id(&practice.staff.get(&format!("{}?folder=outbox", paths::CONVERSATIONS)).await.expect(200)["data"]
            [0])
        .to_owned();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = |path: &str| format!("{}{path}", app.base());
    let signed =
        |method: Method, path: &str| http.request(method, url(path)).bearer_auth(practice.key.bearer());
    let posted = |path: &str, body: &Value| {
        signed(Method::POST, path).header(paths::IDEMPOTENCY_KEY, Uuid::new_v4().to_string()).json(body)
    };
    let open = json!({ "token": token });
    let calls: [Call<'_>; 6] = [
        ("is it alive (healthz)", Box::new(|_| http.get(url("/healthz")))),
        (
            "open a link",
            Box::new(|_| {
                let call = http.post(url(paths::SECURE_LINKS_OPEN)).header(paths::REQUEST_HEADER, "1");
                call.json(&open)
            }),
        ),
        (
            "list the inbox",
            Box::new(|_| signed(Method::GET, &format!("{}?folder=outbox", paths::CONVERSATIONS))),
        ),
        (
            "read a thread",
            Box::new(|_| signed(Method::GET, &format!("{}/{conversation}/messages", paths::CONVERSATIONS))),
        ),
        (
            "find a contact",
            Box::new(|n| signed(Method::GET, &format!("{}?q=Person {}", paths::CONTACTS, n % CONTACTS))),
        ),
        (
            "send a message",
            Box::new(|n| {
                // Nobody gets more than ten texts a day.
                if n % (CONTACTS * 8) == 0 {
                    app.clock.advance(chrono::TimeDelta::days(1));
                }
                let message = json!({ "contact_id": people[n % people.len()], "body": "Your results are in.", "secure": true });
                posted(paths::MESSAGES, &message)
            }),
        ),
    ];
    print_rates(engine, &calls).await;
    // What was sent is not the question here; nothing may be left over all the same.
    app.deliver().await;
}

async fn print_rates(engine: &str, calls: &[Call<'_>]) {
    println!("\n{engine}: {AT_ONCE} at once {:>23} {:>10}", "calls/s", "of the first");
    let mut first = None;
    for (name, call) in calls {
        let rate = rate(call.as_ref()).await;
        let share = rate / *first.get_or_insert(rate);
        println!("  {name:<36} {rate:>10.0} {share:>11.3}");
    }
}

/// Contacts with a message each; their ids, and the token of one link.
async fn fill(app: &TestApp, practice: &Practice) -> (Vec<String>, String) {
    let no_limit = json!({ "limit_monthly_segments": false });
    practice.key.patch(paths::SETTINGS_TEXTS, no_limit).await.expect(200);
    let (mut people, mut token) = (Vec::new(), String::new());
    for n in 0..CONTACTS {
        let person = json!({ "first_name": format!("Person {n}"), "phone": format!("+15550{n:06}") });
        let person = practice.contact(person).await;
        practice.send(&person, json!({})).await;
        people.push(id(&person).to_owned());
        if n == 0 {
            token = app.newest_token().await;
        }
    }
    app.deliver().await;
    (people, token)
}

async fn rate(call: &dyn Fn(usize) -> RequestBuilder) -> f64 {
    let (begun, mut made) = (Instant::now(), 0);
    while begun.elapsed() < LASTING {
        let batch = (made..made + AT_ONCE).map(|n| call(n).send());
        for answer in futures_util::future::join_all(batch).await {
            let answer = answer.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            let _ = answer.bytes().await;
        }
        made += AT_ONCE;
    }
    made as f64 / begun.elapsed().as_secs_f64()
}
