//! `admin bootstrap`: an organization with its first admin and a key.

use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::text::Name;

use crate::api_keys::make_first;
use crate::entities::organization;
use crate::problem::{Problem, Result};
use crate::staff::{NewOrganization, NewUser, create_organization, create_user, hash_password};
use crate::state::State;

/// What `admin bootstrap` prints.
#[derive(Debug, serde::Serialize)]
pub struct Bootstrapped {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub api_key: String,
}

/// An organization with its first admin and a key, or nothing.
pub async fn bootstrap(state: &State, new: NewOrganization, admin: NewUser) -> Result<Bootstrapped> {
    let password = match &admin.password {
        Some(password) => {
            let known = [admin.name.as_str(), admin.email.as_str(), new.name.as_str()];
            Some(hash_password(state, password, &known).await?)
        }
        None => None,
    };
    let key_name: Name =
        "Bootstrap key".parse().map_err(|_| Problem::internal("the key's name is not a name"))?;
    state
        .db
        .before_organization()
        .write(async |tx| {
            organization::lock(tx).await?;
            let organization_id = create_organization(state, tx, new).await?;
            let user_id = create_user(state, tx, organization_id, admin, password).await?;
            let api_key = make_first(state, tx, organization_id, &key_name, "spk_live_").await?;
            Ok(Bootstrapped { organization_id, user_id, api_key })
        })
        .await
}
