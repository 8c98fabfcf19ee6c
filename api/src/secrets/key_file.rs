//! The key file's text and its place on the disk: made once, replaced whole, never half.
//!
//! One key a line: `master.1 BASE64`, `pepper.1 BASE64`, `link.1 BASE64`; 0600. A higher version is newer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::hashing::Peppers;
use super::random;
use super::seal::KEY_LENGTH;

pub type Versions = BTreeMap<i64, Zeroizing<Vec<u8>>>;

const HEADER: &str = "# Sealpost's master keys. Without this file the database cannot be read.\n\
                      # Keep a copy apart from the database's backups.\n";

/// The kinds of keys, as the file names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Wraps the organizations' keys and those of the installation; signs the heads of audit chains.
    Master,
    /// Goes into the hashes of PINs and passwords.
    Pepper,
    /// Makes the hashes of link tokens, and other keyed hashes.
    Link,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Master, Self::Pepper, Self::Link];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Pepper => "pepper",
            Self::Link => "link",
        }
    }
}

/// What the file holds.
pub struct Keys {
    pub master: Versions,
    pub pepper: Arc<Peppers>,
    pub link: Versions,
    /// By version of the master key they are made from.
    pub head_signers: BTreeMap<i64, Ed25519KeyPair>,
}

impl Keys {
    fn new(master: Versions, pepper: Versions, link: Versions) -> anyhow::Result<Self> {
        let complete = !(master.is_empty() || pepper.is_empty() || link.is_empty());
        ensure!(complete, "a key of each kind is needed: master, pepper, link");
        let head_signers = master.iter().map(|(version, key)| Ok((*version, head_signer(key)?)));
        let head_signers = head_signers.collect::<anyhow::Result<_>>()?;
        Ok(Self { master, pepper: Arc::new(pepper), link, head_signers })
    }

    pub fn generate() -> anyhow::Result<Self> {
        let fresh = || Versions::from([(1, fresh_key())]);
        Self::new(fresh(), fresh(), fresh())
    }

    pub fn of(&self, kind: Kind) -> &Versions {
        match kind {
            Kind::Master => &self.master,
            Kind::Pepper => &self.pepper,
            Kind::Link => &self.link,
        }
    }

    /// The same with one more version of a kind, the newest; and its number.
    pub fn with_new(&self, kind: Kind) -> anyhow::Result<(Self, i64)> {
        let version = self.of(kind).last_key_value().map_or(0, |(version, _)| *version) + 1;
        let keys = self.changed(kind, |versions| {
            versions.insert(version, fresh_key());
        })?;
        Ok((keys, version))
    }

    pub fn without(&self, kind: Kind, version: i64) -> anyhow::Result<Self> {
        self.changed(kind, |versions| {
            versions.remove(&version);
        })
    }

    fn changed(&self, kind: Kind, change: impl FnOnce(&mut Versions)) -> anyhow::Result<Self> {
        let [mut master, mut pepper, mut link] = Kind::ALL.map(|kind| self.of(kind).clone());
        change(match kind {
            Kind::Master => &mut master,
            Kind::Pepper => &mut pepper,
            Kind::Link => &mut link,
        });
        Self::new(master, pepper, link)
    }

    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let [mut master, mut pepper, mut link] = [Versions::new(), Versions::new(), Versions::new()];
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').context("a line is not `name.version key`")?;
            let (name, version) = name.split_once('.').context("a line is not `name.version key`")?;
            let version: i64 = version.parse().context("a version is not a number")?;
            let key = Zeroizing::new(STANDARD.decode(value.trim()).context("a key is not base64")?);
            ensure!(key.len() == KEY_LENGTH, "a key is not {KEY_LENGTH} bytes long");
            let versions = match name {
                "master" => &mut master,
                "pepper" => &mut pepper,
                "link" => &mut link,
                _ => bail!("`{name}` is not a kind of key"),
            };
            ensure!(versions.insert(version, key).is_none(), "a version of `{name}` stands twice");
        }
        Self::new(master, pepper, link)
    }

    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(HEADER.to_owned());
        for kind in Kind::ALL {
            for (version, key) in self.of(kind) {
                text.push_str(&format!("{}.{version} {}\n", kind.name(), STANDARD.encode(key.as_slice())));
            }
        }
        text
    }

    /// Puts the file where none is: a crash leaves no half file, and a file that is there already stays.
    /// True when it is ours.
    pub fn place(&self, path: &Path) -> anyhow::Result<bool> {
        let temporary = self.write_beside(path)?;
        let placed = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary)?;
        File::open(folder(path))?.sync_all()?;
        match placed {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            placed => Ok(placed.map(|()| true)?),
        }
    }

    /// Puts this text in the place of the file's, in one step that a crash does not halve.
    pub fn replace(&self, path: &Path) -> anyhow::Result<()> {
        let temporary = self.write_beside(path)?;
        let renamed = std::fs::rename(&temporary, path);
        if renamed.is_err() {
            std::fs::remove_file(&temporary)?;
        }
        renamed?;
        Ok(File::open(folder(path))?.sync_all()?)
    }

    /// Under a name of its own, made durable before it counts.
    fn write_beside(&self, path: &Path) -> anyhow::Result<PathBuf> {
        std::fs::create_dir_all(folder(path))?;
        let temporary = folder(path).join(format!(".key-{}", random::token()));
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_all()?;
        Ok(temporary)
    }
}

fn fresh_key() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(random::bytes::<KEY_LENGTH>().to_vec())
}

fn head_signer(master: &[u8]) -> anyhow::Result<Ed25519KeyPair> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master);
    let seed = hmac::sign(&key, b"sealpost audit heads");
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_ref());
    let pair = pair.map_err(|_| anyhow::anyhow!("no signing key can be made"))?;
    ensure!(!pair.public_key().as_ref().is_empty(), "no signing key can be made");
    Ok(pair)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Held while the file is changed: of two rotations at once the second one waits for the first.
pub fn lock(path: &Path) -> anyhow::Result<File> {
    let folder = File::open(folder(path)).context("cannot open the key file's folder")?;
    folder.lock().context("cannot lock the key file's folder")?;
    Ok(folder)
}

/// Tells one text of the file from the next without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64, i64, i64, u64);

pub fn stamp(path: &Path) -> Option<Stamp> {
    let seen = std::fs::metadata(path).ok()?;
    Some(Stamp(seen.ino(), seen.mtime(), seen.mtime_nsec(), seen.len()))
}
