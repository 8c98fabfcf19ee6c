//! The commands.

mod commands;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{admin, backup, checks, complain, demo, keys, say, serve};
use sealpost_api::app;

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
    /// Brings the database up to date and stops. Puts row-level security up again where somebody took from it.
    Migrate,
    /// Administration from the command line.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Writes a copy of everything to FILE and FILE.contact-keys, encrypted for SEALPOST_BACKUP_RECIPIENTS. Servers
    /// may run meanwhile. Contact keys beside it that are older than 35 days are removed.
    Backup { file: PathBuf },
    /// Brings a backup into an empty place. Nothing that waited is sent and nobody is signed in afterwards.
    Restore(backup::Restore),
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
    Bootstrap(admin::Bootstrap),
    /// Takes the time that this computer shows for right, where a later one was seen before. Stop the servers first.
    AcceptClock,
    /// Decides about the notices that a restore held back.
    Release(backup::Release),
}

#[derive(Subcommand)]
enum Keys {
    /// Makes a new version in the key file and wraps with it what older ones wrapped. Servers may run meanwhile;
    /// stopped anywhere, the next run goes on.
    Rotate(keys::Rotation),
    /// Says which versions there are and how much needs each. Changes nothing.
    Status,
    /// Makes a pair of keys for backups: the secret half in FILE, which belongs in another place than this computer;
    /// prints the public half, for SEALPOST_BACKUP_RECIPIENTS.
    Backup { file: PathBuf },
}

#[derive(Subcommand)]
enum Audit {
    /// Checks that no entry was changed, removed, moved or added; exits with 1 when one was. Changes nothing.
    Verify {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Adds to FILE the entries that it does not have yet, a line of JSON each: kept in another place, it tells
    /// `restore` what must not come back.
    Append { file: PathBuf },
}

#[actix_web::main]
pub async fn main() -> ExitCode {
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
        Command::Demo { data, bind } => demo::run(data, bind).await,
        Command::Serve { api, worker } => serve::serve(!worker, !api).await,
        Command::Migrate => commands::migrate().await,
        Command::Admin { command: Admin::Bootstrap(bootstrap) } => admin::make_organization(bootstrap).await,
        Command::Keys { command: Keys::Rotate(rotation) } => keys::rotate(rotation).await,
        Command::Keys { command: Keys::Status } => keys::status().await,
        Command::Keys { command: Keys::Backup { file } } => keys::make_for_backups(&file),
        Command::Backup { file } => backup::take(&file).await,
        Command::Restore(restore) => backup::restore(restore).await,
        Command::Admin { command: Admin::Release(release) } => backup::release(&release).await,
        Command::Audit { command: Audit::Append { file } } => backup::append_log(&file).await,
        Command::Audit { command: Audit::Verify { json } } => checks::audit_verify(json).await,
        Command::Admin { command: Admin::AcceptClock } => admin::accept_clock().await,
        Command::Openapi => {
            say(&serde_json::to_string_pretty(&app::openapi()?)?);
            Ok(())
        }
        Command::Health => checks::health().await,
        Command::Doctor => checks::doctor().await,
    }
}
