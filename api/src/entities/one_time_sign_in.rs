//! Links that sign a staff member in once, such as that of the demo's banner.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_sign_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Uses the link up. Nothing when it is unknown, used or over: one statement, so it works once.
pub async fn consume(
    tx: &impl ConnectionTrait,
    token_hash: Vec<u8>,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Ok(Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec_with_returning(tx)
        .await?
        .pop())
}

/// Ends those of a person that nobody used: a fresh one was made, or they have a password now.
pub async fn end_of_user(tx: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user)).filter(Column::UsedAt.is_null()).exec(tx).await?;
    Ok(())
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
