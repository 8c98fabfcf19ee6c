//! Organizations' logos, as they are served.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_logos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    pub hash: String,
    pub png: Vec<u8>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// The one of today: an older picture's address leads nowhere.
pub async fn find(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    hash: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).filter(Column::Hash.eq(hash)).one(db).await
}

pub async fn delete(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<(), DbErr> {
    Entity::delete_by_id(organization).exec(tx).await?;
    Ok(())
}
