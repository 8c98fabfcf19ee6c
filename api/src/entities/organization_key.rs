//! An organization's keys, wrapped by the master key (security.md D20).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    pub wrapped_key: Vec<u8>,
    pub wrapped_index_key: Vec<u8>,
    pub master_key_version: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).one(db).await
}
