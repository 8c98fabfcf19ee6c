//! How many notices a worker sends, over a gateway and a mail server that answer at once.

use std::time::{Duration, Instant};

use sealpost_api::delivery::worker;
use sealpost_tests::app::TestApp;
use sealpost_tests::given::Practice;
use serde_json::json;

use crate::{on_sqlite, unlimited};

const NOTICES: usize = 300;
const ORGANIZATIONS: usize = 10;

pub async fn both_engines() {
    println!("\n{NOTICES} notices that wait, one worker {:>24} {:>10}", "notices/s", "of the first");
    let first = engine("SQLite", on_sqlite().await, None).await;
    if std::env::var("SEALPOST_TEST_POSTGRES_URL").is_ok() {
        engine("PostgreSQL", TestApp::start_with(unlimited).await, Some(first)).await;
    }
}

/// The rate of its texts of one organization.
async fn engine(name: &str, app: TestApp, first: Option<f64>) -> f64 {
    let mut practices = Vec::new();
    for number in 0..ORGANIZATIONS {
        practices
            .push(app.practice_named(&format!("Practice {number}"), &format!("amy{number}@p.example")).await);
    }
    let one = rate(&app, &practices[..1], "sms").await;
    let first = first.unwrap_or(one);
    let many = rate(&app, &practices, "sms").await;
    let emails = rate(&app, &practices[..1], "email").await;
    for (what, rate) in [
        ("texts of one organization", one),
        (&*format!("texts of {ORGANIZATIONS} organizations"), many),
        ("emails of one organization", emails),
    ] {
        println!("  {:<44} {rate:>10.0} {:>10.2}", format!("{name}, {what}"), rate / first);
    }
    first
}

async fn rate(app: &TestApp, practices: &[Practice], channel: &str) -> f64 {
    // A number gets ten texts a day.
    app.clock.advance(chrono::TimeDelta::days(2));
    for number in 0..NOTICES {
        let practice = &practices[number % practices.len()];
        let contact = json!({ "phone": format!("+1555010{:04}", 2_000 + number), "email": format!("c{number}@m.example") });
        let contact = practice.contact(contact).await;
        practice.send(&contact, json!({ "channel": channel })).await;
    }
    let sent = || app.gateway.requests().len() + app.mail.mails().len();
    let (before, began) = (sent(), Instant::now());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let work = tokio::spawn(worker::run(app.state().clone(), async {
        let _ = stopped.await;
    }));
    while sent() < before + NOTICES {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = began.elapsed().as_secs_f64();
    let _ = stop.send(());
    work.await.expect("the worker ends");
    NOTICES as f64 / took
}
