//! The commands.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use sealpost_api::app;
use sealpost_api::clock::{Clock, SystemClock};
use sealpost_api::config::Config;
use sealpost_api::db::Db;
use sealpost_api::entities::clock_mark;
use sealpost_api::secrets::KeyRing;
use sealpost_api::senders::Senders;
use sealpost_api::state::State;
use sealpost_api::{audit, delivery, demo, doctor, key_rotation, staff, telemetry};
use sealpost_shared::staff::Role;

/// Private messages to clients.
#[derive(Parser)]
#[command(name = "sealpost", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A seeded practice with an outbox that catches everything; nothing leaves this computer.
    Demo {
        /// Where to keep its data; a temporary folder when absent.
        #[arg(long)]
        data: Option<PathBuf>,
        #[arg(long, default_value = "127.0.0.1:8080")]
        bind: SocketAddr,
    },
    /// The server and its delivery worker.
    Serve {
        /// Requests only.
        #[arg(long, conflicts_with = "worker")]
        api: bool,
        /// Deliveries only.
        #[arg(long)]
        worker: bool,
    },
    /// Brings the database up to date and stops.
    Migrate,
    /// Administration from the command line.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// The key file.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
    /// The audit log.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Exits with 0 when the server is ready.
    Health,
    /// Says what is missing or wrong and what to do; exits with 1 when something is wrong. Changes nothing.
    Doctor,
}

#[derive(Subcommand)]
enum Admin {
    /// Creates an organization with its first admin and an API key. The password comes from
    /// SEALPOST_ADMIN_PASSWORD or from standard input.
    Bootstrap(Bootstrap),
    /// Takes the time that this computer shows for right, where a later one was seen before. Stop the servers first.
    AcceptClock,
}

#[derive(Subcommand)]
enum Keys {
    /// Makes a new version in the key file and wraps with it what older ones wrapped. Servers may run meanwhile;
    /// stopped anywhere, the next run goes on.
    Rotate {
        /// Which key; of peppers and link keys older versions stay, for what was made with them.
        #[arg(long, default_value = "master", value_parser = ["master", "pepper", "link"])]
        key: String,
        /// Also takes versions of the master key out of the file that nothing in the database needs any more.
        #[arg(long)]
        retire: bool,
    },
    /// Says which versions there are and how much needs each. Changes nothing.
    Status,
}

