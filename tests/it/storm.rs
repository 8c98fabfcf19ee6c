//! Many clients, a server that is killed again and again, and the books afterwards. `STORM_MESSAGES=3000
//! STORM_KILLS=50` is the whole form; without them it is a small one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sealpost_shared::paths;
use sealpost_tests::database;
use sealpost_tests::fakes::SmsGateway;
use sealpost_tests::installation::{Installation, until};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const CLIENTS: usize = 64;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Randomness that can be repeated: the seed is printed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Sends message after message, each until it is acknowledged; ids by number.
async fn client(
    http: reqwest::Client,
    url: String,
    key: String,
    next: Arc<AtomicUsize>,
    messages: usize,
    acknowledged: Arc<AtomicUsize>,
) -> Vec<(usize, String)> {
    let mut sent = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if number >= messages {
            return sent;
        }
        let contact = json!({ "first_name": format!("Client {number}"), "phone": format!("+1555{:07}", 2_000_000 + number) });
        let message = json!({ "contact": contact, "body": format!("Message {number}"), "secure": true });
        let id = loop {
            let call = http.post(&url).bearer_auth(&key).json(&message);
            let answer = call.header(paths::IDEMPOTENCY_KEY, format!("storm-{number}")).send().await;
            match answer {
                Ok(answer) if answer.status() == 201 => {
                    if let Ok(message) = answer.json::<Value>().await {
                        break message["id"].as_str().expect("an id").to_owned();
                    }
                }
                // Nobody there, or somebody who says when to come back.
                Ok(answer) => assert!(
                    matches!(answer.status().as_u16(), 409 | 429 | 500 | 503),
                    "{number}: {}",
                    answer.text().await.unwrap_or_default()
                ),
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        acknowledged.fetch_add(1, Ordering::SeqCst);
        sent.push((number, id));
    }
}

/// Tries that a worker had in hand: each may have reached the gateway without being noted down.
async fn in_hand(installation: &Installation) -> BTreeSet<String> {
    let id = if installation.set.contains_key("SEALPOST_DATABASE_URL") { "id::text" } else { "hex(id)" };
    let sql =
        format!("SELECT {id} || ' ' || CAST(attempts AS TEXT) FROM deliveries WHERE status = 'sending'");
    database::rows(&installation.database(), &sql).await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_kills_loses_nothing_and_doubles_only_what_was_in_hand() {
    let (messages, kills) = (number("STORM_MESSAGES", 300), number("STORM_KILLS", 8));
    let gateway = SmsGateway::start().await;
    let (twice, in_hand) = storm(&gateway, messages, kills).await;
    assert!(twice <= in_hand, "{twice} twice, and {in_hand} were in hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_before_a_gateway_that_can_be_asked_doubles_nothing() {
    let (messages, kills) = (number("STORM_MESSAGES", 300) / 3, number("STORM_KILLS", 8) / 2);
    let gateway = SmsGateway::start().await;
    gateway.keeps_lists();
    let (twice, _) = storm(&gateway, messages, kills).await;
    assert_eq!(twice, 0);
}

/// How many texts were taken twice, and how many tries were in hand at the kills.
#[expect(clippy::too_many_lines, reason = "one storm, and what is left of it")]
async fn storm(gateway: &SmsGateway, messages: usize, kills: usize) -> (usize, usize) {
    let seed = number("STORM_SEED", uuid::Uuid::new_v4().as_u128() as u32 as usize);
    eprintln!("STORM_SEED={seed}");
    let mut dice = Dice(seed as u64);
    let mut installation = Installation::on_this_engine().await.with_gateway(gateway);
    // Long enough that no try outlives it, however busy this computer is.
    installation.set.insert("SEALPOST_DELIVERY_LEASE", "10s".to_owned());
    installation.set.insert("SEALPOST_LOG", "error".to_owned());
    let made = installation.bootstrap().await;
    let key = made["api_key"].as_str().expect("a key").to_owned();
    let mut server = installation.serve().await;
    let url = format!("http://{}{}", installation.address, paths::MESSAGES);
    let http =
        reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
    let (next, acknowledged) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(client(
            http.clone(),
            url.clone(),
            key.clone(),
            next.clone(),
            messages,
            acknowledged.clone(),
        ));
    }
    let mut lost_hold_of = BTreeSet::new();
    for kill in 1..=kills {
        // Spread over the whole storm: not before its share of the messages, and some time more.
        let share = messages * kill / (kills + 1);
        until("progress", async || acknowledged.load(Ordering::SeqCst) >= share).await;
        tokio::time::sleep(Duration::from_millis(dice.roll(400))).await;
        server.kill();
        lost_hold_of.extend(in_hand(&installation).await);
        server = installation.serve().await;
    }
    let mut ids = BTreeMap::new();
    while let Some(sent) = clients.join_next().await {
        ids.extend(sent.expect("a client"));
    }
    let sending = started.elapsed();
    until_long("everything settled", async || database::unsent(&installation.database()).await.is_empty())
        .await;
    let whole = started.elapsed();

    assert_eq!(ids.len(), messages);
    assert_eq!(ids.values().collect::<BTreeSet<_>>().len(), messages, "an id each");
    let tables = database::tables(&installation.database()).await;
    for table in ["messages", "contacts", "links", "deliveries"] {
        assert_eq!(tables[table].len(), messages, "{table}: one a message");
    }
    let states = database::rows(&installation.database(), "SELECT DISTINCT status FROM deliveries").await;
    assert_eq!(states, ["sent"]);
    let mut taken: BTreeMap<String, (String, String, usize)> = BTreeMap::new();
    for text in gateway.texts() {
        let key = text.headers["idempotency-key"].clone();
        let first = taken.entry(key).or_insert_with(|| (text.to.clone(), text.body.clone(), 0));
        assert_eq!((&first.0, &first.1), (&text.to, &text.body), "one key, one number, one text");
        first.2 += 1;
    }
    assert_eq!(taken.len(), messages, "every delivery reached the gateway under a key of its own");
    let twice = taken.values().map(|(_, _, count)| count - 1).sum::<usize>();
    let (in_hand, requests) = (lost_hold_of.len(), gateway.requests().len());
    eprintln!(
        "{messages} messages by {CLIENTS} clients, {kills} kills: acknowledged in {sending:.1?}, all sent in \
         {whole:.1?}; {requests} requests to the gateway, {twice} twice, {in_hand} in hand at the kills"
    );
    installation.done(&["audit", "verify"]).await;
    (twice, in_hand)
}

async fn until_long(what: &str, holds: impl AsyncFn() -> bool) {
    let looking = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), looking)
        .await
        .unwrap_or_else(|_| panic!("{what} never came"));
}
