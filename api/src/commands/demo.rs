//! `demo`.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use sealpost_api::config::Config;
use sealpost_api::senders::Senders;
use sealpost_api::{app, demo, telemetry};

use super::stop_signal;

/// Nothing of the environment counts but the log: the same demo everywhere.
pub async fn run(data: Option<PathBuf>, bind: SocketAddr) -> anyhow::Result<()> {
    if !bind.ip().is_loopback() {
        bail!("the demo listens on this computer only: give --bind 127.0.0.1:PORT");
    }
    // Kept until the end: dropping it removes the temporary folder.
    let temporary = tempfile::tempdir()?;
    let folder = data.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let log = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("SEALPOST_LOG"));
    let folder = ("SEALPOST_DATA_DIR".to_owned(), folder.display().to_string());
    let mut config = Config::from_pairs(log.chain([folder]))?;
    if std::env::var_os("SEALPOST_LOG").is_none() {
        config.log.filter = "warn".to_owned();
    }
    telemetry::init(&config.log)?;
    let listener = TcpListener::bind(bind).with_context(|| format!("cannot listen on {bind}"))?;
    config.bind_to(listener.local_addr()?);
    let (ring, _) = app::load_keys(&config)?;
    let clock = Arc::new(demo::StoryClock::default());
    let outbox = Arc::new(demo::Outbox::new(clock.clone()));
    let senders = Senders::fixed(Some(outbox.clone()), Some(outbox.clone()));
    let state = app::open(config, ring, clock.clone(), senders).await?;
    let banner = demo::prepare(&state, &clock, &outbox).await.map_err(app::explain)?;
    let worker = actix_web::rt::spawn(app::work(state.clone()));
    let server = app::serve_demo(state.clone(), listener, outbox)?;
    demo::print(&banner);
    stop_signal().await?;
    server.stop().await;
    worker.await.context("the delivery worker failed")?;
    state.db.close().await;
    Ok(())
}
