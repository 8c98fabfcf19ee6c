//! Integrators' keys, hashed.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{KeyId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub created_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn find_live_by_hash(
    db: &impl ConnectionTrait,
    secret_hash: Vec<u8>,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::SecretHash.eq(secret_hash))
        .filter(Column::RevokedAt.is_null())
        .one(db)
        .await
}

pub async fn find_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: KeyId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::RevokedAt.is_null())
        .one(db)
        .await
}

/// Also those that were revoked: what they did is still theirs.
pub async fn list_by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = KeyId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Id.is_in(ids)).all(db).await
}
