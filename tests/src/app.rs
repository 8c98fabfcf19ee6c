//! A real server for one test, with its own database, a clock that is moved by hand, and fakes that listen.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IntoActiveModel,
    Set, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sealpost_api::clock::ManualClock;
use sealpost_api::config::{Config, DatabaseUrl};
use sealpost_api::delivery::worker;
use sealpost_api::entities::message;
use sealpost_api::secrets::KeyRing;
use sealpost_api::state::State;
use sealpost_api::{bootstrap, follow_ups, staff};
use sealpost_shared::staff::Role;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::LocalSet;

use crate::client::Client;
use crate::database;
use crate::fakes::{self, SmsGateway, SmtpServer};
use crate::given::{Practice, id};

/// A Monday morning; no month end, leap day or change of clocks near.
const START: &str = "2026-03-02T15:00:00Z";

#[expect(clippy::disallowed_methods, reason = "the browser under test asks the machine, too")]
pub fn today() -> DateTime<Utc> {
    Utc::now()
}

pub struct TestApp {
    pub clock: Arc<ManualClock>,
    pub gateway: SmsGateway,
    pub mail: SmtpServer,
    config: Config,
    state: State,
    server: Option<Server>,
    base: String,
    http: reqwest::Client,
    folder: TempDir,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With a clock that starts where a browser's does: pages count with their own.
    pub async fn start_today() -> Self {
        Self::start_at(today(), |_| {}).await
    }

    /// As `serve` starts with nothing configured, with a browser's clock.
    pub async fn start_bare_today() -> Self {
        Self::start_at(today(), |config| (config.sms, config.mail) = (None, None)).await
    }

