//! The key file: the one thing that is not in the database, and without which the database says nothing.
//!
//! `master` wraps the organizations' keys, `pepper` goes into PIN and password hashes, `link` makes the hashes
//! of link tokens. The newest version seals, all open. A running server works with the file as it is now:
//! a version that `keys rotate` adds counts at once, in every server that shares the file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, bail};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, KeyPair, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use sealpost_shared::ids::OrganizationId;
use zeroize::Zeroizing;

use super::hashing::Peppers;
use super::key_file::{Keys, Stamp, Versions, stamp};
use super::random;
use super::seal::{FIRST, Field, KEY_LENGTH, OrganizationKeys, SealError, SealingKey, Versioned, place};
use crate::db::HeadSigner;
use crate::entities::organization_key;

pub struct KeyRing {
    /// Where the keys come from; keys that were made for a test have no file.
    file: Option<PathBuf>,
    held: RwLock<Held>,
}

struct Held {
    keys: Arc<Keys>,
    seen: Option<Stamp>,
    /// Whether the file, as it was seen last, is the one that these keys are from.
    is_sound: bool,
}

impl Held {
    fn new(keys: Keys, seen: Option<Stamp>) -> RwLock<Self> {
        RwLock::new(Self { keys: Arc::new(keys), seen, is_sound: true })
    }
}

impl KeyRing {
    #[cfg(test)]
    fn of(keys: Keys) -> Self {
        Self { file: None, held: Held::new(keys, None) }
    }

