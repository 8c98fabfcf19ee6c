//! A contact's key, wrapped by the organization's. Deleting it makes everything of the contact unreadable (security.md D21).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{ContactId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_keys")]
pub struct Model {
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub wrapped_key: Vec<u8>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contacts: impl IntoIterator<Item = ContactId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.is_in(contacts))
        .all(db)
        .await
}
