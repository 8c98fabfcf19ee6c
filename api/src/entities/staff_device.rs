//! Browsers in which somebody has signed in before: others' failures do not shut them out (security.md D7). The
//! cookie's token is kept as a hash.

use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect};
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    /// Somebody who was asked for it has taken the second step here.
    pub second_step: bool,
    /// In a row, from this browser.
    pub failures: i64,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// One of these browsers, when this person has signed in there.
pub async fn find_live(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    token_hashes: Vec<Vec<u8>>,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::TokenHash.is_in(token_hashes))
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// One more failure; a browser that fails `most` times in a row is known no more.
pub async fn failed(
    tx: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    most: i64,
) -> Result<(), DbErr> {
    let id = (user, token_hash.to_vec());
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .filter(Column::UserId.eq(id.0))
        .filter(Column::TokenHash.eq(id.1.clone()))
        .exec(tx)
        .await?;
    Entity::delete_by_id(id).filter(Column::Failures.gte(most)).exec(tx).await?;
    Ok(())
}

/// Known for longer, with nothing against it.
pub async fn renew(
    tx: &impl ConnectionTrait,
    user: UserId,
    token_hash: &[u8],
    expires_at: DateTimeUtc,
    second_step: bool,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(0))
        .col_expr(Column::SecondStep, Expr::col(Column::SecondStep).or(second_step))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at))
        .filter(Column::UserId.eq(user))
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// The newest ones stay; others are strangers again.
pub async fn keep_newest(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    most: u64,
) -> Result<(), DbErr> {
    let too_many: Vec<Vec<u8>> = Entity::find()
        .select_only()
        .column(Column::TokenHash)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .order_by_desc(Column::ExpiresAt)
        .offset(most)
        .limit(most)
        .into_tuple()
        .all(tx)
        .await?;
    if !too_many.is_empty() {
        let which = Column::UserId.eq(user).and(Column::TokenHash.is_in(too_many));
        Entity::delete_many().filter(which).exec(tx).await?;
    }
    Ok(())
}

/// With a new password every browser is a stranger.
pub async fn forget_all(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
