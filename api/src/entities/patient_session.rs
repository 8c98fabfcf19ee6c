//! A patient's signed-in browser; the row behind each JWT (security.md D10).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{ContactId, ConversationId, LinkId, MessageId, OrganizationId, SessionId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patient_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub conversation_id: ConversationId,
    pub link_id: LinkId,
    pub message_id: MessageId,
    pub session_version: i64,
    pub created_at: DateTimeUtc,
    pub active_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A session that was not ended by anybody. Its times, link and contact are the caller's to check: how
/// they ended decides what the patient is told.
pub async fn find_unrevoked(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::RevokedAt.is_null()).one(db).await
}

/// Notes that a person did something.
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
    revoke_where(tx, Column::Id.eq(id), now).await
}

pub async fn revoke_of_link(tx: &impl ConnectionTrait, link: LinkId, now: DateTimeUtc) -> Result<(), DbErr> {
    revoke_where(tx, Column::LinkId.eq(link), now).await
}

async fn revoke_where(tx: &impl ConnectionTrait, which: Expr, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(which)
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Sessions that ended before `then`: kept a while for whoever asks who was in, then dropped.
pub async fn sweep(tx: &impl ConnectionTrait, then: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(then)).exec(tx).await?;
    Ok(())
}