#[derive(Subcommand)]
enum Audit {
    /// Checks that no entry was changed, removed, moved or added; exits with 1 when one was. Changes nothing.
    Verify {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct Bootstrap {
    /// The organization's name.
    #[arg(long)]
    organization: String,
    /// The admin's email address.
    #[arg(long)]
    email: String,
    /// The admin's name.
    #[arg(long)]
    name: String,
    /// The organization's IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// The organization's phone number, as people should read it.
    #[arg(long)]
    phone: Option<String>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[actix_web::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("sealpost: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo { data, bind } => run_demo(data, bind).await,
        Command::Serve { api, worker } => serve(!worker, !api).await,
        Command::Migrate => {
            let state = open().await?;
            state.db.close().await;
            Ok(())
        }
        Command::Admin { command: Admin::Bootstrap(bootstrap) } => admin_bootstrap(bootstrap).await,
        Command::Keys { command: Keys::Rotate { key, retire } } => keys_rotate(&key, retire).await,
        Command::Keys { command: Keys::Status } => keys_status().await,
        Command::Audit { command: Audit::Verify { json } } => audit_verify(json).await,
        Command::Admin { command: Admin::AcceptClock } => accept_clock().await,
        Command::Openapi => {
            say(&serde_json::to_string_pretty(&app::openapi()?)?);
            Ok(())
        }
        Command::Health => health().await,
        Command::Doctor => doctor().await,
    }
}

/// The installation that the environment describes.
async fn open() -> anyhow::Result<State> {
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

/// What has ended by the later time may count again; that is why nothing does this by itself.
async fn accept_clock() -> anyhow::Result<()> {
    let state = open().await?;
    let now = state.clock.now();
    let db = state.db.before_organization();
    db.write(async |tx| Ok(clock_mark::set(tx, now).await?)).await.map_err(app::explain)?;
    say(&format!("The time is {} from here on. Start the servers.", now.format("%Y-%m-%d %H:%M UTC")));
    state.db.close().await;
    Ok(())
}

async fn serve(requests: bool, deliveries: bool) -> anyhow::Result<()> {
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

/// Nothing of the environment counts but the log: the same demo everywhere.
async fn run_demo(data: Option<PathBuf>, bind: SocketAddr) -> anyhow::Result<()> {
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

async fn admin_bootstrap(bootstrap: Bootstrap) -> anyhow::Result<()> {
    if bootstrap.time_zone.parse::<chrono_tz::Tz>().is_err() {
        bail!("--time-zone must be an IANA time zone, such as America/Chicago");
    }
    if !delivery::has_likeness(&bootstrap.organization) {
        bail!("--organization {}", delivery::NO_LIKENESS);
    }
    let organization = staff::NewOrganization {
        name: bootstrap.organization.parse().context("--organization")?,
        phone: bootstrap.phone,
        time_zone: bootstrap.time_zone,
    };
    let admin = staff::NewUser {
        name: bootstrap.name.parse().context("--name")?,
        email: bootstrap.email.parse().context("--email")?,
        password: Some(password(&Config::from_env()?)?),
        role: Role::Admin,
    };
    // Last: what is refused leaves no database and no key behind.
    let state = open().await?;
    let made = staff::service::bootstrap(&state, organization, admin).await.map_err(app::explain)?;
    state.db.close().await;
    if bootstrap.json {
        say(&serde_json::to_string(&made)?);
    } else {
        say(&format!(
            "organization {}\nadmin        {}\nAPI key      {}  (shown once)",
            made.organization_id, made.user_id, made.api_key
        ));
    }
    Ok(())
}

/// From the environment, asked for at a terminal, or what another program writes.
fn password(config: &Config) -> anyhow::Result<String> {
    use std::io::IsTerminal;
    if let Some(password) = &config.admin_password {
        return Ok(password.expose().to_owned());
    }
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Password of the admin: ")?);
    }
    Ok(std::io::read_to_string(std::io::stdin())?.trim_end_matches(['\r', '\n']).to_owned())
}

/// One line per check.
async fn doctor() -> anyhow::Result<()> {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(mistakes) => {
            mistakes.0.iter().for_each(|mistake| say(&format!("✗ Environment: {mistake}")));
            bail!("the environment must be mended first");
        }
    };
    let lines = doctor::examine(&config).await;
    lines.iter().for_each(|line| say(&line.to_string()));
    let wrong = lines.iter().filter(|line| line.mark == doctor::Mark::Wrong).count();
    if wrong == 0 { Ok(()) } else { bail!("{wrong} of these must be mended") }
}

/// The key file is shared by every server: this changes it in one step, and the database in small ones.
async fn keys_rotate(key: &str, retire: bool) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    telemetry::init(&config.log)?;
    let db = Db::open(&config.database).await.context("cannot open the database")?;
    if !db.is_migrated().await? {
        bail!("the database is older than this program: run `sealpost migrate` first");
    }
    let (path, now) = (&config.key_file, SystemClock.now());
    let tell = &mut |step: key_rotation::Step| {
        say(&step.to_string());
        Ok(())
    };
    key_rotation::rotate(&db, path, key, now, tell).await?;
    if retire {
        key_rotation::retire(&db, path, now, tell).await?;
    }
    db.close().await;
    Ok(())
}

async fn keys_status() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = Db::open_to_look(&config.database).await.context("cannot open the database")?;
    key_rotation::status(&db, &ring).await?.iter().for_each(|line| say(line));
    db.close().await;
    Ok(())
}

/// Looks at the database as it is; a server may be running on it.
async fn audit_verify(json: bool) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = Db::open_to_look(&config.database).await.context("cannot open the database")?;
    if db.pending_migrations().await.context("the database was never set up")? > 0 {
        bail!("the database is older than this program: run `sealpost migrate` first");
    }
    let found = audit::verify_all(&db, &ring).await.context("cannot read the audit log")?;
    db.close().await;
    if json {
        say(&serde_json::to_string_pretty(&found)?);
    } else {
        found.iter().for_each(|chain| say(&chain.to_string()));
    }
    let broken = found.iter().filter(|chain| chain.first_broken.is_some()).count();
    if broken == 0 { Ok(()) } else { bail!("{broken} of {} audit logs are broken", found.len()) }
}

/// Asks the running server.
async fn health() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let address = format!("http://{}/readyz", config.bind);
    let client = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(5)).build()?;
    let answer = client.get(address).send().await.context("no answer")?;
    let ready = answer.status().is_success();
    let text = answer.text().await.unwrap_or_default();
    if ready { Ok(()) } else { bail!("not ready: {text}") }
}

#[expect(clippy::print_stdout, reason = "what a command prints is its result")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "for the person at the terminal; standard output is for results")]
fn complain(text: &str) {
    eprintln!("{text}");
}
