//! Links that sign a staff member in once.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::{OrganizationId, UserId};

use crate::entities::one_time_sign_in;
use crate::problem::Result;
use crate::secrets::random_token;
use crate::state::State;

/// How long such a link waits to be used.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);

pub(super) fn hash(state: &State, token: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("one-time-sign-in", token.as_bytes())
}

/// The token for `/desk#once=TOKEN`. It works once, for 30 minutes.
pub async fn create_one_time_sign_in(
    state: &State,
    tx: &DatabaseTransaction,
    organization: OrganizationId,
    user: UserId,
) -> Result<String> {
    let token = random_token();
    let row = one_time_sign_in::Model {
        token_hash: hash(state, &token),
        organization_id: organization,
        user_id: user,
        expires_at: state.now() + LIFETIME,
        used_at: None,
    };
    one_time_sign_in::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(token)
}
