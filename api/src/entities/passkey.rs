//! Passkeys: a person's own, several each. Sealed, and found by a keyed hash of the credential's id.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, PasskeyId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub credential_hash: Vec<u8>,
    pub sealed_name: Vec<u8>,
    pub sealed_credential: Vec<u8>,
    /// The newest signature's number; stays 0 where the device does not count.
    pub counter: i64,
    pub created_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    /// Something that seems to be a copy of it was used: it lets nobody in since.
    pub distrusted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

fn of_user(organization: OrganizationId, user: UserId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::UserId.eq(user))
}

/// A person's, in the order in which they were added.
pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<Model>, DbErr> {
    of_user(organization, user).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await
}

/// Those that let their owner in.
pub async fn list_trusted(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<Model>, DbErr> {
    of_user(organization, user).filter(Column::DistrustedAt.is_null()).all(db).await
}

/// Who of these has any.
pub async fn list_owners(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<UserId>, DbErr> {
    use sea_orm::QuerySelect;
    Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.is_in(users))
        .distinct()
        .into_tuple()
        .all(db)
        .await
}

pub async fn find(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    id: PasskeyId,
) -> Result<Option<Model>, DbErr> {
    of_user(organization, user).filter(Column::Id.eq(id)).one(db).await
}

/// Notes a use; false when the signature's number is not a later one: one statement, so of two copies that sign
/// at once one is noticed.
pub async fn take_counter(
    tx: &impl ConnectionTrait,
    row: &Model,
    counter: i64,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let counts = if counter == 0 { Column::Counter.eq(0) } else { Column::Counter.lt(counter) };
    let taken = Entity::update_many()
        .col_expr(Column::Counter, Expr::value(counter))
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(row.organization_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::DistrustedAt.is_null())
        .filter(counts)
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

pub async fn distrust(tx: &impl ConnectionTrait, row: &Model, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::DistrustedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(row.organization_id))
        .filter(Column::Id.eq(row.id))
        .filter(Column::DistrustedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn remove(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    id: PasskeyId,
) -> Result<bool, DbErr> {
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected == 1)
}

/// All of a person's; how many there were.
pub async fn remove_all(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<u64, DbErr> {
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected)
}
