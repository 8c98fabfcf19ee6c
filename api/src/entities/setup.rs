//! How far an organization's setup has come: only what cannot be seen from the rest of its data.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QuerySelect};
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// It began with a setup link: the wizard comes up by itself.
    pub guided: bool,
    /// Names of steps with spaces between.
    pub skipped_steps: String,
    /// The public URL that was last found good.
    pub checked_address: Option<String>,
    pub dismissed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).one(db).await
}

/// The row, made when there is none, locked for a change.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTimeUtc,
) -> Result<Model, DbErr> {
    let row = Model {
        organization_id: organization,
        guided: false,
        skipped_steps: String::new(),
        checked_address: None,
        dismissed_at: None,
        created_at: now,
    };
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let row = Entity::find_by_id(organization).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("setups".to_owned()))
}
