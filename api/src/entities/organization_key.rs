//! An organization's keys in their versions, wrapped by the master key (security.md D20).

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
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub wrapped_key: Vec<u8>,
    pub wrapped_index_key: Vec<u8>,
    pub master_key_version: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

fn find_of(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).order_by_asc(Column::Version)
}

/// All versions. `hold`: they stay until the transaction ends.
pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    hold: bool,
) -> Result<Vec<Model>, DbErr> {
    let select = find_of(organization);
    if hold { select.lock(LockType::KeyShare).all(db).await } else { select.all(db).await }
}

/// For making a version or taking one away: whoever seals with one of them has ended.
pub async fn list_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Vec<Model>, DbErr> {
    find_of(organization).lock(LockType::Update).all(tx).await
}

/// Which versions there are, and since when, of every organization.
pub async fn list_known(db: &impl ConnectionTrait) -> Result<Vec<(OrganizationId, i64, DateTimeUtc)>, DbErr> {
    let select = Entity::find().select_only();
    let select = select.columns([Column::OrganizationId, Column::Version, Column::CreatedAt]);
    select.order_by_asc(Column::OrganizationId).order_by_asc(Column::Version).into_tuple().all(db).await
}

pub async fn delete_older(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<(), DbErr> {
    let own = Column::OrganizationId.eq(organization);
    Entity::delete_many().filter(own).filter(Column::Version.lt(version)).exec(tx).await?;
    Ok(())
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
        .distinct()
        .filter(Column::MasterKeyVersion.lt(version))
        .order_by_asc(Column::OrganizationId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await
}

/// The organization's keys that an older version wraps; locked for a change.
pub async fn list_older(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    version: i64,
) -> Result<Vec<Model>, DbErr> {
    let older = Column::MasterKeyVersion.lt(version);
    find_of(organization).filter(older).lock(LockType::NoKeyUpdate).all(tx).await
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
        .filter(Column::Version.eq(row.version))
        .filter(Column::MasterKeyVersion.eq(row.master_key_version))
        .exec(tx)
        .await?;
    Ok(())
}