    /// Reads the file, or makes it when `create` says so. True when it was made.
    pub fn load(path: &Path, create: bool) -> anyhow::Result<(Self, bool)> {
        // Before the text: a file that changes in between is read again.
        let seen = stamp(path);
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                let keys = Keys::parse(&text).with_context(|| format!("key file {}", path.display()))?;
                Ok((Self { file: Some(path.to_owned()), held: Held::new(keys, seen) }, false))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && create => {
                let made = Keys::generate()?
                    .place(path)
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

    /// The keys as the file has them now. A file that is away, damaged or another one leaves what was read before.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        let now = self.file.as_deref().and_then(stamp);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (keys, seen) = (held.keys.clone(), held.seen);
        drop(held);
        match (&self.file, now) {
            (Some(path), Some(now)) if seen != Some(now) => self.read_again(path, now).unwrap_or(keys),
            _ => keys,
        }
    }

    /// Whether the file is there and is the one that the server works with: on it the next start depends.
    pub fn is_sound(&self) -> bool {
        self.keys();
        let is_there = self.file.as_deref().is_none_or(|path| stamp(path).is_some());
        is_there && self.held.read().unwrap_or_else(PoisonError::into_inner).is_sound
    }

    fn read_again(&self, path: &Path, seen: Stamp) -> Option<Arc<Keys>> {
        let text = std::fs::read_to_string(path).ok().map(Zeroizing::new);
        let read = text.and_then(|text| Keys::parse(&text).ok()).map(Arc::new);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // A file that is refused is looked at again when it changes, not with every call.
        held.seen = Some(seen);
        // With another installation's keys nothing would open, and what they seal nobody could open later.
        let refused = match &read {
            None => Some("the key file changed and cannot be read; the keys it held before still count"),
            Some(keys) if !keys.follow(&held.keys) => {
                Some("the key file was changed for one with other keys; those it held before still count")
            }
            Some(_) => None,
        };
        held.is_sound = refused.is_none();
        if let Some(why) = refused {
            tracing::error!("{why}");
            return None;
        }
        tracing::info!("the key file was read again");
        held.keys.clone_from(read.as_ref()?);
        read
    }

    pub(super) fn peppers(&self) -> Arc<Peppers> {
        self.keys().pepper.clone()
    }

    /// The hash by which a link's token is found, and the version of the key that made it
    /// (security.md D2).
    pub fn link_hash(&self, token: &str) -> (Vec<u8>, i64) {
        let (version, key) = newest(&self.keys().link);
        (link_hash(&key, token), version)
    }

    /// What a token may be stored under: one hash per version of the key.
    pub fn link_hashes(&self, token: &str) -> Vec<Vec<u8>> {
        self.keys().link.values().map(|key| link_hash(key, token)).collect()
    }

    /// A hash that nobody without the key file can make or check; `domain` keeps its uses apart. By the first
    /// link key for ever: recovery codes and invitations are found by it, whatever was added since.
    pub fn keyed_hash(&self, domain: &str, value: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let first = keys.link.first_key_value().map_or(&[][..], |(_, key)| key.as_slice());
        let key = hmac::Key::new(hmac::HMAC_SHA256, first);
        hmac::sign(&key, &[domain.as_bytes(), b"\0", value].concat()).as_ref().to_vec()
    }

    /// A new organization's keys, wrapped as its row.
    pub fn new_organization_keys(
        &self,
        organization: OrganizationId,
        now: DateTime<Utc>,
    ) -> Result<organization_key::Model, SealError> {
        let index = Zeroizing::new(random::bytes::<KEY_LENGTH>());
        self.organization_key_row(organization, FIRST, index.as_slice(), now)
    }

    /// The version that follows: another key that seals, the same one for indexes.
    pub(crate) fn next_organization_key(
        &self,
        newest: &organization_key::Model,
        now: DateTime<Utc>,
    ) -> Result<organization_key::Model, SealError> {
        let place = wrapped_place(newest, Field::OrganizationIndexKey);
        let index = self.master_key(newest.master_key_version)?.open(&place, &newest.wrapped_index_key)?;
        self.organization_key_row(newest.organization_id, newest.version + 1, &index, now)
    }

    fn organization_key_row(
        &self,
        organization: OrganizationId,
        version: i64,
        index: &[u8],
        now: DateTime<Utc>,
    ) -> Result<organization_key::Model, SealError> {
        let (master_key_version, master) = newest(&self.keys().master);
        let master = SealingKey::new(&master, master_key_version)?;
        let key = Zeroizing::new(random::bytes::<KEY_LENGTH>());
        let mut row = organization_key::Model {
            organization_id: organization,
            version,
            wrapped_key: Vec::new(),
            wrapped_index_key: Vec::new(),
            master_key_version,
            created_at: now,
        };
        row.wrapped_key = master.seal(&wrapped_place(&row, Field::OrganizationKey), key.as_slice())?;
        row.wrapped_index_key = master.seal(&wrapped_place(&row, Field::OrganizationIndexKey), index)?;
        Ok(row)
    }

    /// An organization's keys as they are, wrapped by another version of the master key.
    pub(crate) fn wrap_organization_anew(
        &self,
        row: &organization_key::Model,
        version: i64,
    ) -> Result<(Vec<u8>, Vec<u8>), SealError> {
        let (old, new) = (self.master_key(row.master_key_version)?, self.master_key(version)?);
        let wrap = |field, wrapped: &[u8]| {
            let place = wrapped_place(row, field);
            new.seal(&place, &old.open(&place, wrapped)?)
        };
        Ok((
            wrap(Field::OrganizationKey, &row.wrapped_key)?,
            wrap(Field::OrganizationIndexKey, &row.wrapped_index_key)?,
        ))
    }

    /// An organization's keys from all of its rows.
    pub fn unwrap_organization(
        &self,
        rows: &[organization_key::Model],
    ) -> Result<OrganizationKeys, SealError> {
        let versions = rows.iter().map(|row| {
            let master = self.master_key(row.master_key_version)?;
            let key = master.open(&wrapped_place(row, Field::OrganizationKey), &row.wrapped_key)?;
            SealingKey::new(&key, row.version)
        });
        let key = Versioned::new(versions.collect::<Result<_, _>>()?).ok_or(SealError::DoesNotOpen)?;
        let newest = rows.iter().max_by_key(|row| row.version).ok_or(SealError::DoesNotOpen)?;
        let place = wrapped_place(newest, Field::OrganizationIndexKey);
        let index = self.master_key(newest.master_key_version)?.open(&place, &newest.wrapped_index_key)?;
        let index = hmac::Key::new(hmac::HMAC_SHA256, &index);
        let cursors = SealingKey::new(hmac::sign(&index, b"event cursors").as_ref(), FIRST)?;
        Ok(OrganizationKeys {
            organization: newest.organization_id,
            key,
            index,
            cursors: Versioned::new(vec![cursors]).ok_or(SealError::DoesNotOpen)?,
        })
    }

    /// Seals a key of the installation itself; the master key's version stands before it.
    pub fn seal_server_key(&self, purpose: &str, id: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, master) = newest(&self.keys().master);
        let sealed = SealingKey::new(&master, version)?.seal(&server_place(purpose, id), plain)?;
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

    fn master_key(&self, version: i64) -> Result<SealingKey, SealError> {
        SealingKey::new(
            self.keys().master.get(&version).ok_or(SealError::MasterKeyUnknown(version))?,
            version,
        )
    }
}

/// The version of the master key, then the signature of the key made from it.
impl HeadSigner for KeyRing {
    fn sign(&self, head: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let newest = keys.head_signers.last_key_value();
        newest.map_or_else(Vec::new, |(version, pair)| {
            [&version.to_be_bytes()[..], pair.sign(head).as_ref()].concat()
        })
    }

