//! Integrators' keys, hashed.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use sealpost_shared::api_keys::KeyScope;
use sealpost_shared::ids::{KeyId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
    pub organization_id: OrganizationId,
    pub name: String,
    /// How the secret starts.
    pub prefix: Option<String>,
    pub secret_hash: Vec<u8>,
    pub scope: KeyScope,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    /// To the minute.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Also those that let nobody in any more; a page of them is cut by the caller.
pub fn of_organization(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// Neither revoked nor over; a page of them is cut by the caller.
pub fn live_of(organization: OrganizationId, now: DateTimeUtc) -> Select<Entity> {
    of_organization(organization).filter(live(now))
}

fn live(now: DateTimeUtc) -> Condition {
    let in_time = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now));
    Condition::all().add(Column::RevokedAt.is_null()).add(in_time)
}

pub async fn find_live_by_hash(
    db: &impl ConnectionTrait,
    secret_hash: Vec<u8>,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::SecretHash.eq(secret_hash)).filter(live(now)).one(db).await
}

pub async fn find_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: KeyId,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    live_of(organization, now).filter(Column::Id.eq(id)).one(db).await
}

pub async fn count_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    live_of(organization, now).count(db).await
}

/// It let somebody in.
pub async fn touch(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: KeyId,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// False when there is no such key that still counts.
pub async fn revoke(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: KeyId,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.eq(id))
        .filter(live(now))
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected == 1)
}

/// Also those that were revoked: what they did is still theirs.
pub async fn list_by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = KeyId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Id.is_in(ids)).all(db).await
}
