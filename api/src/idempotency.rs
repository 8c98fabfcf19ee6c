//! A repeated request gets the first one's answer (security.md D14). The key's row is written in the
//! transaction of the work, so both are there or neither is. Answers about a contact are sealed with the
//! contact's key: erasing the contact erases them. Others are sealed with the organization's.

use chrono::TimeDelta;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Set};
use sealpost_migrations::crash_point;
use sealpost_shared::contact_fields::ContactField;
use sealpost_shared::contacts::Contact;
use sealpost_shared::conversations::Message;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::problem::ProblemCode;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::auth::Caller;
use crate::entities::idempotency_key;
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{Field, KeyRing, sha256};
use crate::state::State;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
const KEY_MAX: usize = 255;

/// A caller's key for one request.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    pub organization: OrganizationId,
    pub actor: Uuid,
    pub route: &'static str,
    pub key: String,
    fingerprint: Vec<u8>,
}

/// Answers that can be kept.
pub trait Kept: Serialize + DeserializeOwned {
    /// Whom it is about.
    fn contact(&self) -> Option<ContactId>;
}

impl Kept for Contact {
    fn contact(&self) -> Option<ContactId> {
        Some(self.id)
    }
}

impl Kept for Message {
    fn contact(&self) -> Option<ContactId> {
        Some(self.contact_id)
    }
}

impl Kept for ContactField {
    fn contact(&self) -> Option<ContactId> {
        None
    }
}

/// What a creating call gives: the answer, and whether it is the stored one of an earlier request.
#[derive(Debug)]
pub struct Answer<T> {
    pub value: T,
    pub replayed: bool,
}

impl IdempotencyKey {
    /// `request` is the parsed body: two spellings of one request are the same request. Its fingerprint
    /// is keyed, for a body can hold a PIN, and a PIN is soon found from a plain hash.
    pub fn new(
        ring: &KeyRing,
        organization: OrganizationId,
        actor: Uuid,
        route: &'static str,
        key: &str,
        request: &impl Serialize,
    ) -> Result<Self> {
        let valid = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !valid {
            return Err(ProblemCode::IdempotencyKeyInvalid.into());
        }
        let body = serde_json::to_vec(request).map_err(Problem::internal)?;
        Ok(Self {
            organization,
            actor,
            route,
            key: key.to_owned(),
            fingerprint: ring.keyed_hash("idempotency", &body),
        })
    }

    fn place(&self) -> (OrganizationId, Uuid, String, String) {
        (self.organization, self.actor, self.route.to_owned(), self.key.clone())
    }

    fn sealed_at(&self) -> Uuid {
        sealed_at(self.actor, self.route, &self.key)
    }
}

/// Stands for a row's key where a seal wants one id.
pub(crate) fn sealed_at(actor: Uuid, route: &str, key: &str) -> Uuid {
    let place = [actor.as_bytes(), route.as_bytes(), b"\0", key.as_bytes()].concat();
    let mut id = [0; 16];
    id.copy_from_slice(&sha256(&place)[..16]);
    Uuid::from_bytes(id)
}

/// Does `work` in one transaction, once per key. Without a key, every time. A stored answer, too, is for a
/// caller who still counts.
pub async fn once<T: Kept>(
    state: &State,
    caller: &Caller,
    key: Option<&IdempotencyKey>,
    work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>,
) -> Result<Answer<T>> {
    let answer = state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let Some(key) = key else {
                return Ok(Answer { value: work(tx).await?, replayed: false });
            };
            if !claim(state, tx, key).await? {
                return replay(state, tx, key).await.map(|value| Answer { value, replayed: true });
            }
            let value = work(tx).await?;
            store(state, tx, key, &value).await?;
            crash_point!("P1");
            Ok(Answer { value, replayed: false })
        })
        .await?;
    crash_point!("P2");
    Ok(answer)
}

/// True when this request is the first. An ended row makes way; on PostgreSQL a request that is
/// still running holds the row, and waiting for it ends in 409.
async fn claim(state: &State, tx: &DatabaseTransaction, key: &IdempotencyKey) -> Result<bool> {
    let now = state.now();
    idempotency_key::delete_ended(tx, key.place(), now).await?;
    let row = idempotency_key::ActiveModel {
        organization_id: Set(key.organization),
        actor_id: Set(key.actor),
        route: Set(key.route.to_owned()),
        key: Set(key.key.clone()),
        fingerprint: Set(key.fingerprint.clone()),
        contact_id: Set(None),
        sealed_response: Set(None),
        created_at: Set(now),
        expires_at: Set(now + KEPT),
    };
    let inserted = idempotency_key::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await;
    match inserted {
        Ok(rows) => Ok(rows == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) if is_lock_timeout(&error) => Err(ProblemCode::IdempotencyKeyInUse.into()),
        Err(error) => Err(error.into()),
    }
}

fn is_lock_timeout(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(sea_orm::RuntimeErr::SqlxError(cause))
        | DbErr::Query(sea_orm::RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "55P03")
        }
        _ => false,
    }
}

async fn replay<T: Kept>(state: &State, tx: &impl ConnectionTrait, key: &IdempotencyKey) -> Result<T> {
    let in_use = || Problem::from(ProblemCode::IdempotencyKeyInUse);
    let row = idempotency_key::find_live(tx, key.place(), state.now()).await?.ok_or_else(in_use)?;
    if row.fingerprint != key.fingerprint {
        return Err(ProblemCode::IdempotencyKeyReused.into());
    }
    let Some(contact) = row.contact_id else {
        let sealed = row.sealed_response.ok_or_else(in_use)?;
        let keys = state.secrets.organization(tx, key.organization).await?;
        let plain = keys.open(Field::IdempotentResponse, key.sealed_at().as_bytes(), &sealed)?;
        return serde_json::from_slice(&plain).map_err(Problem::internal);
    };
    let keys = state.secrets.contacts(tx, key.organization, [contact]).await?;
    let contact_key = keys.get(&contact).ok_or_else(not_found)?;
    let sealed = row.sealed_response.ok_or_else(in_use)?;
    let plain = contact_key.open(Field::IdempotentResponse, key.sealed_at(), &sealed)?;
    serde_json::from_str(&plain).map_err(Problem::internal)
}

async fn store<T: Kept>(
    state: &State,
    tx: &impl ConnectionTrait,
    key: &IdempotencyKey,
    value: &T,
) -> Result<()> {
    let contact = value.contact();
    let plain = serde_json::to_string(value).map_err(Problem::internal)?;
    let sealed = match contact {
        Some(contact) => {
            let contact_key = state.secrets.contact(tx, key.organization, contact).await?;
            contact_key.seal(Field::IdempotentResponse, key.sealed_at(), &plain)?
        }
        None => {
            let keys = state.secrets.organization(tx, key.organization).await?;
            keys.seal(Field::IdempotentResponse, key.sealed_at().as_bytes(), plain.as_bytes())?
        }
    };
    Ok(idempotency_key::set_response(tx, key.place(), contact, sealed).await?)
}
