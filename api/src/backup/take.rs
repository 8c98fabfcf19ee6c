//! Making one, while servers run: one moment of the database, read by its own user. Nobody waits for it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use sea_orm::DbBackend;
use uuid::Uuid;

use super::KEYS_KEPT;
use super::archive::{Head, Mark, Writer, folder, forget_unfinished, with_suffix};
use crate::config::Recipient;
use crate::db::{Copy, Db};
use crate::entities::organization;
use crate::secrets::random_bytes;

/// What the second file's name has more.
pub const KEYS_SUFFIX: &str = ".contact-keys";
/// Apart from the rest (security.md D21).
pub(super) const KEYS_TABLE: &str = "contact_keys";

#[derive(Debug)]
pub struct Taken {
    pub rows: u64,
    pub contact_keys: u64,
    /// Parts of older backups beside it whose time was over.
    pub dropped: Vec<PathBuf>,
}

/// Writes `file` and the contact keys beside it; either both or none.
pub async fn take(
    db: &Db,
    recipients: &[Recipient],
    file: &Path,
    now: DateTime<Utc>,
) -> anyhow::Result<Taken> {
    ensure!(
        !recipients.is_empty(),
        "nobody could open it: set SEALPOST_BACKUP_RECIPIENTS (`sealpost keys backup FILE` makes a pair of keys)"
    );
    let damage = db.damage().await?;
    ensure!(damage.is_empty(), "the database is damaged: {}", damage.join("; "));
    let migrations = db.applied_migrations().await?;
    if migrations != Db::known_migrations() {
        bail!("the database's tables are not those of this program: run `sealpost migrate` first");
    }
    let engine = engine(db.backend());
    let head = Head::new(engine.to_owned(), now, migrations, Uuid::from_bytes(random_bytes()));
    let keys_file = with_suffix(file, KEYS_SUFFIX);
    let written = write(db, recipients, (file, &keys_file), &head).await;
    if written.is_err() {
        forget_unfinished(file);
        forget_unfinished(&keys_file);
    }
    let (rows, contact_keys) = written?;
    Ok(Taken { rows, contact_keys, dropped: drop_old_keys(folder(file), now)? })
}

pub(super) fn engine(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "postgresql",
        _ => "sqlite",
    }
}

async fn write(
    db: &Db,
    recipients: &[Recipient],
    (file, keys_file): (&Path, &Path),
    head: &Head,
) -> anyhow::Result<(u64, u64)> {
    let mut main = Writer::new(file, recipients, head)?;
    let mut keys = Writer::new(keys_file, recipients, &head.of_keys())?;
    let copy = db.copy_out().await.context("cannot read the database")?;
    copy.turn_to(None).await?;
    let organizations = organization::list_ids(copy.transaction()).await?;
    for organization in std::iter::once(None).chain(organizations.into_iter().map(Some)) {
        copy.turn_to(organization).await?;
        for writer in [&mut main, &mut keys] {
            writer.mark(&Mark::Organization(organization))?;
        }
        for table in copy.tables().iter().filter(|table| table.is_owned() == organization.is_some()) {
            let writer = if table.name == KEYS_TABLE { &mut keys } else { &mut main };
            writer.mark(&Mark::Table(table.name.clone()))?;
            copy.rows(table, organization, |row| writer.row(row)).await?;
        }
    }
    finish(copy, main, keys).await
}

/// The keys first: where the main part is, the other is.
async fn finish(copy: Copy, main: Writer, keys: Writer) -> anyhow::Result<(u64, u64)> {
    copy.commit().await?;
    let keys = keys.finish()?;
    Ok((main.finish()?, keys))
}

/// A part whose time is over is worth nothing but to whoever should not read it any more.
fn drop_old_keys(folder: &Path, now: DateTime<Utc>) -> anyhow::Result<Vec<PathBuf>> {
    let mut dropped = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_keys = path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(KEYS_SUFFIX));
        let written = path.metadata().and_then(|found| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        if is_keys && DateTime::<Utc>::from(written) < now - KEYS_KEPT {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            dropped.push(path);
        }
    }
    Ok(dropped)
}
