//! The fields that organizations add to their contacts. What contacts hold in them is sealed with the contact.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sealpost_shared::contact_fields::ContactFieldKind;
use sealpost_shared::ids::{ContactFieldId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_fields")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactFieldId,
    pub organization_id: OrganizationId,
    pub key: String,
    pub label: String,
    pub kind: ContactFieldKind,
    pub position: i64,
    pub in_notices: bool,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// All of them, in the organization's order: there are never many.
pub async fn list(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: ContactFieldId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}
