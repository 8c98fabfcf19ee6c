//! A challenge that waits for its answer: what the server must remember of it, sealed, for five minutes and for one
//! session. Its id is kept as a hash.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, SessionId, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Purpose {
    Add,
    SignIn,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_ceremonies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: Vec<u8>,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// The session that adds one, or the sign-in that waits for its second step.
    pub session_id: SessionId,
    pub purpose: Purpose,
    pub sealed_state: Vec<u8>,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Takes it away: whoever gets the row is the only one to answer it.
pub async fn take(
    tx: &impl ConnectionTrait,
    id_hash: Vec<u8>,
    session: SessionId,
    purpose: Purpose,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let waiting = Entity::delete_many()
        .filter(Column::IdHash.eq(id_hash))
        .filter(Column::SessionId.eq(session))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::ExpiresAt.gt(now));
    Ok(waiting.exec_with_returning(tx).await?.pop())
}

/// One at a time: a new challenge of a session ends its older ones.
pub async fn end_of_session(tx: &impl ConnectionTrait, session: SessionId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::SessionId.eq(session)).exec(tx).await?;
    Ok(())
}

pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}
