//! What the routes call.

use chrono::TimeDelta;
use sealpost_shared::api_keys::{ApiKey, ApiKeyQuery, CreateApiKey, CreatedApiKey, DAYS_MAX};
use sealpost_shared::ids::KeyId;
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;

use super::make::{NewKey, make};
use crate::auth::StaffMember;
use crate::entities::api_key;
use crate::journal::{Actor, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::staff::ask_current;
use crate::state::State;

/// Enough for every program of a practice.
const KEYS_MAX: u64 = 100;
const PREFIX: &str = "spk_live_";

pub async fn list(state: &State, member: &StaffMember, query: ApiKeyQuery) -> Result<Page<ApiKey>> {
    let organization = member.user.organization_id;
    let ended = query.ended.unwrap_or_default();
    let list = format!("api_keys {organization} {ended}");
    let paging = Paging::new(state.secrets.ring(), list, query.limit, query.cursor.as_deref())?;
    let select = match ended {
        true => api_key::of_organization(organization),
        false => api_key::live_of(organization, state.now()),
    };
    let select = paging.apply(select, api_key::Column::CreatedAt, api_key::Column::Id);
    let db = state.db.of(organization).read().await?;
    let page = paging.page(select.all(&db).await?, |row| (row.created_at, row.id.uuid()));
    let keys = page.data.iter().map(view).collect();
    Ok(map(page, keys))
}

fn view(row: &api_key::Model) -> ApiKey {
    ApiKey {
        id: row.id,
        name: row.name.clone(),
        prefix: row.prefix.clone(),
        scope: row.scope,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    }
}

/// A key opens as much as its scope says, from anywhere: whoever found a desk unattended makes none.
pub async fn create(
    state: &State,
    member: &StaffMember,
    request: CreateApiKey,
    network: &[u8],
) -> Result<CreatedApiKey> {
    let own = &member.user;
    if own.password_hash.is_none() {
        return Err(ProblemCode::AdminDue.into());
    }
    let days = request.expires_in_days;
    if days.is_some_and(|days| days == 0 || days > DAYS_MAX) {
        return Err(Problem::field("/expires_in_days", "invalid", "must be 1 to 3660 days"));
    }
    ask_current(state, own, network, Some(&request.current_password), "/current_password").await?;
    let expires_at = days.map(|days| state.now() + TimeDelta::days(i64::from(days)));
    let new = NewKey { name: &request.name, prefix: PREFIX, scope: request.scope, expires_at };
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            if api_key::count_live(tx, own.organization_id, state.now()).await? >= KEYS_MAX {
                let detail = format!("{KEYS_MAX} keys are the most; revoke one first");
                return Err(Problem::new(ProblemCode::Conflict, detail));
            }
            let actor = Actor::Staff(own.id);
            let (row, secret) = make(state, tx, own.organization_id, actor, &new).await?;
            Ok(CreatedApiKey { api_key: view(&row), secret })
        })
        .await
}

pub async fn revoke(state: &State, member: &StaffMember, id: KeyId) -> Result<()> {
    let own = &member.user;
    state
        .db
        .of(own.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            if !api_key::revoke(tx, own.organization_id, id, state.now()).await? {
                return Err(not_found());
            }
            let mut journal = Journal::new(own.organization_id, Actor::Staff(own.id), state.now());
            journal.audit("api_key.revoked", id);
            Ok(journal.write(tx).await?)
        })
        .await
}
