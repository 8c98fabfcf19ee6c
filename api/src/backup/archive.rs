//! What is inside: a head, then marks and rows, a line each, then how many rows there were.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use chrono::{DateTime, Utc};
use sealpost_shared::ids::OrganizationId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::age::{Opener, Sealer};
use super::keys::Identity;
use crate::config::Recipient;

const FORM: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    sealpost_backup: u32,
    pub part: Part,
    /// The same in both parts.
    pub id: Uuid,
    pub engine: String,
    pub version: String,
    pub taken_at: DateTime<Utc>,
    pub migrations: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Main,
    ContactKeys,
}

impl Head {
    pub fn new(engine: String, taken_at: DateTime<Utc>, migrations: Vec<String>, id: Uuid) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { sealpost_backup: FORM, part: Part::Main, id, engine, version, taken_at, migrations }
    }

    pub fn of_keys(&self) -> Self {
        Self { part: Part::ContactKeys, ..self.clone() }
    }
}

/// Between rows. Rows are JSON objects, so no row begins as a mark does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Whose the rows are that follow; nobody's are the installation's.
    Organization(Option<OrganizationId>),
    Table(String),
    End {
        rows: u64,
    },
}

pub enum Line {
    Mark(Mark),
    Row(String),
}

/// Writes one part, under a name of its own until it is whole.
pub struct Writer {
    to: Sealer<BufWriter<File>>,
    unfinished: PathBuf,
    path: PathBuf,
    pub rows: u64,
}

impl Writer {
    pub fn new(path: &Path, recipients: &[Recipient], head: &Head) -> anyhow::Result<Self> {
        ensure!(!path.exists(), "{} is there already", path.display());
        let unfinished = with_suffix(path, ".unfinished");
        let file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished);
        let file = file.with_context(|| format!("cannot write {}", unfinished.display()))?;
        let to = Sealer::new(BufWriter::new(file), recipients)?;
        let mut writer = Self { to, unfinished, path: path.to_owned(), rows: 0 };
        writer.line(&serde_json::to_string(head)?)?;
        Ok(writer)
    }

    fn line(&mut self, text: &str) -> anyhow::Result<()> {
        ensure!(!text.contains('\n'), "a row has a line's end in it");
        let path = self.unfinished.display();
        writeln!(self.to, "{text}").with_context(|| format!("cannot write {path}"))
    }

    pub fn mark(&mut self, mark: &Mark) -> anyhow::Result<()> {
        self.line(&format!("#{}", serde_json::to_string(mark)?))
    }

    pub fn row(&mut self, row: &str) -> anyhow::Result<()> {
        self.rows += 1;
        self.line(row)
    }

    /// Durable, and then under its name.
    pub fn finish(mut self) -> anyhow::Result<u64> {
        self.mark(&Mark::End { rows: self.rows })?;
        let file =
            self.to.finish().and_then(|to| to.into_inner().map_err(std::io::IntoInnerError::into_error));
        let path = self.path.display();
        let file = file.with_context(|| format!("cannot write {path}"))?;
        file.sync_all().with_context(|| format!("cannot write {path}"))?;
        std::fs::rename(&self.unfinished, &self.path).with_context(|| format!("cannot make {path}"))?;
        File::open(folder(&self.path))?.sync_all()?;
        Ok(self.rows)
    }
}

/// Takes away what was not finished.
pub fn forget_unfinished(path: &Path) {
    // There may be none.
    let _ = std::fs::remove_file(with_suffix(path, ".unfinished"));
}

pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads one part, and says when it is not whole.
pub struct Reader {
    from: BufReader<Opener<BufReader<File>>>,
    pub head: Head,
    rows: u64,
}

impl Reader {
    pub fn open(path: &Path, identities: &[Identity], part: Part) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let opener = Opener::new(BufReader::new(file), identities);
        let mut from = BufReader::new(opener.with_context(|| path.display().to_string())?);
        let mut line = String::new();
        from.read_line(&mut line).with_context(|| path.display().to_string())?;
        let head: Head =
            serde_json::from_str(&line).with_context(|| format!("{} is no backup", path.display()))?;
        ensure!(
            head.sealpost_backup == FORM,
            "{} was made by a newer version of this program",
            path.display()
        );
        ensure!(head.part == part, "{} is the other part of a backup", path.display());
        Ok(Self { from, head, rows: 0 })
    }

    /// None after the end. A part that was cut has no end.
    pub fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let mut line = String::new();
        let read = self.from.read_line(&mut line).context("a part of the backup cannot be read")?;
        ensure!(read > 0 && line.ends_with('\n'), "a part of the backup was cut off");
        line.pop();
        let Some(mark) = line.strip_prefix('#') else {
            self.rows += 1;
            return Ok(Some(Line::Row(line)));
        };
        match serde_json::from_str(mark).context("a part of the backup cannot be read")? {
            Mark::End { rows } if rows == self.rows => {
                ensure!(self.from.fill_buf()?.is_empty(), "something follows the backup's end");
                Ok(None)
            }
            Mark::End { rows } => bail!("the backup should have {rows} rows and has {}", self.rows),
            mark => Ok(Some(Line::Mark(mark))),
        }
    }
}
