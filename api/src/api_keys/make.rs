//! A new key, in the caller's transaction.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::api_keys::KeyScope;
use sealpost_shared::ids::{KeyId, OrganizationId};
use sealpost_shared::text::Name;

use crate::auth::hash_api_key;
use crate::entities::api_key;
use crate::ids::new_id;
use crate::journal::{Actor, Journal};
use crate::problem::Result;
use crate::secrets::{hex, random_bytes};
use crate::state::State;

/// What a new key is and may do.
pub struct NewKey<'a> {
    pub name: &'a Name,
    /// What its secret starts with.
    pub prefix: &'a str,
    pub scope: KeyScope,
    pub expires_at: Option<DateTime<Utc>>,
}

/// The key of whoever sets the organization up: it may do what an admin may.
pub async fn make_first(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    name: &Name,
    prefix: &str,
) -> Result<String> {
    let new = NewKey { name, prefix, scope: KeyScope::Admin, expires_at: None };
    Ok(make(state, tx, organization, Actor::System, &new).await?.1)
}

/// An integrator's key: 256 random bits, shown once, kept as a hash.
pub(super) async fn make(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    actor: Actor,
    new: &NewKey<'_>,
) -> Result<(api_key::Model, String)> {
    let now = state.now();
    let secret = hex(&random_bytes::<32>());
    let key = format!("{}{secret}", new.prefix);
    let id: KeyId = new_id(now);
    let row = api_key::Model {
        id,
        organization_id: organization,
        name: new.name.as_str().to_owned(),
        prefix: Some(key[..new.prefix.len() + 4].to_owned()),
        secret_hash: hash_api_key(&key),
        scope: new.scope,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        used_at: None,
    };
    api_key::Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    let mut journal = Journal::new(organization, actor, now);
    journal.audit("api_key.created", id);
    journal.write(tx).await?;
    Ok((row, key))
}
