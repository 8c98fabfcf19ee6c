//! Metrics, for whoever runs the server: on a listener of their own, never beside the public's (security.md D36).

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;

use crate::circuit::CircuitState;
use crate::entities::{delivery, staff_mail};
use crate::metrics::written;
use crate::problem::Result;
use crate::state::State;

/// Everything that this process measures.
pub async fn get_metrics(state: Data<State>) -> impl Responder {
    let gauges = gauges(&state).await;
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(state.metrics.text(&gauges))
}

async fn gauges(state: &State) -> Vec<(&'static str, String, f64)> {
    let queues = queues(state).await;
    let worker = state.worker_beat.load(std::sync::atomic::Ordering::Relaxed);
    let mut gauges = vec![("sealpost_database_up", String::new(), f64::from(u8::from(queues.is_ok())))];
    gauges.extend(queues.unwrap_or_default());
    gauges.push(("sealpost_database_statements", String::new(), state.db.statements() as f64));
    for channel in [Channel::Sms, Channel::Email] {
        let open = state.circuits.of(channel).state(state.now()) != CircuitState::Closed;
        let labels = written(&[("channel", channel.as_str())]);
        gauges.push(("sealpost_circuit_open", labels, f64::from(u8::from(open))));
    }
    if worker > 0 {
        let since = state.now().timestamp() - worker;
        gauges.push(("sealpost_worker_looked_seconds_ago", String::new(), since as f64));
    }
    // The format wants all lines of a name together.
    gauges.sort_by_key(|(name, ..)| *name);
    gauges
}

async fn queues(state: &State) -> Result<Vec<(&'static str, String, f64)>> {
    let now = state.now();
    let db = state.db.before_organization().read().await?;
    let mut gauges = Vec::new();
    for (status, count, oldest) in delivery::queue(&db).await? {
        gauges.extend(lines("notices", &status, count, oldest, now));
    }
    for (status, count, oldest) in staff_mail::queue(&db).await? {
        gauges.extend(lines("staff_mails", &status, count, oldest, now));
    }
    Ok(gauges)
}

fn lines(
    queue: &str,
    status: &str,
    count: i64,
    oldest: DateTime<Utc>,
    now: DateTime<Utc>,
) -> [(&'static str, String, f64); 2] {
    let labels = written(&[("queue", queue), ("status", status)]);
    let age = (now - oldest).as_seconds_f64().max(0.0);
    [("sealpost_queue_depth", labels.clone(), count as f64), ("sealpost_queue_oldest_seconds", labels, age)]
}
