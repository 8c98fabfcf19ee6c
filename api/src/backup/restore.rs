//! Bringing one back into an empty place. Rows, quieting and the check of the keys are one transaction: there is no
//! moment at which a worker would find something to send.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};

use super::afterwards::{Quieted, quiet_in};
use super::archive::{Line, Mark, Part, Reader, with_suffix};
use super::keys::Identity;
use super::log::Entry;
use super::take::{KEYS_SUFFIX, KEYS_TABLE, engine};
use crate::config::DatabaseUrl;
use crate::db::{Copy, Db};
use crate::entities::organization;
use crate::secrets::{self, KeyRing};

const BATCH_ROWS: usize = 200;
const BATCH_BYTES: usize = 1 << 20;

/// A backup's two files, opened.
pub struct Source {
    main: Reader,
    keys: Reader,
}

/// What a backup holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub organizations: u64,
    pub rows: u64,
}

impl Source {
    pub fn open(file: &std::path::Path, identities: &[Identity]) -> anyhow::Result<Self> {
        let keys_file = with_suffix(file, KEYS_SUFFIX);
        if !keys_file.exists() {
            bail!("{} is missing: without it nobody's messages can be read", keys_file.display());
        }
        let main = Reader::open(file, identities, Part::Main)?;
        let keys = Reader::open(&keys_file, identities, Part::ContactKeys)?;
        ensure!(
            main.head.id == keys.head.id,
            "{} belongs to another backup than {}",
            keys_file.display(),
            file.display()
        );
        Ok(Self { main, keys })
    }

    pub const fn taken_at(&self) -> DateTime<Utc> {
        self.main.head.taken_at
    }

    /// Whether this program can make these tables; the error says why not.
    fn check_version(&self, known: &[String]) -> anyhow::Result<()> {
        let applied = &self.main.head.migrations;
        let version = &self.main.head.version;
        if let Some(unknown) = applied.iter().find(|name| !known.contains(name)) {
            bail!("the backup was made by a newer version ({version}): this one does not know `{unknown}`");
        }
        ensure!(
            !applied.is_empty() && known.starts_with(applied),
            "the backup's tables are of no version that this program could make"
        );
        Ok(())
    }
}

/// Reads all of it and writes nothing.
pub fn check(mut source: Source) -> anyhow::Result<Contents> {
    source.check_version(&Db::known_migrations())?;
    let mut contents = Contents::default();
    for reader in [&mut source.main, &mut source.keys] {
        while let Some(line) = reader.next()? {
            match line {
                Line::Row(_) => contents.rows += 1,
                Line::Mark(Mark::Table(name)) if name == "organizations" => contents.organizations += 1,
                Line::Mark(_) => {}
            }
        }
    }
    Ok(contents)
}

/// Where a backup goes. SQLite's file gets its name when everything is done.
pub struct Target {
    wanted: Option<PathBuf>,
    pub database: DatabaseUrl,
}

impl Target {
    pub fn of(database: &DatabaseUrl) -> anyhow::Result<Self> {
        let DatabaseUrl::Sqlite(path) = database else {
            return Ok(Self { wanted: None, database: database.clone() });
        };
        for path in [path.clone(), with_suffix(path, "-wal")] {
            ensure!(
                !path.exists(),
                "{} is there already; a backup goes into an empty place only",
                path.display()
            );
        }
        let unfinished = with_suffix(path, ".restoring");
        for leftover in ["", "-wal", "-shm"].map(|suffix| with_suffix(&unfinished, suffix)) {
            if leftover.exists() {
                std::fs::remove_file(&leftover)
                    .with_context(|| format!("cannot remove {}", leftover.display()))?;
            }
        }
        Ok(Self { wanted: Some(path.clone()), database: DatabaseUrl::Sqlite(unfinished) })
    }

    /// After the database was closed.
    pub fn finish(self) -> anyhow::Result<()> {
        if let (Some(wanted), DatabaseUrl::Sqlite(made)) = (&self.wanted, &self.database) {
            ensure!(!with_suffix(made, "-wal").exists(), "the restored database was not closed");
            std::fs::rename(made, wanted).with_context(|| format!("cannot make {}", wanted.display()))?;
            std::fs::File::open(super::archive::folder(wanted))?.sync_all()?;
        }
        Ok(())
    }
}

/// Fills an empty database. Afterwards nothing waits to be sent and nobody is signed in.
pub async fn fill(
    db: &Db,
    mut source: Source,
    ring: &KeyRing,
    now: DateTime<Utc>,
    log: Option<&[Entry]>,
) -> anyhow::Result<(Contents, Quieted)> {
    let (made_by, ours) = (source.main.head.engine.clone(), engine(db.backend()));
    ensure!(made_by == ours, "the backup is of a database of {made_by}, and this one is of {ours}");
    source.check_version(&Db::known_migrations())?;
    let applied = db.applied_migrations().await?;
    if applied.is_empty() {
        db.migrate_to(source.main.head.migrations.len()).await.context("cannot make the tables")?;
    } else {
        let not_empty = "the database is not empty; a backup goes into an empty one only";
        ensure!(applied == source.main.head.migrations, not_empty);
    }
    let copy = db.copy_in().await?;
    ensure!(copy.is_empty().await?, "the database is not empty; a backup goes into an empty one only");
    let mut contents = Contents::default();
    for reader in [&mut source.main, &mut source.keys] {
        contents.rows += pour(&copy, reader).await?;
    }
    copy.turn_to(None).await?;
    if !secrets::keys_fit(copy.transaction(), ring).await? {
        bail!("the key file is not the one this backup's database was made with; bring that back first");
    }
    let mut quieted = Quieted::default();
    for organization in organization::list_ids(copy.transaction()).await? {
        contents.organizations += 1;
        copy.turn_to(Some(organization)).await?;
        quieted += quiet_in(copy.transaction(), organization, now, log).await?;
    }
    copy.commit().await?;
    Ok((contents, quieted))
}

async fn pour(copy: &Copy, reader: &mut Reader) -> anyhow::Result<u64> {
    let only_keys = reader.head.part == Part::ContactKeys;
    let (mut table, mut waiting, mut bytes, mut rows) = (None, Vec::new(), 0, 0);
    loop {
        let line = reader.next()?;
        let full = waiting.len() >= BATCH_ROWS || bytes >= BATCH_BYTES;
        if (full || !matches!(line, Some(Line::Row(_)))) && !waiting.is_empty() {
            let table: &String = table.as_ref().context("rows of no table")?;
            copy.fill(table, &waiting).await.with_context(|| format!("rows of {table} cannot be stored"))?;
            rows += waiting.len() as u64;
            waiting.clear();
            bytes = 0;
        }
        match line {
            None => return Ok(rows),
            Some(Line::Row(row)) => {
                bytes += row.len();
                waiting.push(row);
            }
            Some(Line::Mark(Mark::Organization(organization))) => copy.turn_to(organization).await?,
            Some(Line::Mark(Mark::Table(name))) => {
                ensure!((name == KEYS_TABLE) == only_keys, "the backup's parts are mixed up");
                table = Some(name);
            }
            Some(Line::Mark(Mark::End { .. })) => bail!("an end in the middle"),
        }
    }
}
