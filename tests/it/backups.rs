//! A copy made while the server works, and life after it was brought back.

use std::fs::FileTimes;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use chrono::TimeDelta;
use sealpost_api::backup;
use sealpost_api::config::DatabaseUrl;
use sealpost_shared::paths;
use sealpost_tests::app::{TestApp, today};
use sealpost_tests::client::Client;
use sealpost_tests::fakes::{GatewayAnswer, SmsGateway};
use sealpost_tests::given::{PASSWORD, id, token_in};
use sealpost_tests::installation::{Installation, until};
use serde_json::{Value, json};

/// The installation that a backup is made of, where its secret half is, and where backups go.
struct Kept {
    installation: Installation,
    key: PathBuf,
    file: PathBuf,
}

impl Kept {
    async fn new() -> Self {
        let mut installation = Installation::on_this_engine().await;
        let [key, file] = ["backup.key", "copy.sealpost"].map(|name| installation.folder.path().join(name));
        let public = installation.done(&["keys", "backup", word(&key)]).await;
        installation.set.insert("SEALPOST_BACKUP_RECIPIENTS", public.trim().to_owned());
        Self { installation, key, file }
    }

    async fn back_up(&self) -> String {
        self.installation.done(&["backup", word(&self.file)]).await
    }

    /// A new place with the same key file and nothing else.
    async fn elsewhere(&self) -> Installation {
        let mut other = Installation::new().await.with_database().await;
        std::fs::create_dir_all(other.data()).expect("a folder");
        std::fs::copy(self.installation.data().join("master.key"), other.data().join("master.key"))
            .expect("the key file");
        for (name, value) in &self.installation.set {
            other.set.entry(name).or_insert_with(|| value.clone());
        }
        other
    }

    fn restore<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["restore", word(&self.file), "--key", word(&self.key)], more].concat()
    }
}

fn word(path: &Path) -> &str {
    path.to_str().expect("a name")
}

async fn contact(client: &Client, name: &str, phone: &str) -> Value {
    client.post(paths::CONTACTS, json!({ "first_name": name, "phone": phone })).await.expect(201)
}

async fn send(client: &Client, contact: &Value, body: &str) -> Value {
    let message = json!({ "contact_id": id(contact), "body": body, "secure": true });
    client.post(paths::MESSAGES, message).await.expect(201)
}

