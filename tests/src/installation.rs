//! The program as an operator runs it: a folder, a database, a port and what is set; real processes, a real clock.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use sealpost_api::config::DatabaseUrl;
use sealpost_api::secrets::KeyRing;
use serde_json::Value;
use tempfile::TempDir;

use crate::client::Client;
use crate::database;
use crate::fakes::{self, SmsGateway};
use crate::given::PASSWORD;
use crate::program::binary;

/// One installation. On SQLite unless it is made by [`Installation::on_this_engine`].
pub struct Installation {
    pub folder: TempDir,
    pub address: String,
    pub set: BTreeMap<&'static str, String>,
    pub program: PathBuf,
}

impl Installation {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        let set = [
            ("SEALPOST_DATA_DIR", folder.path().join("data").display().to_string()),
            ("SEALPOST_BIND", address.clone()),
            // Balancers are not waited for.
            ("SEALPOST_STOP_DELAY", "0s".to_owned()),
        ];
        Self { folder, address, set: set.into(), program: binary().await.to_owned() }
    }

    /// On the database that the tests run on, with a key file, as several servers would share them.
    pub async fn on_this_engine() -> Self {
        let installation = Self::new().await;
        let key = installation.data().join("master.key");
        KeyRing::load(&key, true).expect("a key file");
        installation.with_database().await
    }

    /// A database of its own, empty on SQLite.
    pub async fn with_database(mut self) -> Self {
        if let DatabaseUrl::Postgres(url) = database::create(self.folder.path()).await {
            self.set.insert("SEALPOST_DATABASE_URL", url.expose().to_owned());
        }
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn database(&self) -> DatabaseUrl {
        match self.set.get("SEALPOST_DATABASE_URL") {
            Some(url) => DatabaseUrl::Postgres(sealpost_api::config::Secret::new(url.clone())),
            None => DatabaseUrl::Sqlite(self.data().join("sealpost.db")),
        }
    }

    #[must_use]
    pub fn with_gateway(mut self, gateway: &SmsGateway) -> Self {
        self.set.extend([
            ("SEALPOST_SMS_URL", gateway.url().to_owned()),
            ("SEALPOST_SMS_ACCOUNT_SID", fakes::ACCOUNT_SID.to_owned()),
            ("SEALPOST_SMS_AUTH_TOKEN", fakes::AUTH_TOKEN.to_owned()),
            ("SEALPOST_SMS_FROM", fakes::FROM.to_owned()),
            // The process has a clock that nobody can move.
            ("SEALPOST_DELIVERY_LEASE", "1s".to_owned()),
        ]);
        self
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).env_clear().envs(&self.set).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub async fn run(&self, words: &[&str]) -> Output {
        let mut command = self.command(words);
        tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("it runs")
    }

    /// What a command that succeeds says.
    pub async fn done(&self, words: &[&str]) -> String {
        let output = self.run(words).await;
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a command that is refused complains of.
    pub async fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words).await;
        assert!(!output.status.success(), "{words:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }

    pub async fn bootstrap(&mut self) -> Value {
        self.set.insert("SEALPOST_ADMIN_PASSWORD", PASSWORD.to_owned());
        let words =
            "admin bootstrap --json --organization Riverside --name Amy --email amy.lee@riverside.example";
        let output = self.run(&words.split(' ').collect::<Vec<_>>()).await;
        self.set.remove("SEALPOST_ADMIN_PASSWORD");
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object and nothing else")
    }

    /// A server, perhaps not answering yet.
    pub fn start(&self, words: &[&str]) -> Running {
        Running::start(self.command(words), self.folder.path())
    }

    /// A server that answers.
    pub async fn serve(&self) -> Running {
        let running = self.start(&["serve"]);
        self.ready().await;
        running
    }

    pub async fn ready(&self) {
        until("a server that is ready", async || self.asked("/readyz").await == Some(200)).await;
    }

    /// The status that a path is answered with; none when nobody answers.
    pub async fn asked(&self, path: &str) -> Option<u16> {
        let asked = reqwest_client().get(format!("http://{}{path}", self.address)).send().await;
        asked.ok().map(|answer| answer.status().as_u16())
    }

    pub fn client(&self, key: Option<&str>) -> Client {
        Client::new(reqwest_client(), &format!("http://{}", self.address), key.map(ToOwned::to_owned))
    }
}

/// A child that dies with the test.
pub struct Running {
    pub child: Child,
    said: PathBuf,
}

impl Running {
    pub fn start(mut command: Command, folder: &Path) -> Self {
        let said = folder.join("said");
        let file = std::fs::File::create(&said).expect("a file");
        let complaints = std::fs::File::create(folder.join("complained")).expect("a file");
        let child = command.stdout(file).stderr(complaints).spawn().expect("it starts");
        Self { child, said }
    }

    /// SIGKILL: no goodbye.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was alive");
        self.child.wait().expect("it is gone");
    }

    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.said).expect("text")
    }

    /// What it logged.
    pub fn complained(&self) -> String {
        std::fs::read_to_string(self.said.with_file_name("complained")).expect("text")
    }

    /// SIGTERM, as a service manager stops it.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killed by the test already, perhaps.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn reqwest_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Another process tells nobody here when it is done: looks until this holds.
pub async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let looking = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), looking)
        .await
        .unwrap_or_else(|_| panic!("{what} never came"));
}
