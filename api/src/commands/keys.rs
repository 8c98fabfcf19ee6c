//! `keys rotate` and `keys status`.

use anyhow::{Context, bail};
use sealpost_api::clock::{Clock, SystemClock};
use sealpost_api::config::Config;
use sealpost_api::db::Db;
use sealpost_api::secrets::KeyRing;
use sealpost_api::{key_rotation, telemetry};

use super::say;

/// The key file is shared by every server: this changes it in one step, and the database in small ones.
pub async fn rotate(key: &str, retire: bool) -> anyhow::Result<()> {
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

pub async fn status() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let (ring, _) = KeyRing::load(&config.key_file, false)?;
    let db = Db::open_to_look(&config.database).await.context("cannot open the database")?;
    key_rotation::status(&db, &ring).await?.iter().for_each(|line| say(line));
    db.close().await;
    Ok(())
}
