//! The process dies at the points of security.md D18, and the books are right afterwards. P4 (the gateway has the
//! request, its answer is not there yet) needs no point: the gateway sees the moment. P7 is in `receipts`, P12 does not
//! exist: nothing is kept outside the database.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sealpost_api::config::DatabaseUrl;
use sealpost_shared::paths;
use sealpost_tests::client::Client;
use sealpost_tests::database;
use sealpost_tests::fakes::{FROM, GatewayAnswer, SmsGateway, signature};
use sealpost_tests::given::{id, token_in};
use sealpost_tests::installation::{Installation, Running, reqwest_client, text, until};
use sealpost_tests::program::{binary, crashing};
use serde_json::{Value, json};

/// A practice with one client, on a server that dies where it is told to.
struct World {
    gateway: SmsGateway,
    installation: Installation,
    key: String,
    contact: Value,
}

impl World {
    async fn new() -> Self {
        let gateway = SmsGateway::start().await;
        let mut installation = Installation::on_this_engine().await.with_gateway(&gateway);
        installation.program = crashing().await.to_owned();
        let made = installation.bootstrap().await;
        let key = made["api_key"].as_str().expect("a key").to_owned();
        let server = installation.serve().await;
        let contact = json!({ "first_name": "Jordan", "phone": "+15550100142" });
        let contact = installation.client(Some(&key)).post(paths::CONTACTS, contact).await.expect(201);
        drop(server);
        Self { gateway, installation, key, contact }
    }

    fn client(&self) -> Client {
        self.installation.client(Some(&self.key))
    }

    async fn serve_to_die_at(&mut self, point: &str) -> Running {
        self.installation.set.insert("CRASH_AT", point.to_owned());
        let running = self.installation.serve().await;
        self.installation.set.remove("CRASH_AT");
        running
    }

    /// A call that may find nobody to answer it.
    async fn call(&self, method: reqwest::Method, path: &str, key: Option<&str>, body: Value) -> Option<u16> {
        let url = format!("http://{}{path}", self.installation.address);
        let mut call = reqwest_client().request(method, url).header(paths::REQUEST_HEADER, "1").json(&body);
        if let Some(key) = key {
            call = call.bearer_auth(&self.key).header(paths::IDEMPOTENCY_KEY, key);
        }
        call.send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// The gateway hands a text over.
    async fn text_in(&self, form: &[(&str, &str)]) -> Option<u16> {
        let url = format!("http://{}{}", self.installation.address, paths::HOOKS_TWILIO_INBOUND);
        // Over the address that the public knows.
        let signed = signature(&url.replace("127.0.0.1", "localhost"), form);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let call = reqwest_client().post(url).header("x-twilio-signature", signed).body(body);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        call.send().await.ok().map(|answer| answer.status().as_u16())
    }

    fn message(&self) -> Value {
        json!({ "contact_id": id(&self.contact), "body": "Your results are in.", "secure": true })
    }

    async fn send(&self, key: &str) -> Option<u16> {
        self.call(reqwest::Method::POST, paths::MESSAGES, Some(key), self.message()).await
    }

    async fn history(&self) -> Vec<Value> {
        let path = format!("{}/{}/messages", paths::CONTACTS, id(&self.contact));
        self.client().get(&path).await.expect(200)["data"].as_array().expect("a list").clone()
    }

    /// What holds after every crash, once all is quiet.
    async fn books_are_right(&self, messages: usize) {
        until("the settling", async || {
            let history = self.history().await;
            history.iter().all(|message| message["deliveries"][0]["status"] == "sent")
        })
        .await;
        assert_eq!(self.history().await.len(), messages);
        let mut bodies: BTreeMap<String, String> = BTreeMap::new();
        for request in self.gateway.requests() {
            let key = request.headers["idempotency-key"].clone();
            let first = bodies.entry(key).or_insert_with(|| request.body.clone());
            assert_eq!(*first, request.body, "one key, one text");
        }
        assert_eq!(bodies.len(), messages, "each message once by its key");
        self.installation.done(&["audit", "verify"]).await;
    }
}

async fn died(mut server: Running, point: &str) {
    let died =
        tokio::task::spawn_blocking(move || server.child.wait().expect("a child")).await.expect("joined");
    assert!(!died.success(), "{point} was passed by");
}

/// A newer one of the gateway's answers is not given before the server is gone.
#[tokio::test]
async fn a_send_that_dies_anywhere_is_one_message_and_one_text() {
    // Where, how the call ends, and how often the gateway is asked in all: at P5 and P6 it had the text already.
    for (point, acknowledged, requests) in
        [("P1", false, 1), ("P2", false, 1), ("P3", true, 1), ("P5", true, 2), ("P6", true, 2)]
    {
        let mut world = World::new().await;
        let server = world.serve_to_die_at(point).await;
        let answer = world.send("key-1").await;
        if !acknowledged {
            assert_eq!(answer, None, "{point}");
        }
        died(server, point).await;
        assert_eq!(world.gateway.requests().len(), requests - 1, "{point}");
        let _server = world.installation.serve().await;
        assert_eq!(world.history().await.len(), usize::from(point != "P1"), "{point}");
        assert_eq!(world.send("key-1").await, Some(201), "{point}: the repeat");
        world.books_are_right(1).await;
        assert_eq!(world.gateway.requests().len(), requests, "{point}");
    }
}

#[tokio::test]
async fn a_gateway_that_has_the_request_is_asked_again_with_the_same_key_p4() {
    let world = World::new().await;
    world.gateway.will_answer([GatewayAnswer::Hang]);
    let mut server = world.installation.serve().await;
    assert_eq!(world.send("key-1").await, Some(201));
    until("the request", async || world.gateway.requests().len() == 1).await;
    server.kill();
    let _server = world.installation.serve().await;
    world.books_are_right(1).await;
    assert_eq!(world.gateway.requests().len(), 2);
}

impl World {
    /// A text with a link that asks for a PIN.
    async fn link_with_pin(&self) -> String {
        let path = format!("{}/{}/pin", paths::CONTACTS, id(&self.contact));
        self.client().put(&path, json!({ "pin": "739154" })).await.expect(204);
        self.client().post(paths::MESSAGES, self.message()).await.expect(201);
        until("a text", async || !self.gateway.texts().is_empty()).await;
        self.books_are_right(1).await;
        token_in(&self.gateway.texts()[0].body)
    }

