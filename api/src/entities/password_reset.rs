//! Links by which somebody sets a new password, each once; the token is kept as a hash.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_resets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Before anybody is known, so over all organizations.
pub async fn find_live(
    db: &impl ConnectionTrait,
    token_hash: &[u8],
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(token_hash.to_vec())
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// Uses it up; false when somebody was quicker or it is over: one statement, so it works once.
pub async fn consume(tx: &impl ConnectionTrait, token_hash: &[u8], now: DateTimeUtc) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Ends those of a person that nobody used: a fresh one is made, or they have a new password or address.
pub async fn end_of_user(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
