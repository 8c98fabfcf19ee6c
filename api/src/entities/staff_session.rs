//! Signed-in staff browsers; the row behind each JWT (security.md D10).

use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, SessionId, UserId};
use sealpost_shared::sessions::{Browser, System};

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
    /// As the first call of the session said it.
    pub browser: Option<Browser>,
    pub system: Option<System>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The session and its person, when both still count: not revoked, not over, the person active and their sessions
/// not ended as a whole. Whether it was left alone too long is the caller's to ask.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTimeUtc,
) -> Result<Option<(Model, super::user::Model)>, DbErr> {
    let Some(session) = Entity::find_by_id(id)
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
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

/// A person's sessions that still count, the newest first.
pub async fn list_live_of(
    db: &impl ConnectionTrait,
    user: &super::user::Model,
    now: DateTimeUtc,
    idle_since: DateTimeUtc,
) -> Result<Vec<Model>, DbErr> {
    use sea_orm::QueryOrder;
    Entity::find()
        .filter(live_of(user, now, idle_since))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await
}

fn live_of(user: &super::user::Model, now: DateTimeUtc, idle_since: DateTimeUtc) -> Condition {
    Condition::all()
        .add(Column::OrganizationId.eq(user.organization_id))
        .add(Column::UserId.eq(user.id))
        .add(Column::SessionVersion.eq(user.session_version))
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
        .add(Column::ActiveAt.gt(idle_since))
}

/// Ends those of a person's live sessions that `which` names; says which they were.
pub async fn revoke_of(
    tx: &impl ConnectionTrait,
    user: &super::user::Model,
    which: Expr,
    now: DateTimeUtc,
    idle_since: DateTimeUtc,
) -> Result<Vec<SessionId>, DbErr> {
    let live = live_of(user, now, idle_since).add(which);
    let rows = Entity::find().filter(live.clone()).all(tx).await?;
    let revoke = Entity::update_many().col_expr(Column::RevokedAt, Expr::value(now)).filter(live);
    revoke.exec(tx).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Which browser it is in, told once.
pub async fn note_device(
    tx: &impl ConnectionTrait,
    id: SessionId,
    browser: Browser,
    system: System,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Browser, Expr::value(browser.to_value()))
        .col_expr(Column::System, Expr::value(system.to_value()))
        .filter(Column::Id.eq(id))
        .filter(Column::Browser.is_null())
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
