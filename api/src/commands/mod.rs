//! What each command does. Services do the work; here are arguments, what is printed, and when to stop.

pub mod admin;
pub mod backup;
pub mod checks;
pub mod demo;
pub mod keys;
pub mod serve;

use std::sync::Arc;

use anyhow::Context;
use sealpost_api::clock::SystemClock;
use sealpost_api::config::{Config, DatabaseUrl};
use sealpost_api::db::Db;
use sealpost_api::state::State;
use sealpost_api::{app, telemetry};

/// The installation that the environment describes.
pub async fn open() -> anyhow::Result<State> {
    let config = Config::from_env()?;
    telemetry::init(&config.log)?;
    let (ring, made) = app::load_keys(&config)?;
    if made {
        let path = config.key_file.display();
        complain(&format!(
            "A new master key is in {path}. Back it up: without it the database cannot be read."
        ));
    }
    let senders = app::senders(&config)?;
    app::open(config, ring, Arc::new(SystemClock), senders).await
}

/// Up to date, with the keys that belong to it.
pub async fn migrate() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    if !matches!(&config.database, DatabaseUrl::Sqlite(path) if !path.exists()) {
        let db = Db::open(&config.database).await.context("cannot open the database")?;
        db.migrate_and_mend().await.context("cannot bring the database up to date")?;
        db.close().await;
    }
    let state = open().await?;
    state.db.close().await;
    Ok(())
}

/// Ctrl+C, or a service manager's polite word.
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what a command prints is its result")]
pub fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "for the person at the terminal; standard output is for results")]
pub fn complain(text: &str) {
    eprintln!("{text}");
}
