//! The demo, as `sealpost demo` starts it: its own database, its story, its outbox.

use std::net::TcpListener;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sealpost_api::config::Config;
use sealpost_api::delivery::worker;
use sealpost_api::demo::{self, Outbox, StoryClock};
use sealpost_api::senders::Senders;
use sealpost_api::state::State;
use sealpost_api::{app, secrets};
use sealpost_shared::demo::OutboxItem;
use sealpost_shared::paths;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::Server;
use crate::client::{Answer, Client};
use crate::database;

pub struct DemoApp {
    pub clock: Arc<StoryClock>,
    pub outbox: Arc<Outbox>,
    /// What the command prints.
    pub banner: String,
    pub state: State,
    origin: String,
    base: String,
    http: reqwest::Client,
    _server: Server,
    _folder: TempDir,
}

impl DemoApp {
    /// With its story told, as of `today`, where its clock stays. Texts go out when a test says so.
    pub async fn start_at(today: DateTime<Utc>) -> Self {
        let demo = Self::open(Some(today), "0s,10s,30s").await;
        demo.clock.set(today);
        demo
    }

    /// With the machine's clock and a worker that tries again in a second, as somebody who looks at it has it.
    pub async fn start_live() -> Self {
        let demo = Self::open(None, "0s,3s").await;
        tokio::spawn(worker::run(demo.state.clone(), std::future::pending()));
        demo
    }

    async fn open(today: Option<DateTime<Utc>>, schedule: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let config = [
            ("SEALPOST_DATA_DIR", &*folder.path().to_string_lossy()),
            ("SEALPOST_DELIVERY_SCHEDULE", schedule),
        ];
        let mut config = Config::from_pairs(config).expect("a configuration");
        config.database = database::create(folder.path()).await;
        config.bind_to(address);
        let (ring, _) = secrets::KeyRing::load(&config.key_file, true).expect("keys");
        let clock = Arc::new(StoryClock::default());
        if let Some(today) = today {
            clock.set(today);
        }
        let outbox = Arc::new(Outbox::new(clock.clone()));
        let senders = Senders::fixed(Some(outbox.clone()), Some(outbox.clone()));
        let origin = config.origin();
        let state = app::open(config, ring, clock.clone(), senders).await.expect("the demo opens");
        let banner =
            demo::prepare(&state, &clock, &outbox).await.expect("the story holds together").to_string();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let (serving, shown) = (state.clone(), outbox.clone());
        let server = Server::run(move || app::serve_demo(serving, listener, shown));
        let base = format!("http://{address}");
        Self { clock, outbox, banner, state, origin, base, http, _server: server, _folder: folder }
    }

    pub async fn deliver(&self) {
        worker::run_until_idle(&self.state).await.expect("the worker");
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What follows `words` in the banner, up to a space.
    pub fn told(&self, words: &str) -> String {
        let (_, rest) =
            self.banner.split_once(words).unwrap_or_else(|| panic!("{words:?} in {}", self.banner));
        rest.chars().take_while(|c| !c.is_whitespace()).collect()
    }

    pub fn anybody(&self) -> Client {
        Client::new(self.http.clone(), &self.base, None)
    }

    pub fn key(&self) -> Client {
        Client::new(self.http.clone(), &self.base, Some(self.told("key ")))
    }

    /// Dr. Lee at the desk.
    pub async fn desk(&self) -> Client {
        let desk = self.anybody();
        desk.post(paths::SESSION_ONE_TIME, json!({ "token": self.told("/desk#once=") })).await.expect(200);
        desk
    }

    /// The contact with this first name.
    pub async fn contact(&self, name: &str) -> Value {
        let page = self.key().get(&format!("{}?q={name}", paths::CONTACTS)).await.expect(200);
        page["data"][0].clone()
    }

    /// Somebody writes to the practice.
    pub async fn writes(&self, channel: &str, from: &str, body: &str) -> Answer {
        let to = if channel == "sms" { "+15550100100" } else { "messages@riverside.example" };
        self.ask(paths::DEMO_INBOUND, json!({ "channel": channel, "from": from, "to": to, "body": body }))
            .await
    }

    /// The next one fails.
    pub async fn breaks(&self, channel: &str, to: &str, fault: &str) -> Answer {
        self.ask(paths::DEMO_FAULTS, json!({ "channel": channel, "to": to, "fault": fault })).await
    }

    /// A call of the page's own, which the document rightly does not know.
    pub async fn ask(&self, path: &str, body: Value) -> Answer {
        let caller = self.anybody();
        caller.call(reqwest::Method::POST, path).undocumented().json(body).send().await
    }

    /// Texts and emails to somebody, oldest first.
    pub fn arrived(&self, to: &str) -> Vec<OutboxItem> {
        let mut items: Vec<_> = self.outbox.items().into_iter().filter(|item| item.to == to).collect();
        items.reverse();
        items
    }
}