/// Sends one message after the other until it is told to stop; those that were acknowledged.
fn load(client: Client, from: usize, stop: Arc<AtomicBool>) -> tokio::task::JoinHandle<Vec<Value>> {
    tokio::spawn(async move {
        let mut sent = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let contact =
                json!({ "first_name": "Somebody", "phone": format!("+1555{:07}", from + sent.len()) });
            let message = json!({ "contact": contact, "body": "Under load", "secure": true });
            sent.push(client.post(paths::MESSAGES, message).await.expect(201));
        }
        sent
    })
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one drill, from the first message to the last")]
async fn a_restore_from_a_backup_under_load_sends_nothing_and_revives_nothing() {
    let gateway = SmsGateway::start().await;
    let mut kept = Kept::new().await;
    kept.installation = kept.installation.with_gateway(&gateway);
    // Long enough that no try outlives it, however busy this computer is.
    kept.installation.set.insert("SEALPOST_DELIVERY_LEASE", "10s".to_owned());
    let made = kept.installation.bootstrap().await;
    let mut server = kept.installation.serve().await;
    let key = kept.installation.client(made["api_key"].as_str());
    let (jordan, sam) =
        (contact(&key, "Jordan", "+15550100142").await, contact(&key, "Sam", "+15550100143").await);
    let first = send(&key, &jordan, "Delivered before the backup").await;
    send(&key, &sam, "Sam's secret").await;
    until("two texts", async || gateway.texts().len() == 2).await;
    let to_jordan = gateway.texts().into_iter().find(|text| text.to == "+15550100142").expect("a text");
    let token = token_in(&to_jordan.body);
    let desk = kept.installation.client(None);
    let sign_in = json!({ "email": "amy.lee@riverside.example", "password": PASSWORD });
    desk.post(paths::SESSION, &sign_in).await.expect(200);
    let patient = kept.installation.client(None);
    let entered = patient.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await.expect(200);
    let thread = format!("{}/{}/messages", paths::CHAT, entered["conversation_id"].as_str().expect("an id"));
    patient.get(&thread).await.expect(200);

    // The gateway is down when the backup is made: much waits.
    gateway.will_answer(std::iter::repeat_n(GatewayAnswer::Broken, 100_000));
    let stop = Arc::<AtomicBool>::default();
    let loads: Vec<_> = (0..3)
        .map(|number| {
            let client = kept.installation.client(made["api_key"].as_str());
            load(client, 3_000_000 + 100_000 * number, stop.clone())
        })
        .collect();
    // Five that fail in a row, and it is left alone for a while.
    until("tries", async || gateway.requests().len() > 5).await;
    let waiting = send(&key, &jordan, "It waits when the backup is made").await;
    let said = kept.back_up().await;
    stop.store(true, Ordering::Relaxed);
    let mut acknowledged = 0;
    for load in loads {
        acknowledged += load.await.expect("a load").len();
    }
    assert!(acknowledged > 0 && said.contains("contact keys in"), "{said}");
    let second = contact(&key, "Kim", "+15550100144").await;

    // After the backup: somebody is erased, a link and a key are revoked.
    let third = send(&key, &jordan, "A link that is revoked later").await;
    key.delete(&format!("{}/{}", paths::CONTACTS, id(&sam))).await.expect(204);
    key.post(&format!("{}/{}/revoke", paths::LINKS, id(&first["link"])), json!({})).await.expect(200);
    let log = kept.installation.folder.path().join("audit.log");
    kept.installation.done(&["audit", "append", word(&log)]).await;
    assert!(kept.installation.done(&["audit", "append", word(&log)]).await.starts_with("0 entries"));
    server.kill();
    let (tries, texts) = (gateway.requests(), gateway.texts().len());

    let other = kept.elsewhere().await;
    let said = other.done(&kept.restore(&["--log", word(&log)])).await;
    assert!(said.contains("1 clients erased, 1 links") && said.contains("0 API keys"), "{said}");
    assert!(said.contains("admin release") && said.contains("lost since the backup: message.sent"), "{said}");
    let doctor = other.run(&["doctor"]).await;
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("wait for review"), "the doctor says so");
    other.done(&["audit", "verify"]).await;

    let _server = other.serve().await;
    gateway.forget_script();
    let key = other.client(made["api_key"].as_str());
    let status = async |message: &Value| {
        let message = key.get(&format!("{}/{}", paths::MESSAGES, id(message))).await.expect(200);
        message["deliveries"][0]["status"].as_str().expect("a status").to_owned()
    };
    assert_eq!(status(&first).await, "sent");
    assert_eq!(status(&waiting).await, "needs_review");
    key.get(&format!("{}/{}", paths::CONTACTS, id(&second))).await.refused(404, "not_found");
    key.get(&format!("{}/{}", paths::MESSAGES, id(&third))).await.refused(404, "not_found");

    // Nobody comes back by what they had.
    for (client, cookies, path) in
        [(&desk, desk.cookies(), paths::SESSION), (&patient, patient.cookies(), &thread)]
    {
        assert!(!cookies.is_empty());
        let at_the_new_one = other.client(None);
        at_the_new_one.set_cookies(client.cookies());
        assert_eq!(at_the_new_one.get(path).await.status, 401, "{path}");
    }
    let opened = other.client(None).post(paths::SECURE_LINKS_OPEN, json!({ "token": token })).await;
    assert_eq!(opened.status, 404, "a revoked link stays revoked: {}", opened.text);
    key.get(&format!("{}/{}", paths::CONTACTS, id(&sam))).await.refused(404, "not_found");
    let contacts = "SELECT 'one' FROM contacts WHERE deleted_at IS NULL";
    let contacts = sealpost_tests::database::rows(&other.database(), contacts).await.len();
    let keys = sealpost_tests::database::count(&other.database(), "contact_keys").await;
    assert_eq!(keys, contacts, "one each, and none of Sam's");

    // The worker works: what is new goes out, what waited does not.
    let kim = contact(&key, "Kim", "+15550100145").await;
    let fresh = send(&key, &kim, "After the restore").await;
    until("the new text", async || gateway.texts().len() == texts + 1).await;
    until("its settling", async || status(&fresh).await == "sent").await;
    assert_eq!(gateway.requests().len(), tries.len() + 1, "nothing of before was tried");

    let said = other.done(&["admin", "release", "--send"]).await;
    let released: usize = said.split(' ').next().expect("a number").parse().expect("a number");
    assert!(released > 0, "{said}");
    until("what waited", async || gateway.requests().len() == tries.len() + 1 + released).await;
    for text in &gateway.requests()[tries.len() + 1..] {
        let same = |other: &&sealpost_tests::fakes::Text| {
            other.headers["idempotency-key"] == text.headers["idempotency-key"]
        };
        if let Some(earlier) = tries.iter().find(same) {
            assert_eq!(earlier.body, text.body, "the same key, the same words");
        }
    }
    until("its settling", async || status(&waiting).await == "sent").await;
    assert!(other.done(&["admin", "release", "--drop"]).await.starts_with("0 notices"));
}

