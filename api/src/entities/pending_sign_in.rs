//! Sign-ins between the password and the second step: the row behind the pending cookie (security.md D12).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, SessionId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_sign_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub session_version: i64,
    /// There is no second factor yet, and the organization wants one: it is set up with this, and nothing else.
    pub to_enrol: bool,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The sign-in and its person, when both still count.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTimeUtc,
) -> Result<Option<(Model, super::user::Model)>, DbErr> {
    let found = Entity::find_by_id(id)
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    let Some(pending) = found else { return Ok(None) };
    let user = super::user::find_active(db, pending.organization_id, pending.user_id).await?;
    Ok(user.filter(|user| user.session_version == pending.session_version).map(|user| (pending, user)))
}

/// Uses it up; false when somebody was quicker.
pub async fn consume(tx: &impl ConnectionTrait, id: SessionId, now: DateTimeUtc) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
