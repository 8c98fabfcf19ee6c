//! `backup`, `restore`, `admin release` and `audit append`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use clap::Args;
use sealpost_api::backup::{self, Decision, Entry, Identity, KEYS_KEPT, Quieted, Source, Target};
use sealpost_api::clock::{Clock, SystemClock};
use sealpost_api::config::{Config, DatabaseUrl};
use sealpost_api::db::Db;
use sealpost_api::secrets::KeyRing;
use sealpost_api::senders::Senders;
use sealpost_api::state::State;
use sealpost_api::{app, audit, telemetry};

use super::{complain, open, say};

#[derive(Args)]
pub struct Restore {
    /// The backup; its contact keys are looked for beside it.
    #[arg(required_unless_present = "in_place")]
    file: Option<PathBuf>,
    /// The secret half of a key that it was made for.
    #[arg(long, required_unless_present = "in_place")]
    key: Option<PathBuf>,
    /// What `audit append` wrote: erases, revokes and disables again what was since the backup.
    #[arg(long, conflicts_with = "no_log")]
    log: Option<PathBuf>,
    /// There is no such log: revokes every API key, because nobody can tell which were revoked.
    #[arg(long)]
    no_log: bool,
    /// Only reads the backup to its end and says what is in it.
    #[arg(long)]
    check: bool,
    /// The database was brought back by other means (a dump, a copied disk): does to it what a restore does.
    #[arg(long, conflicts_with_all = ["file", "key", "check"])]
    in_place: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Release {
    /// Sends them, each with the key it had.
    #[arg(long)]
    send: bool,
    /// Sends none of them; each message says so.
    #[arg(long)]
    drop: bool,
}

pub async fn take(file: &Path) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    telemetry::init(&config.log)?;
    let db = existing(&config).await?;
    let taken = backup::take(&db, &config.backup_recipients, file, SystemClock.now()).await;
    db.close().await;
    let taken = taken.context("no backup was made")?;
    for path in &taken.dropped {
        say(&format!("{} was removed: it was older than {} days", path.display(), KEYS_KEPT.num_days()));
    }
    say(&format!(
        "{}: {} rows, and {} contact keys in {}{}",
        file.display(),
        taken.rows,
        taken.contact_keys,
        file.display(),
        backup::KEYS_SUFFIX
    ));
    Ok(())
}

/// One that is there: a mistyped path must not become an empty database.
async fn existing(config: &Config) -> anyhow::Result<Db> {
    if let DatabaseUrl::Sqlite(path) = &config.database {
        ensure!(path.exists(), "there is no database at {}", path.display());
    }
    Db::open(&config.database).await.context("cannot open the database")
}

pub async fn restore(restore: Restore) -> anyhow::Result<()> {
    ensure!(
        restore.log.is_some() || restore.no_log || restore.check,
        "say what was erased and revoked since the backup: --log FILE with what `sealpost audit append` wrote, or \
         --no-log, which also revokes every API key"
    );
    let mut config = Config::from_env()?;
    telemetry::init(&config.log)?;
    let log = restore.log.as_deref().map(backup::read).transpose()?;
    let log = log.as_deref();
    let now = SystemClock.now();
    let (Some(file), Some(key)) = (&restore.file, &restore.key) else {
        return restore_in_place(config, log, now).await;
    };
    let source = Source::open(file, &Identity::read(key)?).context("the backup cannot be read")?;
    let taken_at = source.taken_at();
    if restore.check {
        let contents = backup::check(source).context("the backup cannot be read")?;
        say(&format!(
            "whole: {} rows of {} organizations, of {taken_at}",
            contents.rows, contents.organizations
        ));
        return Ok(());
    }
    if log.is_none() && now - taken_at > KEYS_KEPT {
        bail!(
            "the backup is older than {} days: people who were erased since would be readable again. Bring the log \
             that says who, with --log",
            KEYS_KEPT.num_days()
        );
    }
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let target = Target::of(&config.database)?;
    config.database = target.database.clone();
    let db = Db::open(&config.database).await.context("cannot open the database")?;
    let filled = backup::fill(&db, source, &ring, now, log).await;
    db.close().await;
    let (contents, quieted) = filled.context("nothing was restored")?;
    finish(config, ring, log).await?;
    target.finish()?;
    say(&format!("{} rows of {} organizations, of {taken_at}", contents.rows, contents.organizations));
    tell(&quieted);
    Ok(())
}

async fn restore_in_place(config: Config, log: Option<&[Entry]>, now: DateTime<Utc>) -> anyhow::Result<()> {
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = existing(&config).await?;
    let quieted = backup::quiet_all(&db, now, log).await;
    db.close().await;
    let quieted = quieted?;
    finish(config, ring, log).await?;
    tell(&quieted);
    Ok(())
}

/// Brings the tables up to date, takes away again what the log names, and looks at the audit logs.
async fn finish(config: Config, ring: KeyRing, log: Option<&[Entry]>) -> anyhow::Result<()> {
    let state = app::open(config, ring, Arc::new(SystemClock), Senders::fixed(None, None)).await?;
    let finished = finish_in(&state, log).await;
    state.db.close().await;
    finished
}

async fn finish_in(state: &State, log: Option<&[Entry]>) -> anyhow::Result<()> {
    if let Some(log) = log {
        let replayed = backup::replay(state, log).await.map_err(app::explain)?;
        say(&format!(
            "again by the log: {} clients erased, {} links and {} API keys revoked, {} people disabled, {} passwords \
             taken away",
            replayed.erased,
            replayed.revoked_links,
            replayed.revoked_keys,
            replayed.disabled,
            replayed.passwords
        ));
        for (action, count) in &replayed.lost {
            say(&format!("lost since the backup: {action} ({count})"));
        }
    }
    backup::note(state).await.map_err(app::explain)?;
    let found = audit::verify_all(&state.db, state.secrets.ring()).await?;
    let broken: Vec<_> = found.iter().filter(|chain| chain.first_broken.is_some()).collect();
    broken.iter().for_each(|chain| complain(&chain.to_string()));
    ensure!(broken.is_empty(), "{} of {} audit logs are broken", broken.len(), found.len());
    Ok(())
}

fn tell(quieted: &Quieted) {
    say(&quieted.to_string());
    if quieted.parked > 0 {
        say("Nothing of that is sent until you run: sealpost admin release --send, or --drop");
    }
}

pub async fn release(release: &Release) -> anyhow::Result<()> {
    let state = open().await?;
    let decision = if release.send { Decision::Send } else { Decision::Drop };
    let released = backup::release(&state, decision).await.map_err(app::explain);
    state.db.close().await;
    let done = if release.send { "are on their way" } else { "were dropped" };
    say(&format!("{} notices {done}", released?));
    Ok(())
}

pub async fn append_log(file: &Path) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    telemetry::init(&config.log)?;
    let db = existing(&config).await?;
    let added = backup::append(&db, file).await;
    db.close().await;
    say(&format!("{} entries were added to {}", added?, file.display()));
    Ok(())
}
