//! `keys rotate`, `keys status` and `keys backup`.

use std::path::Path;

use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use sealpost_api::clock::{Clock, SystemClock};
use sealpost_api::config::Config;
use sealpost_api::db::Db;
use sealpost_api::key_rotation::{self, contents};
use sealpost_api::secrets::KeyRing;
use sealpost_api::{backup, telemetry};

use super::say;

#[derive(Args)]
pub struct Rotation {
    /// Which key; of peppers and link keys older versions stay, for what was made with them.
    #[arg(long, default_value = "master", value_parser = ["master", "pepper", "link"])]
    key: String,
    /// New keys for organizations and contacts instead, and everything that the old ones sealed, sealed anew. With
    /// much in the database it takes a while.
    #[arg(long, conflicts_with_all = ["key", "retire"])]
    contents: bool,
    /// Seconds between the rounds of `--contents`: longer than any transaction of a server lasts.
    #[arg(long, requires = "contents")]
    pause: Option<u64>,
    /// Also takes versions of the master key out of the file that nothing in the database needs any more.
    #[arg(long)]
    retire: bool,
}

/// The key file is shared by every server: this changes it in one step, and the database in small ones.
pub async fn rotate(rotation: Rotation) -> anyhow::Result<()> {
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
    if rotation.contents {
        let pause = rotation.pause.map_or(contents::PAUSE, Duration::from_secs);
        contents::rotate(&db, path, now, pause, tell).await?;
    } else {
        key_rotation::rotate(&db, path, &rotation.key, now, tell).await?;
    }
    if rotation.retire {
        key_rotation::retire(&db, path, now, tell).await?;
    }
    db.close().await;
    Ok(())
}

pub async fn status() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = Db::open_to_look(&config.database).await.context("cannot open the database")?;
    key_rotation::status(&db, &ring).await?.iter().for_each(|line| say(line));
    db.close().await;
    Ok(())
}

/// The secret half is written once and never read by a server.
pub fn make_for_backups(file: &Path) -> anyhow::Result<()> {
    let identity = backup::Identity::generate()?;
    identity.place(file)?;
    say(&identity.recipient().to_string());
    Ok(())
}