#[tokio::test]
async fn without_a_log_every_key_of_an_integrator_ends_and_what_waited_can_be_dropped() {
    let gateway = SmsGateway::start().await;
    gateway.will_answer(std::iter::repeat_n(GatewayAnswer::Broken, 1_000));
    let mut kept = Kept::new().await;
    kept.installation = kept.installation.with_gateway(&gateway);
    let made = kept.installation.bootstrap().await;
    let server = kept.installation.serve().await;
    let key = kept.installation.client(made["api_key"].as_str());
    let jordan = contact(&key, "Jordan", "+15550100142").await;
    let waiting = send(&key, &jordan, "The gateway is down").await;
    kept.back_up().await;
    drop(server);
    let other = kept.elsewhere().await;
    let tries = gateway.requests().len();
    let said = other.done(&kept.restore(&["--no-log"])).await;
    assert!(said.contains("1 notices wait for review") && said.contains("1 API keys"), "{said}");
    let _server = other.serve().await;
    other.client(made["api_key"].as_str()).get(paths::CONTACTS).await.refused(401, "unauthenticated");
    let desk = other.client(None);
    let sign_in = json!({ "email": "amy.lee@riverside.example", "password": PASSWORD });
    desk.post(paths::SESSION, &sign_in).await.expect(200);
    other.done(&["admin", "release", "--drop"]).await;
    let message = desk.get(&format!("{}/{}", paths::MESSAGES, id(&waiting))).await.expect(200);
    assert_eq!(message["deliveries"][0]["status"], "canceled");
    assert_eq!(message["deliveries"][0]["failure"]["code"], "restored");
    assert_eq!(gateway.requests().len(), tries);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one refusal after the other, on one backup")]
async fn what_cannot_be_restored_is_refused_in_words_and_leaves_nothing() {
    let mut kept = Kept::new().await;
    kept.installation.bootstrap().await;
    kept.back_up().await;
    let told = kept.installation.refused(&["backup", word(&kept.file)]).await;
    assert!(told.contains("is there already"), "{told}");
    let told = kept.installation.refused(&kept.restore(&["--no-log"])).await;
    assert!(told.contains("empty"), "{told}");

    let other = kept.elsewhere().await;
    let nothing_there = || match other.database() {
        DatabaseUrl::Sqlite(path) => assert!(!path.exists()),
        DatabaseUrl::Postgres(_) => {}
    };
    let told = other.refused(&["restore", word(&kept.file), "--key", word(&kept.key)]).await;
    assert!(told.contains("--log") && told.contains("--no-log"), "{told}");
    let stranger = other.folder.path().join("other.key");
    other.done(&["keys", "backup", word(&stranger)]).await;
    let told = other.refused(&["restore", word(&kept.file), "--key", word(&stranger), "--no-log"]).await;
    assert!(told.contains("made for another key"), "{told}");
    nothing_there();

    let (file, keys) = (kept.file.clone(), PathBuf::from(format!("{}.contact-keys", word(&kept.file))));
    for part in [&file, &keys] {
        let whole = std::fs::read(part).expect("a backup");
        std::fs::write(part, &whole[..whole.len() - 7]).expect("a cut");
        let told = other.refused(&kept.restore(&["--no-log"])).await;
        assert!(told.contains("cut off"), "{told}");
        nothing_there();
        let mut changed = whole.clone();
        let middle = whole.len() - 40;
        changed[middle] ^= 1;
        std::fs::write(part, changed).expect("a change");
        let told = other.refused(&kept.restore(&["--check"])).await;
        assert!(told.contains("cut off or changed"), "{told}");
        std::fs::write(part, whole).expect("mended");
    }
    let away = other.folder.path().join("away");
    std::fs::rename(&keys, &away).expect("moved");
    let told = other.refused(&kept.restore(&["--no-log"])).await;
    assert!(told.contains("contact-keys is missing"), "{told}");
    std::fs::rename(&away, &keys).expect("moved back");

    std::fs::rename(other.data().join("master.key"), other.data().join("right.key")).expect("moved");
    let told = other.refused(&kept.restore(&["--no-log"])).await;
    assert!(told.contains("key file") && told.contains("missing"), "{told}");
    std::fs::copy(
        Installation::on_this_engine().await.data().join("master.key"),
        other.data().join("master.key"),
    )
    .expect("another key file");
    let told = other.refused(&kept.restore(&["--no-log"])).await;
    assert!(told.contains("not the one this backup's database was made with"), "{told}");
    nothing_there();
    std::fs::rename(other.data().join("right.key"), other.data().join("master.key")).expect("moved back");

    assert!(other.done(&kept.restore(&["--check"])).await.contains("1 organizations"));
    other.done(&kept.restore(&["--no-log"])).await;
    let told = other.refused(&kept.restore(&["--no-log"])).await;
    assert!(told.contains("empty"), "{told}");
}

#[tokio::test]
async fn a_copy_holds_no_names_in_the_clear_and_no_contact_keys_beyond_their_time() {
    let mut kept = Kept::new().await;
    let made = kept.installation.bootstrap().await;
    let _server = kept.installation.serve().await;
    contact(&kept.installation.client(made["api_key"].as_str()), "Jordan", "+15550100142").await;
    let bare = kept.installation.set.remove("SEALPOST_BACKUP_RECIPIENTS").expect("it was set");
    let told = kept.installation.refused(&["backup", word(&kept.file)]).await;
    assert!(told.contains("SEALPOST_BACKUP_RECIPIENTS") && !kept.file.exists(), "{told}");
    kept.installation.set.insert("SEALPOST_BACKUP_RECIPIENTS", bare);
    let old = kept.installation.folder.path().join("old.sealpost.contact-keys");
    let young = kept.installation.folder.path().join("young.sealpost.contact-keys");
    for (path, days) in [(&old, 36), (&young, 34)] {
        let file = std::fs::File::create(path).expect("a file");
        let then = SystemTime::from(today() - TimeDelta::days(days));
        file.set_times(FileTimes::new().set_modified(then)).expect("a time");
    }
    let said = kept.back_up().await;
    assert!(
        said.contains("old.sealpost.contact-keys was removed") && !old.exists() && young.exists(),
        "{said}"
    );
    for part in [kept.file.clone(), PathBuf::from(format!("{}.contact-keys", word(&kept.file)))] {
        let bytes = std::fs::read(part).expect("a part");
        for canary in ["Jordan", "contacts", "Riverside", "contact_keys"] {
            assert!(!bytes.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary}");
        }
    }
}

#[tokio::test]
async fn a_backup_older_than_contact_keys_are_kept_needs_the_log() {
    let app = TestApp::start().await;
    app.practice().await;
    let mut other = Installation::new().await.with_database().await;
    let [key, file] = ["backup.key", "copy.sealpost"].map(|name| other.folder.path().join(name));
    let public = other.done(&["keys", "backup", word(&key)]).await;
    let recipients = [public.trim().parse().expect("a key")];
    let then = today() - TimeDelta::days(36);
    backup::take(&app.state().db, &recipients, &file, then).await.expect("a backup");
    let of_app =
        app.environment().into_iter().find(|(name, _)| *name == "SEALPOST_KEY_FILE").expect("a key file");
    other.set.extend([of_app]);
    let restore = ["restore", word(&file), "--key", word(&key)];
    let told = other.refused(&[&restore[..], &["--no-log"]].concat()).await;
    assert!(told.contains("older than 35 days"), "{told}");
    let log = other.folder.path().join("audit.log");
    backup::append(&app.state().db, &log).await.expect("a log");
    other.done(&[&restore[..], &["--log", word(&log)]].concat()).await;
    let told =
        backup::append(&sealpost_api::db::Db::open(&other.database()).await.expect("open"), &log).await;
    assert_eq!(told.expect("the same life goes on until something else is written"), 1);
}
