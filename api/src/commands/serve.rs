//! `serve`.

use std::net::TcpListener;

use anyhow::Context;
use sealpost_api::{app, staff};

use super::{complain, open, say, stop_signal};

pub async fn serve(requests: bool, deliveries: bool) -> anyhow::Result<()> {
    let state = open().await?;
    let worker = deliveries.then(|| actix_web::rt::spawn(app::work(state.clone())));
    if requests {
        let bind = state.config.bind;
        let listener = TcpListener::bind(bind).with_context(|| format!("cannot listen on {bind}"))?;
        let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let server = app::serve(state.clone(), listener, workers)?;
        complain(&format!("Sealpost answers at {}", state.config.origin()));
        state.config.posture().iter().for_each(|line| complain(&format!("  {line}")));
        if let Some(link) = staff::service::first_start(&state).await.map_err(app::explain)? {
            say(&setup_banner(&link));
        }
        stop_signal().await?;
        server.stop().await;
    } else {
        stop_signal().await?;
        state.closing.send_replace(true);
    }
    if let Some(worker) = worker {
        worker.await.context("the delivery worker failed")?;
    }
    state.db.close().await;
    Ok(())
}

fn setup_banner(link: &str) -> String {
    format!(
        "\n  Nobody can sign in yet. Open this link to set Sealpost up:\n\n  {link}\n\n  \
         It works once, for 30 minutes. Start the server again for a fresh one.\n"
    )
}
