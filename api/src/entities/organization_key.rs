//! An organization's keys, wrapped by the master key (security.md D20).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{QueryOrder, QuerySelect};
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

/// The version of the master key that wraps each organization's.
pub async fn list_versions(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    Entity::find().select_only().column(Column::MasterKeyVersion).into_tuple().all(db).await
}

/// Whose keys an older version wraps.
pub async fn list_older_ids(
    db: &impl ConnectionTrait,
    version: i64,
    most: u64,
) -> Result<Vec<OrganizationId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::OrganizationId)
        .filter(Column::MasterKeyVersion.lt(version))
        .order_by_asc(Column::OrganizationId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await
}

/// The organization's keys, if an older version wraps them; locked for a change.
pub async fn get_older(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<Option<Model>, DbErr> {
    let older = Column::MasterKeyVersion.lt(version);
    Entity::find_by_id(organization).filter(older).lock(LockType::NoKeyUpdate).one(tx).await
}

/// The same keys, wrapped by another version.
pub async fn set_wrapped(
    tx: &impl ConnectionTrait,
    row: &Model,
    key: Vec<u8>,
    index_key: Vec<u8>,
    version: i64,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::WrappedKey, Expr::value(key))
        .col_expr(Column::WrappedIndexKey, Expr::value(index_key))
        .col_expr(Column::MasterKeyVersion, Expr::value(version))
        .filter(Column::OrganizationId.eq(row.organization_id))
        .filter(Column::MasterKeyVersion.eq(row.master_key_version))
        .exec(tx)
        .await?;
    Ok(())
}
