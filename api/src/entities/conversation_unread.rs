//! Who has something unread where: a row is a mark.

use sea_orm::QuerySelect;
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sealpost_shared::ids::{ConversationId, OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_unreads")]
pub struct Model {
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
}

impl ActiveModelBehavior for ActiveModel {}

/// Who has the conversation unread.
pub async fn list_users(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<UserId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ConversationId.eq(conversation))
        .into_tuple()
        .all(db)
        .await
}

/// Which of these conversations the person has unread.
pub async fn list_unread(
    db: &impl ConnectionTrait,
    user: UserId,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<Vec<ConversationId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::ConversationId)
        .filter(Column::UserId.eq(user))
        .filter(Column::ConversationId.is_in(conversations))
        .into_tuple()
        .all(db)
        .await
}

/// Marks a conversation unread for these people; those who have it already keep their mark.
pub async fn mark(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    conversation: ConversationId,
    users: impl IntoIterator<Item = UserId>,
) -> Result<(), DbErr> {
    let rows: Vec<_> = users
        .into_iter()
        .map(|user| ActiveModel {
            organization_id: Set(organization),
            conversation_id: Set(conversation),
            user_id: Set(user),
        })
        .collect();
    if !rows.is_empty() {
        let keep = OnConflict::new().do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(keep).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub async fn clear(
    tx: &impl ConnectionTrait,
    conversation: ConversationId,
    user: UserId,
) -> Result<(), DbErr> {
    Entity::delete_by_id((conversation, user)).exec(tx).await?;
    Ok(())
}

pub async fn clear_all(tx: &impl ConnectionTrait, conversation: ConversationId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ConversationId.eq(conversation)).exec(tx).await?;
    Ok(())
}
