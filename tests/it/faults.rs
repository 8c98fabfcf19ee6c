//! What the server does when its database is locked, gone or full: it says so, loses nothing, and works again by
//! itself. What gateways do wrong is in `delivery`, what clocks do wrong in `clock`.

use std::collections::BTreeSet;
use std::process::Command;

use sea_orm::ConnectionTrait as _;
use sealpost_api::config::{DatabaseUrl, Secret};
use sealpost_shared::paths;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::{Answer, Client};
use sealpost_tests::database;
use sealpost_tests::fakes::{Between, SmsGateway};
use sealpost_tests::given::{Practice, id};
use sealpost_tests::installation::{Installation, Running, text, until};
use serde_json::{Value, json};

fn message(contact: &Value) -> Value {
    json!({ "contact_id": id(contact), "body": "Your results are in.", "secure": true })
}

#[track_caller]
fn says_when_to_come_back(answer: Answer) {
    let seconds: u64 = answer.header("retry-after").expect("a time").parse().expect("seconds");
    assert!((1..=60).contains(&seconds));
    answer.refused(503, "unavailable");
}

/// The checks that `/readyz` fails, in words.
async fn failed(client: &Client) -> Vec<String> {
    let answer = client.get("/readyz").await;
    let checks = answer.json["checks"].as_array().expect("checks").clone();
    let failed = checks.iter().filter(|check| check["ok"] == false);
    failed.map(|check| check["detail"].as_str().expect("words").to_owned()).collect()
}

#[tokio::test]
async fn a_database_that_another_program_holds_takes_no_writes_and_reads_go_on() {
    let app = TestApp::start().await;
    let practice = app.practice().await;
    let jordan = practice.jordan().await;
    // One connection: a transaction by hand must stay on it.
    let other = app.raw_alone().await;
    let held = other.execute_unprepared(match other.get_database_backend() {
        sea_orm::DbBackend::Postgres => "BEGIN; LOCK TABLE messages, clock_marks IN SHARE MODE",
        _ => "BEGIN IMMEDIATE",
    });
    held.await.expect("held");
    let (send, look) = tokio::join!(
        practice.key.post(paths::MESSAGES, message(&jordan)),
        practice.key.get(paths::CONTACTS),
    );
    says_when_to_come_back(send);
    assert_eq!(look.expect(200)["data"].as_array().expect("a list").len(), 1, "reads go on");
    assert_eq!(practice.history(&jordan).await.len(), 0);
    let told = failed(&app.anybody()).await;
    assert!(told.iter().any(|words| words.contains("takes no writes")), "{told:?}");
    other.execute_unprepared("ROLLBACK").await.expect("released");
    practice.key.post(paths::MESSAGES, message(&jordan)).await.expect(201);
    until("its word of it", async || {
        !failed(&app.anybody()).await.iter().any(|words| words.contains("takes no writes"))
    })
    .await;
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 1);
}

/// On PostgreSQL; the wire outlives the server. SQLite is a file of this computer: `a_full_disk…` is what can happen to it.
async fn behind_a_wire() -> Option<(Between, TestApp)> {
    let server = std::env::var("SEALPOST_TEST_POSTGRES_URL").ok()?;
    let (_, rest) = server.split_once('@').expect("a URL");
    let (address, _) = rest.split_once('/').expect("a URL");
    let between = Between::to(address.to_owned()).await;
    let through = between.address().to_owned();
    let app = TestApp::start_with(|config| {
        if let DatabaseUrl::Postgres(url) = &config.database {
            config.database = DatabaseUrl::Postgres(Secret::new(url.expose().replace(address, &through)));
        }
    })
    .await;
    Some((between, app))
}

