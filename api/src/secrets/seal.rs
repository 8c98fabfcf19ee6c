//! Sealing: AES-256-GCM with a random nonce; what is sealed is bound to its place, so that ciphertexts
//! cannot be swapped between rows, columns, contacts or organizations (security.md D20).
//!
//! Form: the form's number, the key's version in 4 bytes, 12 bytes nonce, ciphertext and tag. The key's version is part
//! of what the seal is bound to.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Utc};
pub use sealpost_shared::conversations::Direction;
use sealpost_shared::ids::{ContactId, OrganizationId};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::random;
use crate::entities::contact_key;

const FORM: u8 = 2;
/// The version that organizations' and contacts' keys begin with.
pub const FIRST: i64 = 1;
pub const KEY_LENGTH: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("sealed data does not open: wrong key, wrong place or damage")]
    DoesNotOpen,
    #[error("the key has the wrong length")]
    KeyLength,
    #[error("the master key of version {0} is not in the key file")]
    MasterKeyUnknown(i64),
    #[error("sealed with version {sealed} of a key of which there is version {held}")]
    KeyVersionUnknown { sealed: u32, held: u32 },
    #[error("sealing failed")]
    DoesNotSeal,
}

/// What is sealed: table and column. Part of what the seal is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    ContactPhone,
    ContactEmail,
    ContactCustomFields,
    /// Bound to its direction too: what a patient wrote cannot be passed off as the practice's words.
    MessageBody(Direction),
    DeliveryContent,
    /// Of a message that waits for its time.
    ScheduledBody,
    InboundContent,
    IdempotentResponse,
    OrganizationKey,
    OrganizationIndexKey,
    ContactKey,
    ServerKey,
    EventCursor,
    TotpSecret,
    PasskeyName,
    PasskeyCredential,
    PasskeyCeremony,
    InvitationEmail,
    StaffMailContent,
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::ContactPhone => "contacts.phone",
            Self::ContactEmail => "contacts.email",
            Self::ContactCustomFields => "contacts.custom_fields",
            Self::MessageBody(_) => "messages.body",
            Self::DeliveryContent => "deliveries.content",
            Self::ScheduledBody => "scheduled_messages.body",
            Self::InboundContent => "inbound_messages.content",
            Self::IdempotentResponse => "idempotency_keys.response",
            Self::OrganizationKey => "organization_keys.key",
            Self::OrganizationIndexKey => "organization_keys.index_key",
            Self::ContactKey => "contact_keys.key",
            Self::ServerKey => "server_keys.key",
            Self::EventCursor => "events.cursor",
            Self::TotpSecret => "second_steps.secret",
            Self::PasskeyName => "passkeys.name",
            Self::PasskeyCredential => "passkeys.credential",
            Self::PasskeyCeremony => "passkey_ceremonies.state",
            Self::InvitationEmail => "invitations.email",
            Self::StaffMailContent => "staff_mails.content",
        }
    }
}

/// A key that seals. Made from 32 bytes, which it does not give back.
pub(super) struct SealingKey {
    key: LessSafeKey,
    version: u32,
}

impl SealingKey {
    pub fn new(bytes: &[u8], version: i64) -> Result<Self, SealError> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::KeyLength)?;
        let version = u32::try_from(version).map_err(|_| SealError::MasterKeyUnknown(version))?;
        Ok(Self { key: LessSafeKey::new(key), version })
    }

    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let version = self.version.to_be_bytes();
        let mut sealed = plain.to_vec();
        let bound = Aad::from([place, &version].concat());
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .map_err(|_| SealError::DoesNotSeal)?;
        Ok([&[FORM][..], &version, &nonce, &sealed].concat())
    }

    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match sealed.split_first() {
            Some((&FORM, rest)) => {
                let (version, rest) = rest.split_first_chunk::<4>().ok_or(SealError::DoesNotOpen)?;
                let sealed = u32::from_be_bytes(*version);
                if sealed != self.version {
                    return Err(SealError::KeyVersionUnknown { sealed, held: self.version });
                }
                self.open_bound([place, version].concat(), rest)
            }
            _ => Err(SealError::DoesNotOpen),
        }
    }

    fn open_bound(&self, bound: Vec<u8>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError::DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::DoesNotOpen)?;
        let mut buffer = Zeroizing::new(body.to_vec());
        let opened = self.key.open_in_place(nonce, Aad::from(bound), &mut buffer);
        let length = opened.map_err(|_| SealError::DoesNotOpen)?.len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

