//! Sealing: AES-256-GCM with a random nonce; what is sealed is bound to its place, so that ciphertexts
//! cannot be swapped between rows, columns, contacts or organizations (security.md D20).
//!
//! Form: one version byte, 12 bytes nonce, ciphertext and tag.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use sealpost_shared::ids::{ContactId, OrganizationId};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::random;
use crate::entities::contact_key;

const VERSION: u8 = 1;
pub const KEY_LENGTH: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("sealed data does not open: wrong key, wrong place or damage")]
    DoesNotOpen,
    #[error("the key has the wrong length")]
    KeyLength,
    #[error("the master key of version {0} is not in the key file")]
    MasterKeyUnknown(i64),
    #[error("sealing failed")]
    DoesNotSeal,
}

/// What is sealed: table and column. Part of what the seal is bound to.
#[derive(Debug, Clone, Copy)]
pub enum Field {
    ContactPhone,
    ContactEmail,
    ContactCustomFields,
    MessageBody,
    DeliveryContent,
    InboundContent,
    IdempotentResponse,
    OrganizationKey,
    OrganizationIndexKey,
    ContactKey,
    ServerKey,
    EventCursor,
    TotpSecret,
    InvitationEmail,
    StaffMailContent,
}

impl Field {
    const fn name(self) -> &'static str {
        match self {
            Self::ContactPhone => "contacts.phone",
            Self::ContactEmail => "contacts.email",
            Self::ContactCustomFields => "contacts.custom_fields",
            Self::MessageBody => "messages.body",
            Self::DeliveryContent => "deliveries.content",
            Self::InboundContent => "inbound_messages.content",
            Self::IdempotentResponse => "idempotency_keys.response",
            Self::OrganizationKey => "organization_keys.key",
            Self::OrganizationIndexKey => "organization_keys.index_key",
            Self::ContactKey => "contact_keys.key",
            Self::ServerKey => "server_keys.key",
            Self::EventCursor => "events.cursor",
            Self::TotpSecret => "second_steps.secret",
            Self::InvitationEmail => "invitations.email",
            Self::StaffMailContent => "staff_mails.content",
        }
    }
}

/// A key that seals. Made from 32 bytes, which it does not give back.
pub(super) struct SealingKey(LessSafeKey);

impl SealingKey {
    pub fn new(bytes: &[u8]) -> Result<Self, SealError> {
        UnboundKey::new(&AES_256_GCM, bytes)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| SealError::KeyLength)
    }

    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = random::bytes();
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .map_err(|_| SealError::DoesNotSeal)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (head, body) = sealed.split_at_checked(1 + NONCE_LEN).ok_or(SealError::DoesNotOpen)?;
        if head[0] != VERSION {
            return Err(SealError::DoesNotOpen);
        }
        let nonce = Nonce::try_assume_unique_for_key(&head[1..]).map_err(|_| SealError::DoesNotOpen)?;
        let mut buffer = Zeroizing::new(body.to_vec());
        let length = self
            .0
            .open_in_place(nonce, Aad::from(place), &mut buffer)
            .map_err(|_| SealError::DoesNotOpen)?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }
}

/// Where a sealed value belongs; parts are length-prefixed, so that no two places read alike.
pub(super) fn place(parts: &[&[u8]]) -> Vec<u8> {
    let mut place = b"sealpost/1".to_vec();
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
        let key = SealingKey::new(bytes.as_slice())?;
        Ok((ContactKey { organization: self.organization, contact, key }, wrapped))
    }

    pub(super) fn unwrap_contact(&self, row: &contact_key::Model) -> Result<ContactKey, SealError> {
        let bytes = self.open(Field::ContactKey, row.contact_id.uuid().as_bytes(), &row.wrapped_key)?;
        Ok(ContactKey {
            organization: self.organization,
            contact: row.contact_id,
            key: SealingKey::new(&bytes)?,
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
        self.key.seal(&self.place(field, row), plain.as_bytes())
    }

    pub fn open(&self, field: Field, row: Uuid, sealed: &[u8]) -> Result<String, SealError> {
        let plain = self.key.open(&self.place(field, row), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| SealError::DoesNotOpen)
    }

    fn place(&self, field: Field, row: Uuid) -> Vec<u8> {
        place(&[
            self.organization.uuid().as_bytes(),
            self.contact.uuid().as_bytes(),
            field.name().as_bytes(),
            row.as_bytes(),
        ])
    }
}

/// SHA-256, for values with enough entropy of their own.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_in_its_own_place_alone() {
        let keys = OrganizationKeys {
            organization: OrganizationId::from_uuid(Uuid::from_u128(1)),
            key: SealingKey::new(&[7; 32]).expect("a key"),
            index: hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]),
        };
        let (key, wrapped) = keys.new_contact_key(ContactId::from_uuid(Uuid::from_u128(2))).expect("a key");
        let row = Uuid::from_u128(3);
        let sealed = key.seal(Field::MessageBody, row, "Your results are in.").expect("sealed");
        assert_eq!(key.open(Field::MessageBody, row, &sealed).expect("opens"), "Your results are in.");
        assert!(key.open(Field::ContactPhone, row, &sealed).is_err());
        assert!(key.open(Field::MessageBody, Uuid::from_u128(4), &sealed).is_err());
        assert!(keys.open(Field::ContactKey, Uuid::from_u128(9).as_bytes(), &wrapped).is_err());
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert!(key.open(Field::MessageBody, row, &damaged).is_err(), "byte {place}");
        }
    }
}