// The wire works while the end of a test waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_is_told_and_found_again() {
    is_told_and_found_again(Between::cut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_falls_silent_keeps_nobody_waiting_and_is_found_again() {
    is_told_and_found_again(Between::hang).await;
}

async fn is_told_and_found_again(breaks: impl FnOnce(&Between)) {
    let Some((between, app)) = behind_a_wire().await else { return };
    let practice: Practice = app.practice().await;
    let jordan = practice.jordan().await;
    practice.key.post(paths::MESSAGES, message(&jordan)).await.expect(201);
    breaks(&between);
    let (send, look) = tokio::join!(
        practice.key.post(paths::MESSAGES, message(&jordan)),
        practice.key.get(paths::CONTACTS),
    );
    says_when_to_come_back(send);
    says_when_to_come_back(look);
    assert_eq!(app.anybody().get("/healthz").await.status, 204, "the process is well");
    let told = failed(&app.anybody()).await;
    assert!(told.contains(&"the database does not answer".to_owned()), "{told:?}");
    between.mend();
    let key = &practice.key;
    let back = async || key.get(paths::CONTACTS).await.status == 200;
    until("the database", back).await;
    practice.key.post(paths::MESSAGES, message(&jordan)).await.expect(201);
    assert_eq!(practice.history(&jordan).await.len(), 2, "what was acknowledged, and nothing else");
    app.deliver().await;
    assert_eq!(app.gateway.texts().len(), 2);
}

/// A server whose files cannot grow. A disk is as full for everybody; this is as full for one process.
struct Full {
    installation: Installation,
    server: Running,
}

impl Full {
    async fn start(installation: Installation) -> Self {
        let mut command = Command::new("bash");
        // Without this the system ends a process that writes beyond its limit.
        command.args(["-c", "trap '' XFSZ; exec \"$0\" serve"]).arg(&installation.program);
        let ready = installation.command(&[]);
        command.env_clear().envs(&installation.set).env("PATH", "/usr/bin:/bin");
        command.current_dir(ready.get_current_dir().expect("a folder"));
        let server = Running::start(command, installation.folder.path());
        installation.ready().await;
        Self { installation, server }
    }

    fn limit(&self, size: &str) {
        let pid = self.server.child.id().to_string();
        let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={size}:")]).output();
        let set = set.expect("prlimit is there");
        assert!(set.status.success(), "{}", text(&set.stderr));
    }
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_reads_go_on_until_there_is_room() {
    let gateway = SmsGateway::start().await;
    let mut installation = Installation::new().await.with_gateway(&gateway);
    installation.set.insert("SEALPOST_LOG", "off".to_owned());
    let made = installation.bootstrap().await;
    let full = Full::start(installation).await;
    let key = full.installation.client(made["api_key"].as_str());
    let contact = key.post(paths::CONTACTS, json!({ "first_name": "Jordan", "phone": "+15550100142" })).await;
    let contact = contact.expect(201);
    let mut acknowledged = vec![key.post(paths::MESSAGES, message(&contact)).await.expect(201)];
    let journal = full.installation.data().join("sealpost.db-wal");
    let size = std::fs::metadata(&journal).expect("a journal").len();
    full.limit(&(size + 40_000).to_string());
    let mut refused = 0;
    while refused < 3 {
        let phone = format!("+1555{:07}", 3_000_000 + acknowledged.len());
        let contact = json!({ "first_name": "Somebody", "phone": phone });
        let message = json!({ "contact": contact, "body": "Your results are in.", "secure": true });
        let answer = key.post(paths::MESSAGES, message).await;
        if answer.status == 201 {
            acknowledged.push(answer.json);
            assert!(acknowledged.len() < 200, "the disk never got full");
        } else {
            says_when_to_come_back(answer);
            refused += 1;
        }
    }
    key.get(paths::CONTACTS).await.expect(200);
    let stored = database::rows(&full.installation.database(), "SELECT direction FROM messages").await;
    assert_eq!(
        stored.len(),
        acknowledged.len(),
        "reads go on, and nothing is there that was not acknowledged"
    );
    // Not even for the one page that is tried for it.
    full.limit("4096");
    until("the word of it", async || {
        failed(&full.installation.client(None)).await.iter().any(|words| words.contains("disk is full"))
    })
    .await;

    full.limit("unlimited");
    let back = async || {
        let answer = key.post(paths::MESSAGES, message(&contact)).await;
        answer.status == 201
    };
    until("room", back).await;
    full.installation.ready().await;
    until("everything sent", async || database::unsent(&full.installation.database()).await.is_empty()).await;
    // One whose result could not be noted down goes out again under its key.
    let texts = gateway.texts();
    let keys: BTreeSet<_> = texts.iter().map(|text| &text.headers["idempotency-key"]).collect();
    assert_eq!(keys.len(), acknowledged.len() + 1);
    full.installation.done(&["audit", "verify"]).await;
}