/// The version of the key that something is sealed with.
fn key_version(sealed: &[u8]) -> Option<u32> {
    let (form, rest) = sealed.split_first()?;
    (*form == FORM).then(|| rest.first_chunk::<4>().copied().map(u32::from_be_bytes))?
}

/// A key in all its versions: the newest seals, each opens what it sealed.
pub(super) struct Versioned {
    newest: SealingKey,
    older: Vec<SealingKey>,
}

impl Versioned {
    /// Nothing, if there is no version.
    pub fn new(mut versions: Vec<SealingKey>) -> Option<Self> {
        versions.sort_by_key(|key| key.version);
        Some(Self { newest: versions.pop()?, older: versions })
    }

    fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.newest.seal(place, plain)
    }

    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let version = key_version(sealed);
        let key = self.older.iter().find(|key| Some(key.version) == version).unwrap_or(&self.newest);
        key.open(place, sealed)
    }
}

const SCHEMA: &[u8] = b"sealpost/2";

/// Where a sealed value belongs; parts are length-prefixed, so that no two places read alike.
pub(super) fn place(parts: &[&[u8]]) -> Vec<u8> {
    let mut place = SCHEMA.to_vec();
    for part in parts {
        place.extend_from_slice(&(part.len() as u64).to_be_bytes());
        place.extend_from_slice(part);
    }
    place
}

/// An organization's keys: one wraps its contacts' keys and seals what is the organization's own, one makes the indexes
/// that find sealed values. The second has one version for ever, or nothing would be found by it.
pub struct OrganizationKeys {
    pub(super) organization: OrganizationId,
    pub(super) key: Versioned,
    pub(super) index: hmac::Key,
    /// Made from the index key: what clients hold of ours must open whatever was rotated.
    pub(super) cursors: Versioned,
}

impl OrganizationKeys {
    /// A keyed index of a normalised value (security.md D20); `field` keeps phone and email apart.
    pub fn index(&self, field: Field, value: &str) -> Vec<u8> {
        hmac::sign(&self.index, &place(&[field.name().as_bytes(), value.as_bytes()])).as_ref().to_vec()
    }

    /// The version that seals.
    pub fn version(&self) -> i64 {
        i64::from(self.key.newest.version)
    }

    /// Seals something of the organization that belongs to no contact. Read in the transaction that writes it: a
    /// version goes when nothing is under it.
    pub fn seal(&self, field: Field, row: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.key_of(field).seal(&self.place(field, row), plain)
    }

    pub fn open(&self, field: Field, row: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.key_of(field).open(&self.place(field, row), sealed)
    }

    const fn key_of(&self, field: Field) -> &Versioned {
        match field {
            Field::EventCursor => &self.cursors,
            _ => &self.key,
        }
    }

    fn place(&self, field: Field, row: &[u8]) -> Vec<u8> {
        place(&[self.organization.uuid().as_bytes(), field.name().as_bytes(), row])
    }

    /// A new contact's key: usable, and wrapped as its row.
    pub fn new_contact_key(
        &self,
        contact: ContactId,
        now: DateTime<Utc>,
    ) -> Result<(ContactKey, contact_key::Model), SealError> {
        let row = self.contact_key_row(contact, FIRST, now)?;
        Ok((self.unwrap_contact(std::slice::from_ref(&row))?, row))
    }

    /// A fresh key of this version, as its row.
    pub(crate) fn contact_key_row(
        &self,
        contact: ContactId,
        version: i64,
        now: DateTime<Utc>,
    ) -> Result<contact_key::Model, SealError> {
        let bytes = Zeroizing::new(random::bytes::<KEY_LENGTH>());
        Ok(contact_key::Model {
            organization_id: self.organization,
            contact_id: contact,
            version,
            wrapped_key: self.seal(Field::ContactKey, contact.uuid().as_bytes(), bytes.as_slice())?,
            organization_key_version: self.version(),
            created_at: now,
        })
    }

    /// A contact's key from all of its rows.
    pub fn unwrap_contact(&self, rows: &[contact_key::Model]) -> Result<ContactKey, SealError> {
        let contact = rows.first().ok_or(SealError::DoesNotOpen)?.contact_id;
        let versions = rows.iter().map(|row| {
            let place = row.contact_id.uuid();
            SealingKey::new(&self.open(Field::ContactKey, place.as_bytes(), &row.wrapped_key)?, row.version)
        });
        let key = Versioned::new(versions.collect::<Result<_, _>>()?).ok_or(SealError::DoesNotOpen)?;
        Ok(ContactKey { organization: self.organization, contact, key })
    }
}

/// Seals what belongs to one contact.
pub struct ContactKey {
    organization: OrganizationId,
    contact: ContactId,
    key: Versioned,
}

