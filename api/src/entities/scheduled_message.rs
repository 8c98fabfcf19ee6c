//! Messages that wait for their time. A row goes in the transaction in which its message goes out.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{Condition, QueryOrder, QuerySelect};
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{AuthorKind, Waiting};
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, OrganizationId};
use sealpost_shared::links::LinkLifetime;

use super::due;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scheduled_messages")]
pub struct Model {
    /// The id of the message that it will be.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub organization_id: OrganizationId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub author_kind: AuthorKind,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub sealed_body: Vec<u8>,
    pub secure: bool,
    /// Nothing: as the contact prefers when it goes out.
    pub channel: Option<Channel>,
    /// Nothing: as the setting is when it goes out.
    pub link_lifetime: Option<LinkLifetime>,
    pub own_pin_hash: Option<String>,
    pub own_pin_digits: bool,
    pub waiting: Waiting,
    pub despite_quiet_hours: bool,
    pub send_at: DateTimeUtc,
    /// Later than `send_at` where the database was in trouble.
    pub next_try_at: DateTimeUtc,
    /// Since when it is known that it cannot go out. Then it waits for a person.
    pub failed_at: Option<DateTimeUtc>,
    pub failure_code: Option<String>,
    pub failure_detail: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Word for word the condition of the index `scheduled_messages_due`.
const OPEN: &str = "failed_at IS NULL";

/// All of an organization, for lists that add their own conditions.
pub fn find_in(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// What can be taken back for a few seconds comes and goes before anybody looks into a folder.
fn listed() -> Condition {
    Condition::any().add(Column::Waiting.ne(Waiting::Undo)).add(Column::FailedAt.is_not_null())
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Model>, DbErr> {
    find_in(organization).filter(Column::Id.eq(id)).one(db).await
}

/// For changing; the contact's row is held already.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Model>, DbErr> {
    find_in(organization).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(tx).await
}

/// For a worker: nothing when another one has it in hand.
pub async fn claim(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    find_in(organization)
        .filter(Column::Id.eq(id))
        .filter(Column::NextTryAt.lte(now))
        .filter(Column::FailedAt.is_null())
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
        .one(tx)
        .await
}

/// What is due, over all organizations: whose and which.
pub async fn list_due(
    db: &impl ConnectionTrait,
    now: DateTimeUtc,
    limit: u64,
) -> Result<Vec<(OrganizationId, MessageId)>, DbErr> {
    let columns = (Column::OrganizationId, Column::Id, Column::NextTryAt);
    due::list::<Entity, _>(db, columns, Expr::cust(OPEN), now, limit).await
}

/// When the next one is due, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    due::next::<Entity>(db, Column::NextTryAt, Expr::cust(OPEN)).await
}

/// The first that is listed of each of these conversations.
pub async fn list_next(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    conversations: Vec<ConversationId>,
) -> Result<Vec<Model>, DbErr> {
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = find_in(organization)
        .filter(Column::ConversationId.is_in(conversations))
        .filter(listed())
        .order_by_asc(Column::ConversationId)
        .order_by_asc(Column::SendAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    rows.dedup_by_key(|row| row.conversation_id);
    Ok(rows)
}

/// When the first that is listed of a conversation goes out.
pub async fn first_of(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<DateTimeUtc>, DbErr> {
    find_in(organization)
        .select_only()
        .column(Column::SendAt)
        .filter(Column::ConversationId.eq(conversation))
        .filter(listed())
        .order_by_asc(Column::SendAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
}

pub async fn delete(tx: &impl ConnectionTrait, id: MessageId) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

pub async fn delete_of_contact(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .exec(tx)
        .await?;
    Ok(())
}

/// Later again, when something of ours was in the way.
pub async fn put_off(tx: &impl ConnectionTrait, id: MessageId, until: DateTimeUtc) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::NextTryAt, Expr::value(until))
        .filter(Column::Id.eq(id))
        .filter(Column::FailedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Nothing of an organization's goes out by itself any more: people look at each first.
pub async fn stop_all(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    now: DateTimeUtc,
    code: &str,
    detail: &str,
) -> Result<u64, DbErr> {
    let stopped = Entity::update_many()
        .col_expr(Column::FailedAt, Expr::value(now))
        .col_expr(Column::FailureCode, Expr::value(code))
        .col_expr(Column::FailureDetail, Expr::value(detail))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::FailedAt.is_null())
        .exec(tx)
        .await?;
    Ok(stopped.rows_affected)
}
