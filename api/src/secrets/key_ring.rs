//! The key file: the one thing that is not in the database, and without which the database says nothing.
//!
//! Text, one key a line: `master.1 BASE64`, `pepper.1 BASE64`, `link.1 BASE64`; 0600. `master` wraps the
//! organizations' keys, `pepper` goes into PIN and password hashes, `link` makes the hashes of link tokens.
//! A higher version is newer: it seals, all open.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sealpost_shared::ids::OrganizationId;
use zeroize::Zeroizing;

use super::random;
use super::seal::{Field, KEY_LENGTH, OrganizationKeys, SealError, SealingKey, place};
use crate::entities::organization_key;

pub(super) type Versions = BTreeMap<i64, Zeroizing<Vec<u8>>>;

pub struct KeyRing {
    master: Versions,
    pepper: Versions,
    link: Versions,
}

const HEADER: &str = "# Sealpost's master keys. Without this file the database cannot be read.\n\
                      # Keep a copy apart from the database's backups.\n";

impl KeyRing {
    /// Fresh keys, kept in memory only.
    pub fn generate() -> Self {
        let fresh = || Versions::from([(1, Zeroizing::new(random::bytes::<KEY_LENGTH>().to_vec()))]);
        Self { master: fresh(), pepper: fresh(), link: fresh() }
    }

    /// Reads the file, or makes it when `create` says so. True when it was made.
    pub fn load(path: &Path, create: bool) -> anyhow::Result<(Self, bool)> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                Ok((Self::parse(&text).with_context(|| format!("key file {}", path.display()))?, false))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && create => {
                let made = Self::generate()
                    .save(path)
                    .with_context(|| format!("cannot write key file {}", path.display()))?;
                // Read back: of several first starts at once, one file is everybody's.
                Ok((Self::load(path, false)?.0, made))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
                "key file {} is missing. Bring it back: a new one cannot read the database, and servers that \
                 share a database share the file",
                path.display()
            ),
            Err(error) => Err(error).with_context(|| format!("cannot read key file {}", path.display())),
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut ring = Self { master: Versions::new(), pepper: Versions::new(), link: Versions::new() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').context("a line is not `name.version key`")?;
            let (name, version) = name.split_once('.').context("a line is not `name.version key`")?;
            let version: i64 = version.parse().context("a version is not a number")?;
            let key = Zeroizing::new(STANDARD.decode(value.trim()).context("a key is not base64")?);
            ensure!(key.len() == KEY_LENGTH, "a key is not {KEY_LENGTH} bytes long");
            let versions = match name {
                "master" => &mut ring.master,
                "pepper" => &mut ring.pepper,
                "link" => &mut ring.link,
                _ => bail!("`{name}` is not a kind of key"),
            };
            ensure!(versions.insert(version, key).is_none(), "a version of `{name}` stands twice");
        }
        let complete = !(ring.master.is_empty() || ring.pepper.is_empty() || ring.link.is_empty());
        ensure!(complete, "a key of each kind is needed: master, pepper, link");
        Ok(ring)
    }

    /// Written beside its place under a name of its own, made durable, then put there: a crash leaves no
    /// half file, and a file that is there already stays. True when it is ours.
    fn save(&self, path: &Path) -> anyhow::Result<bool> {
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory)?;
        let temporary = directory.join(format!(".key-{}", random::token()));
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_all()?;
        let placed = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary)?;
        std::fs::File::open(directory)?.sync_all()?;
        match placed {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            placed => Ok(placed.map(|()| true)?),
        }
    }

    fn text(&self) -> Zeroizing<String> {
        let lines = [("master", &self.master), ("pepper", &self.pepper), ("link", &self.link)];
        let mut text = Zeroizing::new(HEADER.to_owned());
        for (name, versions) in lines {
            for (version, key) in versions {
                text.push_str(&format!("{name}.{version} {}\n", STANDARD.encode(key.as_slice())));
            }
        }
        text
    }

    pub(super) fn peppers(&self) -> Versions {
        self.pepper.clone()
    }

    /// The hash by which a link's token is found, and the version of the key that made it
    /// (security.md D2).
    pub fn link_hash(&self, token: &str) -> (Vec<u8>, i64) {
        let (version, key) = newest(&self.link);
        (link_hash(&key, token), version)
    }

    /// What a token may be stored under: one hash per version of the key.
    pub fn link_hashes(&self, token: &str) -> Vec<Vec<u8>> {
        self.link.values().map(|key| link_hash(key, token)).collect()
    }

    /// A hash that nobody without the key file can make or check; `domain` keeps its uses apart.
    pub fn keyed_hash(&self, domain: &str, value: &[u8]) -> Vec<u8> {
        let (_, key) = newest(&self.link);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        hmac::sign(&key, &[domain.as_bytes(), b"\0", value].concat()).as_ref().to_vec()
    }

    /// A new organization's keys, wrapped for its row; the version names the master key.
    pub fn new_organization_keys(
        &self,
        organization: OrganizationId,
    ) -> Result<(Vec<u8>, Vec<u8>, i64), SealError> {
        let (version, master) = newest(&self.master);
        let master = SealingKey::new(&master)?;
        let wrap = |field| {
            let key = Zeroizing::new(random::bytes::<KEY_LENGTH>());
            master.seal(&wrapped_place(organization, field), key.as_slice())
        };
        Ok((wrap(Field::OrganizationKey)?, wrap(Field::OrganizationIndexKey)?, version))
    }

    pub(super) fn unwrap_organization(
        &self,
        row: &organization_key::Model,
    ) -> Result<OrganizationKeys, SealError> {
        let master = self.master_key(row.master_key_version)?;
        let organization = row.organization_id;
        let key = master.open(&wrapped_place(organization, Field::OrganizationKey), &row.wrapped_key)?;
        let index =
            master.open(&wrapped_place(organization, Field::OrganizationIndexKey), &row.wrapped_index_key)?;
        Ok(OrganizationKeys {
            organization,
            key: SealingKey::new(&key)?,
            index: hmac::Key::new(hmac::HMAC_SHA256, &index),
        })
    }

    /// Seals a key of the installation itself; the master key's version stands before it.
    pub fn seal_server_key(&self, purpose: &str, id: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, master) = newest(&self.master);
        let sealed = SealingKey::new(&master)?.seal(&server_place(purpose, id), plain)?;
        Ok([&version.to_be_bytes()[..], &sealed].concat())
    }

    pub fn open_server_key(
        &self,
        purpose: &str,
        id: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (version, sealed) = sealed.split_first_chunk::<8>().ok_or(SealError::DoesNotOpen)?;
        self.master_key(i64::from_be_bytes(*version))?.open(&server_place(purpose, id), sealed)
    }

    /// A value per key that tells it from any other and says nothing of it.
    pub(super) fn checks(&self) -> Vec<(String, Vec<u8>)> {
        let kinds = [("master", &self.master), ("pepper", &self.pepper), ("link", &self.link)];
        let all = kinds.into_iter().flat_map(|(kind, versions)| versions.iter().map(move |it| (kind, it)));
        all.map(|(kind, (version, key))| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            (format!("{kind}.{version}"), hmac::sign(&key, b"sealpost key check").as_ref().to_vec())
        })
        .collect()
    }

    fn master_key(&self, version: i64) -> Result<SealingKey, SealError> {
        SealingKey::new(self.master.get(&version).ok_or(SealError::MasterKeyUnknown(version))?)
    }
}