    /// With a configuration that `change` has changed.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_at(START.parse::<DateTime<Utc>>().expect("a time"), change).await
    }

    async fn start_at(now: DateTime<Utc>, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (gateway, mail) = (SmsGateway::start().await, SmtpServer::start().await);
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let key_file = folder.path().join("master.key");
        let mut config = Config::from_pairs([
            ("SEALPOST_DATA_DIR", &*folder.path().to_string_lossy()),
            ("SEALPOST_KEY_FILE", &*key_file.to_string_lossy()),
            ("SEALPOST_SMS_URL", gateway.url()),
            ("SEALPOST_SMS_ACCOUNT_SID", fakes::ACCOUNT_SID),
            ("SEALPOST_SMS_AUTH_TOKEN", fakes::AUTH_TOKEN),
            ("SEALPOST_SMS_FROM", fakes::FROM),
            ("SEALPOST_SMTP_URL", mail.url()),
            ("SEALPOST_MAIL_FROM", "Sealpost <messages@sealpost.example>"),
        ])
        .expect("a configuration");
        config.database = database::create(folder.path()).await;
        config.bind_to(address);
        change(&mut config);
        let clock = Arc::new(ManualClock::at(now));
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = http.build().expect("a client");
        let state = open(&config, &clock).await;
        let server = Some(Server::start(&state, listener));
        Self { clock, gateway, mail, config, state, server, base: format!("http://{address}"), http, folder }
    }

    /// Kills the server, as a power cut would, and starts it again on the same database and port.
    pub async fn restart(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill().await;
        }
        self.state = open(&self.config, &self.clock).await;
        let address = self.base.trim_start_matches("http://");
        let listener = TcpListener::bind(address).expect("the port is free again");
        self.server = Some(Server::start(&self.state, listener));
    }

    /// Runs the delivery worker until nothing is due.
    pub async fn deliver(&self) {
        deliver(&self.state).await;
    }

    /// A server of its own on the same database, as one that runs elsewhere.
    pub async fn second(&self) -> Second {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut config = self.config.clone();
        config.bind_to(address);
        let state = open(&config, &self.clock).await;
        let _server = Server::start(&state, listener);
        Second { state, base: format!("http://{address}"), http: self.http.clone(), _server }
    }

    /// Runs the delivery worker and lets it die once this holds.
    pub async fn deliver_until(&self, holds: impl Fn(&SmsGateway) -> bool) {
        let waiting = async {
            while !holds(&self.gateway) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = self.deliver() => panic!("the worker was done first"),
            () = waiting => {}
        }
    }

    /// An organization with its first admin, by the function behind `admin bootstrap`: its id and its key.
    pub async fn bootstrap(&self, name: &str, email: &str, user: &str, password: &str) -> (String, String) {
        let organization = staff::NewOrganization {
            name: name.parse().expect("a name"),
            phone: Some("(555) 010-0100".to_owned()),
            time_zone: "America/Chicago".to_owned(),
        };
        let admin = staff::NewUser {
            name: user.parse().expect("a name"),
            email: email.parse().expect("an address"),
            password: Some(password.to_owned()),
            role: Role::Admin,
        };
        let made = bootstrap::bootstrap(&self.state, organization, admin).await.expect("an organization");
        (made.organization_id.to_string(), made.api_key)
    }

    /// Somebody with a browser of their own.
    pub fn anybody(&self) -> Client {
        Client::new(self.http.clone(), &self.base, None)
    }

    pub fn with_key(&self, key: &str) -> Client {
        Client::new(self.http.clone(), &self.base, Some(key.to_owned()))
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// The public URL, as links carry it.
    pub fn origin(&self) -> String {
        self.config.origin()
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    fn database(&self) -> &DatabaseUrl {
        &self.config.database
    }

    /// A connection beside the server's own, where the database is PostgreSQL.
    pub async fn postgres(&self) -> Option<DatabaseConnection> {
        let connection = database::connect(self.database()).await;
        (connection.get_database_backend() == DbBackend::Postgres).then_some(connection)
    }

    /// A connection that may do whatever the owner of the database may.
    pub async fn raw(&self) -> DatabaseConnection {
        database::connect_as(self.database(), "rw").await
    }

    /// The same, on one connection for as long as it lives.
    pub async fn raw_alone(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(database::address(self.database(), "rw"));
        options.max_connections(1).min_connections(1);
        sea_orm::Database::connect(options).await.expect("a connection")
    }

    /// For what no call can bring about yet.
    pub async fn execute(&self, sql: &str) {
        database::execute(self.database(), sql).await;
    }

    /// As somebody who owns the database can: entries of the audit log take changes from here on.
    pub async fn allow_changes_of_audit(&self) {
        let sql: &[&str] = match self.state.db.backend() {
            DbBackend::Postgres => &["ALTER TABLE audit_entries DISABLE TRIGGER USER"],
            _ => &["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
        };
        for sql in sql {
            self.audit_sql(sql).await;
        }
    }

    pub async fn audit_sql(&self, sql: &str) {
        self.raw().await.execute_unprepared(sql).await.expect("it is done");
    }

    /// Keeps everybody from writing where tries are counted, until it is dropped: on SQLite the one writer, on
    /// PostgreSQL those tables.
    pub async fn hold_writer(&self) -> DatabaseTransaction {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let held = self.raw().await.begin_with_options(options).await.expect("a transaction");
        if held.get_database_backend() == DbBackend::Postgres {
            let lock = "LOCK TABLE budgets, account_guards, link_guards, contact_guards IN EXCLUSIVE MODE";
            held.execute_unprepared(lock).await.expect("held");
        }
        held
    }

    /// What a command needs to find this database.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let database = match self.database() {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        };
        vec![
            ("SEALPOST_DATABASE_URL", database),
            ("SEALPOST_DATA_DIR", self.folder.path().display().to_string()),
            ("SEALPOST_KEY_FILE", self.config.key_file.display().to_string()),
        ]
    }

    /// Who read what, written down as the server does every few seconds.
    pub async fn write_reads_down(&self) {
        self.state.reads.write_down(&self.state.db, self.state.now()).await.expect("written down");
    }

    /// For what only a broken database does.
    pub async fn alter(&self, sql: &str) {
        database::alter(self.database(), sql).await;
    }

    /// Every row of every table, as text.
    pub async fn tables(&self) -> BTreeMap<String, Vec<String>> {
        database::tables(self.database()).await
    }

    pub async fn columns(&self) -> BTreeMap<String, Vec<String>> {
        database::columns(self.database()).await
    }

    pub async fn columns_of_text(&self) -> BTreeMap<String, Vec<String>> {
        database::columns_of_text(self.database()).await
    }

    /// A message's body as it is stored.
    pub async fn sealed_body(&self, practice: &Practice, message: &Value) -> Vec<u8> {
        self.message_row(practice, message).await.sealed_body
    }

    pub async fn set_sealed_body(&self, practice: &Practice, message: &Value, sealed: Vec<u8>) {
        let mut row = self.message_row(practice, message).await.into_active_model();
        row.sealed_body = Set(sealed);
        row.update(&self.raw().await).await.expect("it is done");
    }

    async fn message_row(&self, practice: &Practice, message: &Value) -> message::Model {
        let organization = practice.organization_id.parse().expect("an id");
        let found = message::get(&self.raw().await, organization, id(message).parse().expect("an id")).await;
        found.expect("an answer").expect("a message")
    }

    pub async fn keys(&self) -> BTreeMap<String, database::Keys> {
        database::keys(self.database()).await
    }

    /// What lies on the disk of the database.
    pub async fn stored_bytes(&self) -> Vec<u8> {
        database::stored_bytes(self.database(), self.folder.path()).await
    }
}

/// What is due at this time goes into the queue, and all of the queue out.
async fn deliver(state: &State) {
    worker::run_until_idle(state).await.expect("the worker");
    while follow_ups::run_due(state).await.expect("what is due") > 0 {
        worker::run_until_idle(state).await.expect("the worker");
    }
}

/// Another process, as far as anything in memory goes.
pub struct Second {
    state: State,
    base: String,
    http: reqwest::Client,
    _server: Server,
}

impl Second {
    pub async fn deliver(&self) {
        deliver(&self.state).await;
    }

    /// Somebody with a browser of their own, at this server.
    pub fn anybody(&self) -> Client {
        Client::new(self.http.clone(), &self.base, None)
    }

    pub fn with_key(&self, key: &str) -> Client {
        Client::new(self.http.clone(), &self.base, Some(key.to_owned()))
    }

    pub fn state(&self) -> &State {
        &self.state
    }
}

async fn open(config: &Config, clock: &Arc<ManualClock>) -> State {
    let (ring, _) = KeyRing::load(&config.key_file, true).expect("keys");
    let senders = sealpost_api::app::senders(config).expect("senders");
    sealpost_api::app::open(config.clone(), ring, clock.clone(), senders).await.expect("the server opens")
}

/// A server on a thread of its own: actix wants one. It dies when this is dropped.
pub(crate) struct Server {
    thread: std::thread::JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Server {
    fn start(state: &State, listener: TcpListener) -> Self {
        let state = state.clone();
        Self::run(move || sealpost_api::app::serve(state, listener, 1))
    }

    pub(crate) fn run(
        serve: impl FnOnce() -> std::io::Result<sealpost_api::app::Server> + Send + 'static,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let serving = async move {
            let server = serve().expect("the server starts");
            let _ = stopped.await;
            server.kill().await;
        };
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            LocalSet::new().block_on(&runtime, serving);
        });
        Self { thread, stop }
    }

    async fn kill(self) {
        drop(self.stop);
        tokio::task::spawn_blocking(|| self.thread.join())
            .await
            .expect("joined")
            .expect("the server did not panic");
    }
}

impl Drop for TestApp {
    /// A notice that a test forgot is a notice that somebody waits for.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let unsent = std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(database::unsent(self.database()))
            });
            looking.join().expect("a look")
        });
        assert!(unsent.is_empty(), "not sent: {unsent:?}; deliver it, or say why not");
    }
}
