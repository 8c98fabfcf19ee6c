//! One thread per contact.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sealpost_shared::conversations::Folder;
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub has_inbound: bool,
    pub has_outbound: bool,
    pub archived_at: Option<DateTimeUtc>,
    pub last_message_id: MessageId,
    pub last_message_at: DateTimeUtc,
    pub last_secure: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// When the first of what waits goes out. What can still be taken back is not counted.
    pub next_send_at: Option<DateTimeUtc>,
    /// Something did not reach its contact, and nobody has done anything about it yet.
    pub has_failed: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The folders that show this conversation.
    pub fn folders(&self) -> impl Iterator<Item = Folder> + use<> {
        let archived = self.archived_at.is_some();
        [
            (Folder::Inbox, self.has_inbound && !archived),
            (Folder::Outbox, self.has_outbound),
            (Folder::Archived, archived),
            (Folder::Scheduled, self.next_send_at.is_some()),
            (Folder::Failed, self.has_failed),
        ]
        .into_iter()
        .filter_map(|(folder, shown)| shown.then_some(folder))
    }
}

/// What a folder shows. The conditions are those of the partial indexes, word for word.
pub fn find_in(organization: OrganizationId, folder: Folder) -> Select<Entity> {
    let all = Entity::find().filter(Column::OrganizationId.eq(organization));
    match folder {
        Folder::Inbox => all.filter(Expr::col(Column::HasInbound)).filter(Column::ArchivedAt.is_null()),
        Folder::Outbox => all.filter(Expr::col(Column::HasOutbound)),
        Folder::Archived => all.filter(Column::ArchivedAt.is_not_null()),
        Folder::Scheduled => all.filter(Column::NextSendAt.is_not_null()),
        Folder::Failed => all.filter(Expr::col(Column::HasFailed)),
    }
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: ConversationId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}

pub async fn get_by_contact(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .one(db)
        .await
}

/// For changing: on PostgreSQL nobody else changes the row until the transaction ends. The weaker of the two
/// row locks, so that rows which point here can be inserted meanwhile.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await
}
