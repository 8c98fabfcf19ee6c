//! Sealing: AES-256-GCM with a random nonce; what is sealed is bound to its place, so that ciphertexts
//! cannot be swapped between rows, columns, contacts or organizations (security.md D20).
//!
//! Form: the form's number (2), the key's version in 4 bytes, 12 bytes nonce, ciphertext and tag. The key's
//! version is part of what the seal is bound to. Form 1, which only opens, had no version in it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
pub use sealpost_shared::conversations::Direction;
use sealpost_shared::ids::{ContactId, OrganizationId};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::random;
use crate::entities::contact_key;

const FORM: u8 = 2;
const OLD_FORM: u8 = 1;
/// The version of organizations' and contacts' keys; only the master key has had others.
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
            Some((&OLD_FORM, rest)) => self.open_bound(old_place(place), rest),
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

const SCHEMA: &[u8] = b"sealpost/2";

/// The same place as form 1 wrote it.
fn old_place(place: &[u8]) -> Vec<u8> {
    [b"sealpost/1", &place[SCHEMA.len()..]].concat()
}

/// Where a sealed value belongs; parts are length-prefixed, so that no two places read alike.
pub(super) fn place(parts: &[&[u8]]) -> Vec<u8> {
    let mut place = SCHEMA.to_vec();
    for part in parts {
        place.extend_from_slice(&(part.len() as u64).to_be_bytes());
        place.extend_from_slice(part);
    }
    place
}

/// An organization's keys: one wraps its contacts' keys, one makes the indexes that find sealed values.
pub struct OrganizationKeys {
    pub(super) organization: OrganizationId,
    pub(super) key: SealingKey,
    pub(super) index: hmac::Key,
}

impl OrganizationKeys {
    /// A keyed index of a normalised value (security.md D20); `field` keeps phone and email apart.
    pub fn index(&self, field: Field, value: &str) -> Vec<u8> {
        hmac::sign(&self.index, &place(&[field.name().as_bytes(), value.as_bytes()])).as_ref().to_vec()
    }

    /// Seals something of the organization that belongs to no contact.
    pub fn seal(&self, field: Field, row: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.key.seal(&self.place(field, row), plain)
    }

    pub fn open(&self, field: Field, row: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.key.open(&self.place(field, row), sealed)
    }

    fn place(&self, field: Field, row: &[u8]) -> Vec<u8> {
        place(&[self.organization.uuid().as_bytes(), field.name().as_bytes(), row])
    }

    /// A new contact's key: usable, and wrapped for its row.
    pub fn new_contact_key(&self, contact: ContactId) -> Result<(ContactKey, Vec<u8>), SealError> {
        let bytes = Zeroizing::new(random::bytes::<KEY_LENGTH>());
        let wrapped = self.seal(Field::ContactKey, contact.uuid().as_bytes(), bytes.as_slice())?;
        let key = SealingKey::new(bytes.as_slice(), FIRST)?;
        Ok((ContactKey { organization: self.organization, contact, key }, wrapped))
    }

    pub fn unwrap_contact(&self, row: &contact_key::Model) -> Result<ContactKey, SealError> {
        let bytes = self.open(Field::ContactKey, row.contact_id.uuid().as_bytes(), &row.wrapped_key)?;
        Ok(ContactKey {
            organization: self.organization,
            contact: row.contact_id,
            key: SealingKey::new(&bytes, FIRST)?,
        })
    }
}

/// Seals what belongs to one contact.
pub struct ContactKey {
    organization: OrganizationId,
    contact: ContactId,
    key: SealingKey,
}

impl ContactKey {
    pub fn seal(&self, field: Field, row: Uuid, plain: &str) -> Result<Vec<u8>, SealError> {
        self.key.seal(&self.place(field, row, FORM), plain.as_bytes())
    }

    pub fn open(&self, field: Field, row: Uuid, sealed: &[u8]) -> Result<String, SealError> {
        let form = sealed.first().copied().unwrap_or(FORM);
        let plain = self.key.open(&self.place(field, row, form), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SealError::DoesNotOpen)
    }

    fn place(&self, field: Field, row: Uuid, form: u8) -> Vec<u8> {
        let direction: &[u8] = match field {
            Field::MessageBody(Direction::Inbound) => b"inbound",
            Field::MessageBody(Direction::Outbound) => b"outbound",
            _ => b"",
        };
        let (organization, contact) = (self.organization.uuid(), self.contact.uuid());
        let parts: [&[u8]; 4] =
            [organization.as_bytes(), contact.as_bytes(), field.name().as_bytes(), row.as_bytes()];
        let with_direction = [&parts[..], &[direction]].concat();
        place(if form == OLD_FORM || direction.is_empty() { &parts } else { &with_direction })
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

    #[test]
    fn a_sealed_value_opens_in_its_own_place_alone() {
        let keys = OrganizationKeys {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            key: SealingKey::new(&[7; 32], FIRST).expect("a key"),
            index: hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]),
        };
        let (key, wrapped) = keys.new_contact_key(ContactId::from_uuid(Uuid::from_u128(2))).expect("a key");
        let row = Uuid::from_u128(3);
        let sealed =
            key.seal(Field::MessageBody(Direction::Outbound), row, "Your results are in.").expect("sealed");
        assert_eq!(
            key.open(Field::MessageBody(Direction::Outbound), row, &sealed).expect("opens"),
            "Your results are in."
        );
        assert!(key.open(Field::ContactPhone, row, &sealed).is_err());
        assert!(key.open(Field::MessageBody(Direction::Outbound), Uuid::from_u128(4), &sealed).is_err());
        assert!(keys.open(Field::ContactKey, Uuid::from_u128(9).as_bytes(), &wrapped).is_err());
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
