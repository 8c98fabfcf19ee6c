//! Where everything is put together: what exists, the document that says so, and the server.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{HttpServer, rt};
use anyhow::Context;
use tokio::sync::{Mutex, watch};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::channels::{self, SmtpSender, TwilioSender};
use crate::circuit::Circuits;
use crate::clock::{Clock, HighWater};
use crate::config::{Config, DatabaseUrl};
use crate::crowds::Crowds;
use crate::db::Db;
use crate::demo::Outbox;
use crate::entities::clock_mark;
use crate::floods::Floods;
use crate::health::Document;
use crate::journal::ReadLog;
use crate::metrics::Metrics;
use crate::problem::{Problem, not_found};
use crate::secrets::{self, KeyRing, Secrets};
use crate::senders::{EmailSender, Senders, SmsSender};
use crate::session_tokens::SessionTokens;
use crate::spent::Spent;
use crate::state::{Parts, State};
use crate::streams::Streams;
use crate::{
    api_keys, audit, contact_fields, contacts, conversations, delivery, demo, docs, events, follow_ups,
    health, hooks, housekeeping, invitations, limits, links, openapi, pages, settings, setup, staff,
};

/// How long a read waits until it is written down.
const READS_EVERY: Duration = Duration::from_secs(5);

/// The senders that the operator set up.
pub fn senders(config: &Config) -> anyhow::Result<Senders> {
    let lease = config.delivery.lease;
    let sms = match &config.sms {
        Some(sms) => {
            let client = channels::gateway_client(lease).context("cannot make an HTTP client")?;
            Some(Arc::new(TwilioSender::new(client, sms.clone())) as Arc<dyn SmsSender>)
        }
        None => None,
    };
    let email = match &config.mail {
        Some(mail) => {
            let sender = SmtpSender::new(mail, lease).context("cannot set up mail")?;
            Some(Arc::new(sender) as Arc<dyn EmailSender>)
        }
        None => None,
    };
    Ok(Senders::fixed(sms, email))
}

/// Opens the database, brings its tables up to date, and unlocks the keys.
pub async fn open(
    config: Config,
    ring: KeyRing,
    clock: Arc<dyn Clock>,
    senders: Senders,
) -> anyhow::Result<State> {
    let db = Db::open(&config.database).await.context("cannot open the database")?;
    db.migrate().await.context("cannot bring the database up to date")?;
    let mark = clock_mark::get(&db.before_organization().read().await?).await;
    let high_water = HighWater::at(mark.context("cannot read the clock's mark")?);
    let now = high_water.now(clock.now());
    secrets::check_keys(&db, &ring, now).await?;
    let tokens = SessionTokens::load(&db, &ring, now)
        .await
        .context("cannot open the session keys: does the key file belong to this database?")?;
    let floods = Floods::new(config.limits.strangers);
    let state = State::new(Parts {
        config,
        clock,
        high_water,
        db,
        secrets: Secrets::new(ring),
        tokens,
        senders,
        circuits: Circuits::default(),
        reads: ReadLog::default(),
        crowds: Crowds::default(),
        floods,
        spent: Spent::default(),
        streams: Streams::default(),
        worker_beat: AtomicI64::new(0),
        metrics: Metrics::default(),
        write_probe: Mutex::default(),
        stopping: AtomicBool::new(false),
        closing: watch::Sender::new(false),
        done: watch::Sender::new(false),
    });
    state.keep_clock().await.map_err(explain)?;
    Ok(state)
}

/// Reads the key file. With SQLite it is made on the first start; servers that share a PostgreSQL must
/// share the file, so there it must exist. True when it was made.
pub fn load_keys(config: &Config) -> anyhow::Result<(KeyRing, bool)> {
    // Beside a database that is there already, a new key would only hide that the old one is missing.
    let may_create = matches!(&config.database, DatabaseUrl::Sqlite(path) if !path.exists());
    KeyRing::load(&config.key_file, may_create)
}

/// Every operation. Takes no state, so the document is made without a server.
pub fn routes(config: &mut ServiceConfig) {
    staff::routes::routes(config);
    contact_fields::routes::routes(config);
    staff::account_routes::routes(config);
    staff::session_routes::routes(config);
    staff::passkey_routes::routes(config);
    staff::reset_routes::routes(config);
    invitations::routes::routes(config);
    api_keys::routes::routes(config);
    setup::routes::routes(config);
    channels::routes::routes(config);
    contacts::routes::routes(config);
    conversations::staff_routes::routes(config);
    conversations::scheduled_routes::routes(config);
    links::routes::routes(config);
    settings::routes::routes(config);
    settings::practice_routes::routes(config);
    settings::security_routes::routes(config);
    settings::texts_routes::routes(config);
    settings::sending_routes::routes(config);
    audit::routes::routes(config);
    events::routes::routes(config);
    hooks::routes::routes(config);
    conversations::patient_routes::routes(config);
    health::routes(config);
}

