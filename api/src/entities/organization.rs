//! Practices, offices, firms: the tenants.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub name: String,
    pub phone: Option<String>,
    pub accent_color: Option<String>,
    pub emergency_notice: Option<String>,
    pub time_zone: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(db: &impl ConnectionTrait, id: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}