impl ContactKey {
    /// The version that seals.
    pub fn version(&self) -> i64 {
        i64::from(self.key.newest.version)
    }

    /// With a key that was read in the transaction that writes: a version goes when nothing is under it.
    pub fn seal(&self, field: Field, row: Uuid, plain: &str) -> Result<Vec<u8>, SealError> {
        self.key.seal(&self.place(field, row), plain.as_bytes())
    }

    pub fn open(&self, field: Field, row: Uuid, sealed: &[u8]) -> Result<String, SealError> {
        let plain = self.key.open(&self.place(field, row), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SealError::DoesNotOpen)
    }

    fn place(&self, field: Field, row: Uuid) -> Vec<u8> {
        let (organization, contact) = (self.organization.uuid(), self.contact.uuid());
        let parts: [&[u8]; 4] =
            [organization.as_bytes(), contact.as_bytes(), field.name().as_bytes(), row.as_bytes()];
        match field {
            Field::MessageBody(Direction::Inbound) => place(&[&parts[..], &[b"inbound"]].concat()),
            Field::MessageBody(Direction::Outbound) => place(&[&parts[..], &[b"outbound"]].concat()),
            _ => place(&parts),
        }
    }
}

/// SHA-256, for values with enough entropy of their own.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// Two characters a byte: letters and digits that survive every header and every shell.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(held: &[i64]) -> OrganizationKeys {
        let versions = |versions: &[i64]| {
            let keys = versions.iter().map(|version| SealingKey::new(&[*version as u8; 32], *version));
            Versioned::new(keys.map(|key| key.expect("a key")).collect()).expect("a version")
        };
        OrganizationKeys {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            key: versions(held),
            index: hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]),
            cursors: versions(&[FIRST]),
        }
    }

    #[test]
    fn the_newest_version_seals_and_each_opens_its_own() {
        let (first, both, second) = (organization(&[1]), organization(&[2, 1]), organization(&[2]));
        let seal = |keys: &OrganizationKeys| keys.seal(Field::TotpSecret, b"row", b"secret").expect("sealed");
        let opens =
            |keys: &OrganizationKeys, sealed: &[u8]| keys.open(Field::TotpSecret, b"row", sealed).is_ok();
        let (old, new) = (seal(&first), seal(&both));
        assert_eq!((key_version(&old), key_version(&new), both.version()), (Some(1), Some(2), 2));
        assert!(opens(&both, &old) && opens(&both, &new) && opens(&second, &new));
        let unknown = second.open(Field::TotpSecret, b"row", &old).expect_err("it is gone");
        assert!(matches!(unknown, SealError::KeyVersionUnknown { sealed: 1, held: 2 }));
        // What says another version than it was sealed with does not open.
        let mut lying = old.clone();
        lying[4] = 2;
        assert!(!opens(&both, &lying));
        let cursor = first.seal(Field::EventCursor, b"", b"7").expect("sealed");
        assert!(second.open(Field::EventCursor, b"", &cursor).is_ok(), "clients keep what they hold");
    }

    #[test]
    fn a_sealed_value_opens_in_its_own_place_alone() {
        let keys = organization(&[FIRST]);
        let (contact, row) = (ContactId::from_uuid(Uuid::from_u128(2)), Uuid::from_u128(3));
        let (key, wrapped) = keys.new_contact_key(contact, DateTime::UNIX_EPOCH).expect("a key");
        let sealed =
            key.seal(Field::MessageBody(Direction::Outbound), row, "Your results are in.").expect("sealed");
        assert_eq!(
            key.open(Field::MessageBody(Direction::Outbound), row, &sealed).expect("opens"),
            "Your results are in."
        );
        assert!(key.open(Field::ContactPhone, row, &sealed).is_err());
        assert!(key.open(Field::MessageBody(Direction::Outbound), Uuid::from_u128(4), &sealed).is_err());
        let moved =
            contact_key::Model { contact_id: ContactId::from_uuid(Uuid::from_u128(9)), ..wrapped.clone() };
        assert!(keys.unwrap_contact(&[moved]).is_err());
        let other = keys.unwrap_contact(&[contact_key::Model { version: 2, ..wrapped }]).expect("unwrapped");
        assert!(
            other
                .seal(Field::ContactPhone, row, "+1")
                .is_ok_and(|sealed| key.open(Field::ContactPhone, row, &sealed).is_err())
        );
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert!(
                key.open(Field::MessageBody(Direction::Outbound), row, &damaged).is_err(),
                "byte {place}"
            );
        }
    }
}