    fn verify(&self, head: &[u8], signature: &[u8]) -> bool {
        let keys = self.keys();
        let Some((version, signature)) = signature.split_first_chunk::<8>() else { return false };
        let pair = keys.head_signers.get(&i64::from_be_bytes(*version));
        pair.is_some_and(|pair| {
            UnparsedPublicKey::new(&ED25519, pair.public_key()).verify(head, signature).is_ok()
        })
    }
}

fn link_hash(key: &[u8], token: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, &[b"link\0", token.as_bytes()].concat()).as_ref().to_vec()
}

fn wrapped_place(row: &organization_key::Model, field: Field) -> Vec<u8> {
    place(&[row.organization_id.uuid().as_bytes(), format!("{field:?}").as_bytes()])
}

fn server_place(purpose: &str, id: &str) -> Vec<u8> {
    place(&[b"server_keys", purpose.as_bytes(), id.as_bytes()])
}

/// `Keys` leaves no kind empty; an all-zero key would only make look-ups miss.
fn newest(versions: &Versions) -> (i64, Zeroizing<Vec<u8>>) {
    versions
        .last_key_value()
        .map_or_else(|| (0, Zeroizing::new(vec![0; KEY_LENGTH])), |(version, key)| (*version, key.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::key_file::Kind;
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
        let keys = Keys::generate().expect("keys");
        let (more, _) = keys.with_new(Kind::Link).expect("keys");
        let (old, _) = KeyRing::of(keys).link_hash("token");
        let ring = KeyRing::of(more);
        let (new, version) = ring.link_hash("token");
        assert_eq!((version, ring.link_hashes("token")), (2, vec![old, new]));
    }

    #[test]
    fn a_damaged_key_file_is_refused() {
        for text in ["", "master.1 AAAA", "master.1", "master.x AAAA", "other.1 AAAA", "master.1 %%%"] {
            assert!(Keys::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn token_hash_domain_separated() {
        let made = || KeyRing::of(Keys::generate().expect("keys"));
        let ring = made();
        assert_ne!(ring.link_hash("a").0, ring.keyed_hash("one-time", b"a"));
        assert_ne!(ring.link_hash("a").0, made().link_hash("a").0);
    }
    #[test]
    fn a_new_version_in_the_file_counts_at_once_and_a_damaged_file_changes_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("master.key");
        let (ring, _) = KeyRing::load(&path, true).expect("made");
        let (old, _) = ring.link_hash("token");
        let (signature, kept) = (ring.sign(b"head"), ring.keyed_hash("recovery-code", b"x"));
        let (keys, version) = ring.keys().with_new(Kind::Link).expect("keys");
        let (keys, _) = keys.with_new(Kind::Master).expect("keys");
        keys.replace(&path).expect("replaced");
        let (new, now) = ring.link_hash("token");
        assert_eq!((now, ring.link_hashes("token")), (version, vec![old, new.clone()]));
        assert_eq!(ring.keyed_hash("recovery-code", b"x"), kept);
        assert!(ring.verify(b"head", &signature) && !ring.verify(b"hea_", &signature));
        assert_ne!(ring.sign(b"head")[..8], signature[..8]);
        std::fs::write(&path, "master.1 nonsense").expect("written");
        assert_eq!(ring.link_hash("token").0, new);
    }
}