/// The OpenAPI document of this build, as it is handed out.
pub fn openapi() -> serde_json::Result<serde_json::Value> {
    openapi::finish(&operations())
}

/// Every operation, as the code describes it.
fn operations() -> utoipa::openapi::OpenApi {
    let (_, document) =
        actix_web::App::new().into_utoipa_app().openapi(openapi::frame()).configure(routes).split_for_parts();
    openapi::complete(document)
}

/// A server that runs until it is stopped.
pub struct Server {
    pub running: rt::task::JoinHandle<std::io::Result<()>>,
    handle: ServerHandle,
    state: State,
}

impl Server {
    /// Lets requests in hand finish, half a minute at most, and tells event streams to end; then the workers.
    pub async fn stop(&self) {
        self.state.stopping.store(true, Ordering::Relaxed);
        self.state.closing.send_replace(true);
        self.handle.stop(true).await;
        write_reads_down(&self.state).await;
        self.state.done.send_replace(true);
    }

    /// Drops everything: what a crash would do.
    pub async fn kill(&self) {
        self.state.closing.send_replace(true);
        self.state.done.send_replace(true);
        self.handle.stop(false).await;
    }
}

/// Serves on a listener that is bound already.
pub fn serve(state: State, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    serve_with(state, listener, workers, None)
}

/// Serves the demo, whose outbox shows what it caught.
pub fn serve_demo(state: State, listener: TcpListener, outbox: Arc<Outbox>) -> std::io::Result<Server> {
    serve_with(state, listener, 2, Some(outbox))
}

fn serve_with(
    state: State,
    listener: TcpListener,
    workers: usize,
    outbox: Option<Arc<Outbox>>,
) -> std::io::Result<Server> {
    let (data, times) = (Data::new(state.clone()), state.config.limits);
    let methods = Data::new(openapi::Methods::of(&operations()));
    let document = Data::new(Document::of(&openapi()?)?);
    let server = HttpServer::new(move || {
        let outbox = outbox.clone();
        let (app, _) = actix_web::App::new()
            .into_utoipa_app()
            .app_data(data.clone())
            .app_data(methods.clone())
            .app_data(document.clone())
            .app_data(web::PayloadConfig::new(limits::JSON_BYTES))
            .app_data(web::PathConfig::default().error_handler(|_, _| not_found().into()))
            .configure(routes)
            .split_for_parts();
        app.configure(pages::routes)
            .configure(docs::routes::routes)
            .configure(move |config| {
                if let Some(outbox) = outbox {
                    demo::routes::routes(config, outbox);
                }
            })
            .default_service(web::to(openapi::no_such_route))
            .wrap(from_fn(limits::frame))
    })
    .workers(workers)
    .client_request_timeout(times.head)
    .keep_alive(times.keep_alive)
    .on_connect(limits::on_connect(times))
    // A page that goes gives its event stream's place back at once, not with the second beat that nobody takes.
    // What it asked for is done all the same: `limits::frame`.
    .h1_allow_half_closed(false)
    .max_connections((times.connections / workers.max(1)).max(1))
    .shutdown_timeout(30)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    rt::spawn(keep_reads(state.clone()));
    Ok(Server { running: rt::spawn(server), handle, state })
}

/// Writes down who read what, every now and then, until the server closes.
async fn keep_reads(state: State) {
    let mut closing = state.closing.subscribe();
    loop {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => return,
            () = tokio::time::sleep(READS_EVERY) => write_reads_down(&state).await,
        }
    }
}

async fn write_reads_down(state: &State) {
    if let Err(problem) = state.reads.write_down(&state.db, state.now()).await {
        tracing::warn!(problem.code = problem.code.as_str(), "reads wait to be written down");
    }
}

/// Metrics on a listener of their own.
pub fn serve_metrics(state: State, listener: TcpListener) -> std::io::Result<Server> {
    let data = Data::new(state.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .service(limits::place("/metrics", health::get_metrics))
            .wrap(from_fn(limits::frame))
    });
    let server = server.workers(1).disable_signals().shutdown_timeout(1).listen(listener)?.run();
    let handle = server.handle();
    Ok(Server { running: rt::spawn(server), handle, state })
}

/// The delivery worker, what is due at a time and the housekeeping, until the server is done.
pub async fn work(state: State) {
    let closed = || {
        let mut done = state.done.subscribe();
        async move {
            let _ = done.wait_for(|done| *done).await;
        }
    };
    let deliveries = delivery::worker::run(state.clone(), closed());
    let due = follow_ups::run(state.clone(), closed());
    tokio::join!(deliveries, due, housekeeping::run(state.clone()));
}

/// For code outside a request that must say what went wrong.
pub fn explain(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem}")
}