    async fn column(&self, sql: &str) -> Vec<String> {
        database::rows(&self.installation.database(), sql).await
    }
}

#[tokio::test]
async fn a_pin_that_was_counted_stays_counted_p8_p9() {
    for point in ["P8", "P9"] {
        let mut world = World::new().await;
        let server = world.installation.serve().await;
        let token = world.link_with_pin().await;
        drop(server);
        let server = world.serve_to_die_at(point).await;
        let tried = json!({ "token": token, "pin": "739154" });
        let answer = world.call(reqwest::Method::POST, paths::SECURE_LINKS_VERIFY_PIN, None, tried).await;
        assert_eq!(answer, None, "{point}");
        died(server, point).await;
        let left = world.column("SELECT CAST(window_left AS TEXT) FROM link_guards").await;
        assert_eq!(left, ["4"], "{point}: a try is a try");
        assert_eq!(world.column("SELECT 'a session' FROM patient_sessions").await, [""; 0], "{point}");
        let _server = world.installation.serve().await;
        world.installation.client(None).verify_pin(&token, "739154").await.expect(200);
        let left = world.column("SELECT CAST(window_left AS TEXT) FROM link_guards").await;
        assert_eq!(left, ["5"], "{point}: and the right one gives it back");
    }
}

#[tokio::test]
async fn a_new_link_that_was_made_is_not_made_again_p11() {
    let mut world = World::new().await;
    // The text may be on its way when the server dies.
    world.gateway.keeps_lists();
    let server = world.installation.serve().await;
    assert_eq!(world.send("key-1").await, Some(201));
    until("a text", async || world.gateway.texts().len() == 1).await;
    world.books_are_right(1).await;
    let token = token_in(&world.gateway.texts()[0].body);
    drop(server);
    database::execute(&world.installation.database(), "UPDATE links SET expires_at = created_at").await;
    let server = world.serve_to_die_at("P11").await;
    let asked = json!({ "token": token });
    let answer = world.call(reqwest::Method::POST, paths::SECURE_LINKS_RELINK, None, asked.clone()).await;
    assert_eq!(answer, None);
    died(server, "P11").await;
    let _server = world.installation.serve().await;
    let again = world.call(reqwest::Method::POST, paths::SECURE_LINKS_RELINK, None, asked).await;
    assert_eq!(again, Some(202));
    until("the new link's text", async || world.gateway.texts().len() == 2).await;
    assert_eq!(world.column("SELECT 'a link' FROM links").await.len(), 2, "one new one");
    until("all settled", async || {
        world.column("SELECT status FROM deliveries").await.iter().all(|status| status == "sent")
    })
    .await;
    assert_eq!(world.gateway.requests().len(), 2);
}

#[tokio::test]
async fn a_text_that_came_in_is_taken_once_p10() {
    let mut world = World::new().await;
    let server = world.serve_to_die_at("P10").await;
    let form = [("MessageSid", "SM1"), ("From", "+15550100142"), ("To", FROM), ("Body", "I am better.")];
    assert_eq!(world.text_in(&form).await, None, "the gateway hears nothing");
    died(server, "P10").await;
    let _server = world.installation.serve().await;
    // Nobody told the gateway: it says it again, and again.
    for _ in 0..2 {
        assert_eq!(world.text_in(&form).await, Some(204));
    }
    let history = world.history().await;
    assert_eq!(history.len(), 1, "{history:?}");
    assert_eq!(history[0]["body"], "I am better.");
    world.installation.done(&["audit", "verify"]).await;
}

#[tokio::test]
async fn somebody_whose_key_is_gone_is_erased_p13() {
    let mut world = World::new().await;
    let server = world.serve_to_die_at("P13").await;
    let path = format!("{}/{}", paths::CONTACTS, id(&world.contact));
    assert_eq!(world.call(reqwest::Method::DELETE, &path, Some("key-1"), json!({})).await, None);
    died(server, "P13").await;
    assert_eq!(world.column("SELECT 'a key' FROM contact_keys").await, [""; 0]);
    let _server = world.installation.serve().await;
    world.client().get(&path).await.refused(404, "not_found");
    world.installation.done(&["audit", "verify"]).await;
}

#[tokio::test]
async fn a_migration_that_dies_half_way_is_run_again_p14() {
    for statement in [1, 9, 30, 60, 90] {
        let mut installation = Installation::new().await;
        if let Some(DatabaseUrl::Postgres(url)) = database::create_bare().await {
            installation = Installation::on_this_engine().await;
            installation.set.insert("SEALPOST_DATABASE_URL", url.expose().to_owned());
        }
        installation.program = crashing().await.to_owned();
        installation.set.insert("CRASH_AT", format!("P14:{statement}"));
        assert!(!installation.run(&["migrate"]).await.status.success(), "{statement} was passed by");
        installation.program = binary().await.to_owned();
        installation.set.remove("CRASH_AT");
        installation.done(&["migrate"]).await;
        installation.bootstrap().await;
        let said = installation.done(&["doctor"]).await;
        assert!(said.contains("its tables are those of this version"), "{statement}: {said}");
    }
}

#[tokio::test]
async fn the_log_that_is_kept_elsewhere_has_each_entry_once_p15() {
    let mut world = World::new().await;
    let file = world.installation.folder.path().join("audit.log");
    let append = ["audit", "append", file.to_str().expect("a name")];
    world.installation.set.insert("CRASH_AT", "P15".to_owned());
    assert!(!world.installation.run(&append).await.status.success(), "P15 was passed by");
    world.installation.set.remove("CRASH_AT");
    // The power went in the middle of a line.
    let cut = std::fs::read(&file).expect("a log");
    std::fs::write(&file, &cut[..cut.len() - 9]).expect("cut");
    world.installation.done(&append).await;
    let lines = text(&std::fs::read(&file).expect("a log"));
    let numbers: Vec<u64> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).expect("an entry")["sequence"].as_u64().expect("a number")
        })
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let stored = world.column("SELECT CAST(audit_sequence AS TEXT) FROM organization_heads").await;
    assert_eq!(stored, [numbers.len().to_string()]);
    assert!(world.installation.done(&append).await.starts_with("0 entries"));
}

#[tokio::test]
async fn what_is_shipped_has_no_point_to_die_at() {
    let has = async |program: PathBuf| {
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(program).expect("a program"));
        let bytes = bytes.await.expect("joined");
        bytes.windows(8).any(|part| part == b"CRASH_AT")
    };
    assert!(has(crashing().await.to_owned()).await, "the test would see one");
    assert!(!has(binary().await.to_owned()).await);
    // The tests' own crate must not switch it on for all.
    let manifest = include_str!("../Cargo.toml");
    assert!(!manifest.contains("crash-points"));
}