fn link_hash(key: &[u8], token: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, &[b"link\0", token.as_bytes()].concat()).as_ref().to_vec()
}

fn wrapped_place(organization: OrganizationId, field: Field) -> Vec<u8> {
    place(&[organization.uuid().as_bytes(), format!("{field:?}").as_bytes()])
}

fn server_place(purpose: &str, id: &str) -> Vec<u8> {
    place(&[b"server_keys", purpose.as_bytes(), id.as_bytes()])
}

/// `parse` and `generate` leave no kind empty; an all-zero key would only make look-ups miss.
fn newest(versions: &Versions) -> (i64, Zeroizing<Vec<u8>>) {
    versions
        .last_key_value()
        .map_or_else(|| (0, Zeroizing::new(vec![0; KEY_LENGTH])), |(version, key)| (*version, key.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_read_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("master.key");
        assert!(KeyRing::load(&path, false).is_err());
        let (made, new) = KeyRing::load(&path, true).expect("made");
        let (read, again) = KeyRing::load(&path, true).expect("read");
        assert!(new && !again);
        assert_eq!(made.link_hash("token"), read.link_hash("token"));
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn several_first_starts_at_once_end_with_one_key_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("master.key");
        let starts: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || KeyRing::load(&path, true).expect("a key ring"))
            })
            .collect();
        let rings: Vec<_> = starts.into_iter().map(|start| start.join().expect("done")).collect();
        assert!(rings.iter().all(|(ring, _)| ring.link_hash("token") == rings[0].0.link_hash("token")));
        assert_eq!(rings.iter().filter(|(_, made)| *made).count(), 1);
        assert_eq!(std::fs::read_dir(directory.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn an_older_link_key_still_finds_its_links() {
        let mut ring = KeyRing::generate();
        let (old, _) = ring.link_hash("token");
        ring.link.insert(2, Zeroizing::new(vec![9; KEY_LENGTH]));
        let (new, version) = ring.link_hash("token");
        assert_eq!((version, ring.link_hashes("token")), (2, vec![old, new]));
    }

    #[test]
    fn a_damaged_key_file_is_refused() {
        for text in ["", "master.1 AAAA", "master.1", "master.x AAAA", "other.1 AAAA", "master.1 %%%"] {
            assert!(KeyRing::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn token_hash_domain_separated() {
        let ring = KeyRing::generate();
        assert_ne!(ring.link_hash("a").0, ring.keyed_hash("one-time", b"a"));
        assert_ne!(ring.link_hash("a").0, KeyRing::generate().link_hash("a").0);
    }
}
