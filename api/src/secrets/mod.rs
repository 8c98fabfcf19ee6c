//! Keys and what is done with them: sealing at rest, keyed hashes, PIN and password hashing, random tokens.
//!
//! Master key (file) → organization's key → contact's key → what a contact said and where they can be
//! reached (security.md D20). Nothing here prints itself, and nothing is ever stored unsealed for want of a key.

mod hashing;
pub(crate) mod key_file;
mod key_ring;
mod random;
mod seal;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::problem::ProblemCode;

pub use hashing::{HashPermits, SecretHash};
pub use key_ring::KeyRing;
pub use random::{
    TOKEN_LENGTH, bytes as random_bytes, long_token, token as random_token, valid_long_token, valid_token,
};
pub use seal::{ContactKey, Direction, Field, OrganizationKeys, SealError, hex, sha256};

use crate::db::{Db, is_writing};
use crate::entities::{contact_key, organization_key, server_key};
use crate::problem::Problem;

type Unwrapped = (Vec<organization_key::Model>, Arc<OrganizationKeys>);

/// The keys of this installation, and the organizations' keys once they were unwrapped.
pub struct Secrets {
    ring: Arc<KeyRing>,
    /// With the rows that they were unwrapped from.
    organizations: RwLock<HashMap<OrganizationId, Unwrapped>>,
    pub hashing: HashPermits,
}

impl Secrets {
    pub fn new(ring: KeyRing) -> Self {
        let ring = Arc::new(ring);
        let peppers = ring.clone();
        let hashing = HashPermits::new(move || peppers.peppers());
        Self { ring, organizations: RwLock::default(), hashing }
    }

    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    pub fn shared_ring(&self) -> Arc<KeyRing> {
        self.ring.clone()
    }

    /// An organization's keys as they are now: another server, or a command, may have made a version this moment. In a
    /// transaction that writes, its versions stay until the transaction ends.
    pub async fn organization(
        &self,
        db: &impl ConnectionTrait,
        id: OrganizationId,
    ) -> Result<Arc<OrganizationKeys>, KeyError> {
        let rows = organization_key::list(db, id, is_writing()).await?;
        let known = self.organizations.read().map(|keys| keys.get(&id).cloned()).unwrap_or_default();
        if let Some((_, keys)) = known.filter(|(known, _)| *known == rows) {
            return Ok(keys);
        }
        if rows.is_empty() {
            return Err(KeyError::Missing);
        }
        let keys = Arc::new(self.ring.unwrap_organization(&rows)?);
        if let Ok(mut cache) = self.organizations.write() {
            cache.insert(id, (rows, keys.clone()));
        }
        Ok(keys)
    }

    pub async fn contact(
        &self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        contact: ContactId,
    ) -> Result<ContactKey, KeyError> {
        let mut keys = self.contacts(db, organization, [contact]).await?;
        keys.remove(&contact).ok_or(KeyError::Missing)
    }

    /// The keys of several contacts in one look-up. A contact that was erased has none.
    pub async fn contacts(
        &self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        contacts: impl IntoIterator<Item = ContactId>,
    ) -> Result<HashMap<ContactId, ContactKey>, KeyError> {
        let keys = self.organization(db, organization).await?;
        let rows = contact_key::list(db, organization, contacts, is_writing()).await?;
        let each = rows.chunk_by(|one, other| one.contact_id == other.contact_id);
        each.map(|rows| Ok((rows[0].contact_id, keys.unwrap_contact(rows)?))).collect()
    }
}

/// Why a key cannot be had. A database that fails and a key that does not open are told apart: after the
/// first, a transaction is lost on PostgreSQL.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("a key is missing")]
    Missing,
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Database(error) => error.into(),
            KeyError::Seal(error) => error.into(),
            KeyError::Missing => Self::internal(error),
        }
    }
}

/// Notes what each key of the file is, or finds that one is another: with the wrong pepper or link key
/// everything would open and no PIN or link would ever be right (security.md D22).
pub async fn check_keys(db: &Db, ring: &KeyRing, now: DateTime<Utc>) -> anyhow::Result<()> {
    let known = server_key::list(&db.before_organization().read().await?, KEY_CHECK).await?;
    let checks: Vec<_> = ring.keys().checks().collect();
    // What `keys rotate --retire` took out has no check any more.
    if let Some(missing) = known.iter().find(|row| checks.iter().all(|(name, _)| *name != row.id)) {
        anyhow::bail!("the key `{}` of this database is not in the key file", missing.id);
    }
    for (name, check) in checks {
        match known.iter().find(|row| row.id == name) {
            Some(row) if row.sealed_key == check => {}
            Some(_) => {
                anyhow::bail!("the key `{name}` in the key file is not the one this database was made with")
            }
            None => {
                let row = server_key::Model {
                    purpose: KEY_CHECK.to_owned(),
                    id: name,
                    sealed_key: check,
                    created_at: now,
                };
                db.before_organization().write(async |tx| Ok(server_key::insert_new(tx, row).await?)).await?;
            }
        }
    }
    Ok(())
}

/// Whether every key of the file that the database knows is the same. Changes nothing.
pub async fn keys_belong(db: &Db, ring: &KeyRing) -> Result<bool, DbErr> {
    keys_fit(&db.before_organization().read().await?, ring).await
}

/// The same, for whoever reads the installation's own tables in a transaction.
pub async fn keys_fit(tx: &impl ConnectionTrait, ring: &KeyRing) -> Result<bool, DbErr> {
    let known = server_key::list(tx, KEY_CHECK).await?;
    let checks: Vec<_> = ring.keys().checks().collect();
    Ok(known.iter().all(|row| checks.iter().any(|(name, check)| row.id == *name && row.sealed_key == *check)))
}

pub(crate) const KEY_CHECK: &str = "key-check";
/// What the settings of channels are sealed for.
pub(crate) const CHANNELS: &str = "channel";

impl From<SealError> for Problem {
    /// Fails closed: what cannot be opened is never shown and never replaced (security.md D22).
    fn from(error: SealError) -> Self {
        match error {
            SealError::MasterKeyUnknown(_) | SealError::KeyVersionUnknown { .. } => {
                tracing::error!(error.cause = %error, "a row cannot be opened until its key is back");
                Self::from(ProblemCode::Unavailable).retry_after(60)
            }
            error => Self::internal(error),
        }
    }
}
