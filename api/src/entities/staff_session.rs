//! Signed-in staff browsers; the row behind each JWT (security.md D10).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, SessionId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub session_version: i64,
    pub created_at: DateTimeUtc,
    pub active_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The session and its person, when both still count: not revoked, not over, not idle since
/// `idle_since`, the person active and their sessions not ended as a whole.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTimeUtc,
    idle_since: DateTimeUtc,
) -> Result<Option<(Model, super::user::Model)>, DbErr> {
    let Some(session) = Entity::find_by_id(id)
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::ActiveAt.gt(idle_since))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let user = super::user::find_active(db, session.organization_id, session.user_id).await?;
    Ok(user.filter(|user| user.session_version == session.session_version).map(|user| (session, user)))
}

/// Notes that a person did something, at most once a minute.
pub async fn touch(tx: &impl ConnectionTrait, id: SessionId, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ActiveAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn revoke(tx: &impl ConnectionTrait, id: SessionId, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// When each of these last did something.
pub async fn last_active(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<(UserId, DateTimeUtc)>, DbErr> {
    use sea_orm::QuerySelect;
    Entity::find()
        .select_only()
        .column(Column::UserId)
        .column_as(Column::ActiveAt.max(), "active_at")
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.is_in(users))
        .group_by(Column::UserId)
        .into_tuple()
        .all(db)
        .await
}

/// Sessions that ended before `then`: kept a while for whoever asks who was in, then dropped.
pub async fn sweep(tx: &impl ConnectionTrait, then: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(then)).exec(tx).await?;
    Ok(())
}
