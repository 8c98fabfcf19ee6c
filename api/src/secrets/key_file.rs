//! The key file's text and its place on the disk: made once, replaced whole, never half.
//!
//! One key a line: `master.1 BASE64`, `pepper.1 BASE64`, `link.1 BASE64`; 0600. A higher version is newer. Of a
//! version that was taken out a check stays, `master.1 retired BASE64`, by which a server that still holds it knows
//! the file for its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
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

/// What stands before the check of a version that was taken out.
const RETIRED: &str = "retired ";

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

    /// A version's name in the file.
    pub fn name_of(self, version: i64) -> String {
        format!("{}.{version}", self.name())
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Where it stands in [`Kind::ALL`].
    const fn place(self) -> usize {
        self as usize
    }
}

/// What the file holds.
pub struct Keys {
    pub master: Versions,
    pub pepper: Arc<Peppers>,
    pub link: Versions,
    /// Checks of the versions that were taken out, by their names in the file.
    retired: BTreeMap<String, Vec<u8>>,
    /// By version of the master key they are made from.
    pub head_signers: BTreeMap<i64, Ed25519KeyPair>,
}

impl Keys {
    fn new(
        [master, pepper, link]: [Versions; 3],
        retired: BTreeMap<String, Vec<u8>>,
    ) -> anyhow::Result<Self> {
        let complete = !(master.is_empty() || pepper.is_empty() || link.is_empty());
        ensure!(complete, "a key of each kind is needed: master, pepper, link");
        let head_signers = master.iter().map(|(version, key)| Ok((*version, head_signer(key)?)));
        let head_signers = head_signers.collect::<anyhow::Result<_>>()?;
        Ok(Self { master, pepper: Arc::new(pepper), link, retired, head_signers })
    }

    pub fn generate() -> anyhow::Result<Self> {
        let fresh = || Versions::from([(1, fresh_key())]);
        Self::new([fresh(), fresh(), fresh()], BTreeMap::new())
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
        let mut all = self.all();
        all[kind.place()].insert(version, fresh_key());
        Ok((Self::new(all, self.retired.clone())?, version))
    }

    /// The same without a version; its check stays.
    pub fn without(&self, kind: Kind, version: i64) -> anyhow::Result<Self> {
        let (mut all, mut retired) = (self.all(), self.retired.clone());
        if let Some(key) = all[kind.place()].remove(&version) {
            retired.insert(kind.name_of(version), check(&key));
        }
        Self::new(all, retired)
    }

    fn all(&self) -> [Versions; 3] {
        Kind::ALL.map(|kind| self.of(kind).clone())
    }

    /// A value per key that tells it from any other and says nothing of it.
    pub fn checks(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
        let of = |kind: Kind| {
            let versions = self.of(kind).iter();
            versions.map(move |(version, key)| (kind.name_of(*version), check(key)))
        };
        Kind::ALL.into_iter().flat_map(of)
    }

    /// Whether these are the keys of `held`, changed as rotations change them: each one is the same or was taken out.
    pub fn follow(&self, held: &Self) -> bool {
        let known: BTreeMap<_, _> = self.checks().chain(self.retired.clone()).collect();
        held.checks().all(|(name, check)| known.get(&name) == Some(&check))
    }

    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut all = [Versions::new(), Versions::new(), Versions::new()];
        let mut retired = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').context("a line is not `name.version key`")?;
            let (kind, version) = name.split_once('.').context("a line is not `name.version key`")?;
            let version: i64 = version.parse().context("a version is not a number")?;
            let kind = Kind::named(kind).with_context(|| format!("`{kind}` is not a kind of key"))?;
            let (value, is_retired) = match value.trim().strip_prefix(RETIRED) {
                Some(check) => (check, true),
                None => (value, false),
            };
            let key = Zeroizing::new(STANDARD.decode(value.trim()).context("a key is not base64")?);
            ensure!(key.len() == KEY_LENGTH, "a key is not {KEY_LENGTH} bytes long");
            let twice = if is_retired {
                retired.insert(kind.name_of(version), key.to_vec()).is_some()
            } else {
                all[kind.place()].insert(version, key).is_some()
            };
            ensure!(!twice, "a version of `{}` stands twice", kind.name());
        }
        Self::new(all, retired)
    }

    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(HEADER.to_owned());
        for kind in Kind::ALL {
            for (version, key) in self.of(kind) {
                text.push_str(&format!("{}.{version} {}\n", kind.name(), STANDARD.encode(key.as_slice())));
            }
        }
        for (name, check) in &self.retired {
            text.push_str(&format!("{name} {RETIRED}{}\n", STANDARD.encode(check)));
        }
        text
    }

    /// Puts the file where none is: a crash leaves no half file, and a file that is there already stays.
    /// True when it is ours.
    pub fn place(&self, path: &Path) -> anyhow::Result<bool> {
        let temporary = folder(path).join(format!(".key-{}", random::token()));
        self.write_new(&temporary)?;
        let placed = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary)?;
        File::open(folder(path))?.sync_all()?;
        match placed {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            placed => Ok(placed.map(|()| true)?),
        }
    }

    /// Puts this text in the place of the file's, in one step that a crash does not halve. Whoever does it holds
    /// [`lock`].
    pub fn replace(&self, path: &Path) -> anyhow::Result<()> {
        let temporary = next(path);
        self.write_new(&temporary)?;
        let renamed = std::fs::rename(&temporary, path);
        if renamed.is_err() {
            std::fs::remove_file(&temporary)?;
        }
        renamed?;
        Ok(File::open(folder(path))?.sync_all()?)
    }

    /// Under a name of its own, made durable before it counts.
    fn write_new(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder(path))?;
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(self.text().as_bytes())?;
        Ok(file.sync_all()?)
    }
}

/// Where the next text of the file is written before it takes its place.
fn next(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    folder(path).join(format!(".{name}.next"))
}

fn check(key: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, b"sealpost key check").as_ref().to_vec()
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
    // Of one who was killed while it wrote.
    match std::fs::remove_file(next(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("cannot remove what a rotation left beside the key file")
        }
        _ => Ok(folder),
    }
}

/// Tells one text of the file from the next without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64, i64, i64, u64);

pub fn stamp(path: &Path) -> Option<Stamp> {
    let seen = std::fs::metadata(path).ok()?;
    Some(Stamp(seen.ino(), seen.mtime(), seen.mtime_nsec(), seen.len()))
}
