//! Members of the staff.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::staff::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub email: String,
    pub password_hash: Option<String>,
    pub role: Role,
    pub session_version: i64,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// By email (kept in lower case), over all organizations: sign-in comes before the organization is known.
pub async fn find_active_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Email.eq(email)).filter(Column::DisabledAt.is_null()).one(db).await
}

pub async fn find_active(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DisabledAt.is_null())
        .one(db)
        .await
}

pub async fn list_active_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<UserId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DisabledAt.is_null())
        .into_tuple()
        .all(db)
        .await
}
