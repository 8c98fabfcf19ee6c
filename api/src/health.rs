//! For whoever runs the server: is the process there, and can it do its work.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpResponse, Responder, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::entities::clock_mark;
use crate::setup;
use crate::state::State;

mod metrics;

pub use metrics::get_metrics;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_health).service(get_readiness).service(get_openapi);
}

/// A worker that has not looked for this long is taken for dead.
const BEAT_SECONDS: i64 = 30;
const CLOCK_BEHIND: &str = "this computer's clock was set back: it shows a time that is over. Until it is right, the \
    latest time that was seen counts";
const KEY_FILE_WRONG: &str = "the key file is missing, damaged, or not the one this server works with. It goes on with \
    the keys it has, and will not start again until the right file is back";
/// How long an answer about writes counts: `/readyz` can be asked by anybody, and a write costs.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// Shorter than those who ask are patient.
const PROBE_PATIENCE: Duration = Duration::from_secs(4);
/// The least free space, of the whole disk.
const FREE_PERCENT: u64 = 5;

/// One thing that must be right, and what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    pub ready: bool,
    pub checks: Vec<Check>,
}

/// What may be asked of `/healthz`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HealthQuery {
    /// 22 letters and digits: the header `X-Sealpost-Answer` then proves which installation answers.
    challenge: Option<String>,
}

/// The process answers.
#[utoipa::path(tag = "health", params(HealthQuery), responses((status = 204, description = "The process answers")))]
#[get("/healthz")]
pub async fn get_health(state: Data<State>, query: Query<HealthQuery>) -> impl Responder {
    let mut response = HttpResponse::NoContent();
    if let Some(answer) = query.challenge.as_deref().and_then(|challenge| setup::answer(&state, challenge)) {
        response.insert_header((setup::ANSWER_HEADER, answer));
    }
    response.finish()
}

/// The server can do its work: clock, database, writes, migrations, worker, keys, disk.
#[utoipa::path(tag = "health", responses(
    (status = 200, body = Readiness),
    (status = 503, body = Readiness, description = "Something is wrong; `checks` says what"),
))]
#[get("/readyz")]
pub async fn get_readiness(state: Data<State>) -> impl Responder {
    let readiness = readiness(&state).await;
    let mut response = if readiness.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(readiness)
}

/// The OpenAPI 3.1 document of this build.
#[utoipa::path(tag = "health", responses((status = 200, description = "An OpenAPI 3.1 document", body = serde_json::Value)))]
#[get("/openapi.json")]
pub async fn get_openapi(document: Data<Document>) -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The document's text, made once.
pub struct Document(Bytes);

impl Document {
    pub fn of(document: &serde_json::Value) -> serde_json::Result<Self> {
        serde_json::to_vec(document).map(|json| Self(json.into()))
    }
}

pub async fn readiness(state: &State) -> Readiness {
    let answers = state.db.answers().await;
    let migrated = answers && state.db.is_migrated().await.unwrap_or(false);
    let writes = answers && takes_writes(state).await;
    let beat = state.worker_beat.load(Ordering::Relaxed);
    let (behind, off) = clock(state).await;
    let checks = vec![
        check("clock", !behind, CLOCK_BEHIND),
        check(
            "database_clock",
            !off,
            "this computer's clock and the database's differ by more than 5 minutes",
        ),
        check("database", answers, "the database does not answer"),
        check(
            "writes",
            !answers || writes,
            "the database takes no writes: its disk is full, or another program holds it; reads go on",
        ),
        check("migrations", migrated, "the database's tables are not those of this version"),
        check("keys", state.secrets.ring().is_sound(), KEY_FILE_WRONG),
        check("worker", beat_is_fresh(state, beat), "the delivery worker does not answer"),
        check("disk", disk_has_room(state), "less than 5 % of the disk is free"),
        check("accepting", !state.stopping.load(Ordering::Relaxed), "the server is stopping"),
    ];
    Readiness { ready: checks.iter().all(|check| check.ok), checks }
}

/// Tried for all who ask within a second: one write, which changes nothing.
async fn takes_writes(state: &State) -> bool {
    let mut probe = state.write_probe.lock().await;
    if let Some((_, took)) = probe.filter(|(when, _)| when.elapsed() < PROBE_EVERY) {
        return took;
    }
    let now = state.now();
    let write = state.db.before_organization().write(async |tx| Ok(clock_mark::probe(tx, now).await?));
    let took = matches!(tokio::time::timeout(PROBE_PATIENCE, write).await, Ok(Ok(())));
    *probe = Some((Instant::now(), took));
    took
}

/// Whether the clock is behind what it showed before, and whether the database's shows another time. What cannot
/// be asked is the database's check to tell.
async fn clock(state: &State) -> (bool, bool) {
    if let Ok(db) = state.db.before_organization().read().await
        && let Ok(Some(mark)) = clock_mark::get(&db).await
    {
        state.high_water.raise(mark);
    }
    (state.is_clock_behind(), state.is_off_the_database().await.unwrap_or(false))
}

fn check(name: &'static str, ok: bool, wrong: &'static str) -> Check {
    Check { name, ok, detail: (!ok).then_some(wrong) }
}

/// Zero: this process has no worker, so nothing is missing.
fn beat_is_fresh(state: &State, beat: i64) -> bool {
    beat == 0 || state.now().timestamp() - beat < BEAT_SECONDS
}

/// Unknown counts as room: a file system that does not say is no reason to stop.
fn disk_has_room(state: &State) -> bool {
    let directory = &state.config.data_dir;
    match (fs4::available_space(directory), fs4::total_space(directory)) {
        (Ok(free), Ok(total)) => free >= total / 100 * FREE_PERCENT,
        _ => true,
    }
}
