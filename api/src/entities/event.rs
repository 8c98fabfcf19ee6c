//! What happened, in order, per organization: ids only.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{ContactId, ConversationId, EventId, LinkId, MessageId, OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub id: EventId,
    pub kind: EventType,
    pub conversation_id: Option<ConversationId>,
    pub contact_id: Option<ContactId>,
    pub message_id: Option<MessageId>,
    pub link_id: Option<LinkId>,
    pub user_id: Option<UserId>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// What came after `sequence`, oldest first.
pub fn find_after(organization: OrganizationId, sequence: i64) -> Select<Entity> {
    use sea_orm::QueryOrder;
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Sequence.gt(sequence))
        .order_by_asc(Column::Sequence)
}

/// Where the log ends now.
pub async fn last_sequence(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<i64, DbErr> {
    use sea_orm::QueryOrder;
    let last: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Sequence)
        .filter(Column::OrganizationId.eq(organization))
        .order_by_desc(Column::Sequence)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.unwrap_or(0))
}
