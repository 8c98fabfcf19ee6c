//! The first start: an organization to be named, an admin without a password, and a link that lets them in.
//! There is no default password to forget.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use sealpost_shared::ids::UserId;
use sealpost_shared::paths::DESK_PAGE;
use sealpost_shared::staff::Role;
use sealpost_shared::text::Name;

use super::one_time::create_one_time_sign_in;
use super::organization::{NewOrganization, create_organization, insert_user};
use crate::db;
use crate::entities::{one_time_sign_in, organization, setup, user};
use crate::problem::{Problem, Result};
use crate::setup::PLACEHOLDER_NAME;
use crate::state::State;

const FIRST_ADMIN: &str = "Admin";

/// The setup link, while nobody can sign in by email and password: on an empty installation, and as long as
/// the setup that was begun has no admin with a password. Each call ends the links before.
pub async fn first_start(state: &State) -> Result<Option<String>> {
    // Almost every start ends here, without a lock.
    let db = state.db.before_organization().read().await?;
    if let Some(organization) = organization::first(&db).await?
        && user::has_admin_with_password(&db, organization.id).await?
    {
        return Ok(None);
    }
    drop(db);
    let token = state
        .db
        .before_organization()
        .write(async |tx| {
            organization::lock(tx).await?;
            let Some(organization) = organization::first(tx).await? else {
                return begin(state, tx).await.map(Some);
            };
            db::enter(tx, organization.id).await?;
            let begun = setup::get(tx, organization.id).await?.is_some_and(|setup| setup.guided);
            if !begun || user::has_admin_with_password(tx, organization.id).await? {
                return Ok(None);
            }
            let admin = user::first_active_admin(tx, organization.id).await?;
            let admin = admin.ok_or_else(|| Problem::internal("the setup has no admin"))?;
            one_time_sign_in::end_of_user(tx, admin.id).await?;
            create_one_time_sign_in(state, tx, organization.id, admin.id).await.map(Some)
        })
        .await?;
    Ok(token.map(|token| format!("{}{DESK_PAGE}#setup={token}", state.config.origin())))
}

async fn begin(state: &State, tx: &DatabaseTransaction) -> Result<String> {
    let name = |text: &str| text.parse::<Name>().map_err(Problem::internal);
    let new = NewOrganization { name: name(PLACEHOLDER_NAME)?, phone: None, time_zone: "UTC".to_owned() };
    let organization = create_organization(state, tx, new).await?;
    let id: UserId = state.new_id();
    let admin = user::Model {
        id,
        organization_id: organization,
        name: FIRST_ADMIN.to_owned(),
        // Empty until they have set one; no address reads like it, so nobody is found by it.
        email: String::new(),
        password_hash: None,
        role: Role::Admin,
        session_version: 1,
        disabled_at: None,
        created_at: state.now(),
    };
    insert_user(tx, admin).await?;
    let mut row = setup::get_locked(tx, organization, state.now()).await?;
    row.guided = true;
    row.into_active_model().reset_all().update(tx).await?;
    create_one_time_sign_in(state, tx, organization, id).await
}
