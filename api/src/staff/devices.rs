//! Browsers that are known: a cookie that says nothing and opens nothing, but keeps the way in for who has been here
//! before while others guess (security.md D7). Each person of a shared browser has a token of their own in it.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::{OrganizationId, UserId};
use uuid::Uuid;

use crate::auth::{DeviceTokens, KNOWN_FOR};
use crate::entities::{staff_device, user};
use crate::problem::Result;
use crate::secrets::random_token;
use crate::state::State;

/// Each has tries of its own, so they are few.
const DEVICES_MAX: u64 = 10;

fn hash(state: &State, token: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("known-device", token.as_bytes())
}

/// This browser, when the person has signed in here before. Looks for nobody just as long.
pub(super) async fn find(
    state: &State,
    whose: Option<&user::Model>,
    tokens: &DeviceTokens,
) -> Result<Option<staff_device::Model>> {
    let db = state.db.before_organization().read().await?;
    find_in(state, &db, whose, tokens).await
}

/// This browser, when the person has taken the second step here: whoever has the password alone gets no tries of
/// their own at the codes.
pub(super) async fn find_for_codes(
    state: &State,
    whose: &user::Model,
    tokens: &DeviceTokens,
) -> Result<Option<staff_device::Model>> {
    Ok(find(state, Some(whose), tokens).await?.filter(|device| device.second_step))
}

async fn find_in(
    state: &State,
    db: &impl ConnectionTrait,
    whose: Option<&user::Model>,
    tokens: &DeviceTokens,
) -> Result<Option<staff_device::Model>> {
    if tokens.list().is_empty() {
        return Ok(None);
    }
    let nobody = (OrganizationId::from_uuid(Uuid::nil()), UserId::from_uuid(Uuid::nil()));
    let (organization, user) = whose.map_or(nobody, |user| (user.organization_id, user.id));
    let hashes = tokens.list().iter().map(|token| hash(state, token)).collect();
    Ok(staff_device::find_live(db, organization, user, hashes, state.now()).await?)
}

/// What somebody has shown in a browser that is remembered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The password, or that they read their mail: no tries of its own at the codes.
    FirstStep,
    /// All that was asked for.
    Everything,
}

/// From now on this browser is known: what its cookie shall hold.
pub(crate) async fn remember(
    state: &State,
    tx: &DatabaseTransaction,
    user: &user::Model,
    tokens: &DeviceTokens,
    shown: Shown,
) -> Result<DeviceTokens> {
    let second_step = shown == Shown::Everything;
    let now = state.now();
    if let Some(known) = find_in(state, tx, Some(user), tokens).await? {
        staff_device::renew(tx, user.id, &known.token_hash, now + KNOWN_FOR, second_step).await?;
        return Ok(tokens.clone());
    }
    let token = random_token();
    let row = staff_device::Model {
        user_id: user.id,
        token_hash: hash(state, &token),
        organization_id: user.organization_id,
        second_step,
        failures: 0,
        created_at: now,
        expires_at: now + KNOWN_FOR,
    };
    staff_device::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    staff_device::keep_newest(tx, user.organization_id, user.id, DEVICES_MAX).await?;
    Ok(tokens.with(token))
}
