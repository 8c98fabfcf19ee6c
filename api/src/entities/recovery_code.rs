//! Codes that stand in for the app, each once; kept as keyed hashes.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Uses a code up; false when it is none of this person's or was used: one statement, so it works once.
pub async fn consume(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
    code_hash: Vec<u8>,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::CodeHash.eq(code_hash))
        .filter(Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

pub async fn remove_all(
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
