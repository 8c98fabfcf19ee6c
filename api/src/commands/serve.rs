//! `serve`, and how it stops (security.md D37).

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use sealpost_api::app::Server;
use sealpost_api::state::State;
use sealpost_api::{app, staff};

use super::{complain, open, say, stop_signal};

/// For what the workers have in hand: tries are bounded by their leases, and results wait for a database that is busy.
const WORKERS_PATIENCE: Duration = Duration::from_secs(45);

pub async fn serve(requests: bool, deliveries: bool) -> anyhow::Result<()> {
    let state = open().await?;
    // Both before anything is done: an address that is taken is a mistake to hear of at once.
    let metrics = state.config.metrics_bind.map(listen).transpose()?;
    let public = requests.then(|| listen(state.config.bind)).transpose()?;
    let worker = deliveries.then(|| actix_web::rt::spawn(app::work(state.clone())));
    let metrics = metrics.map(|listener| app::serve_metrics(state.clone(), listener)).transpose()?;
    let server = match public {
        Some(listener) => Some(answer(&state, listener).await?),
        None => None,
    };
    stop_signal().await?;
    if let Some(server) = server {
        stop(&state, &server).await?;
    }
    state.closing.send_replace(true);
    state.done.send_replace(true);
    if let Some(worker) = worker {
        match tokio::time::timeout(WORKERS_PATIENCE, worker).await {
            Ok(ended) => ended.context("the delivery worker failed")?,
            Err(_) => {
                complain("The delivery worker still waits for an answer; its leases end by themselves.")
            }
        }
    }
    if let Some(metrics) = metrics {
        metrics.kill().await;
    }
    state.db.drop_journal().await;
    state.db.close().await;
    Ok(())
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
}

async fn answer(state: &State, listener: TcpListener) -> anyhow::Result<Server> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let server = app::serve(state.clone(), listener, workers)?;
    complain(&format!("Sealpost answers at {}", state.config.origin()));
    state.config.posture().iter().for_each(|line| complain(&format!("  {line}")));
    if let Some(link) = staff::service::first_start(state).await.map_err(app::explain)? {
        say(&setup_banner(&link));
    }
    Ok(server)
}

/// `/readyz` says no, a balancer sees it, and only then nobody is let in. A second word ends the waiting.
async fn stop(state: &State, server: &Server) -> anyhow::Result<()> {
    state.stopping.store(true, Ordering::Relaxed);
    tokio::select! {
        () = tokio::time::sleep(state.config.stop_delay) => {}
        again = stop_signal() => again?,
    }
    server.stop().await;
    Ok(())
}

fn setup_banner(link: &str) -> String {
    format!(
        "\n  Nobody can sign in yet. Open this link to set Sealpost up:\n\n  {link}\n\n  \
         It works once, for 30 minutes. Start the server again for a fresh one.\n"
    )
}
