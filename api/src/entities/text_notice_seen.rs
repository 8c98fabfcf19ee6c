//! The newest notice about the month's limit for texts that a person has put away.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "text_notices_seen")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The month, such as `2026-11`.
    pub period: String,
    /// 80 or 100.
    pub notice: i64,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn find(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((organization, user)).one(db).await
}

/// A row per person: an older one makes room.
pub async fn put(tx: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let renew = OnConflict::columns([Column::OrganizationId, Column::UserId])
        .update_columns([Column::Period, Column::Notice])
        .to_owned();
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(renew).exec_without_returning(tx).await?;
    Ok(())
}
