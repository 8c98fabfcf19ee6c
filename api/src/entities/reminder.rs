//! Messages that nobody has opened yet, and when that is looked at again. A row changes in the transaction in which
//! its reminder is made.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ExprTrait, QuerySelect};
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, OrganizationId};

use super::{due, link, message};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    /// The message that is watched.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub organization_id: OrganizationId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    /// How many reminders went out.
    pub made: i64,
    /// When the message or its last reminder went out.
    pub last_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    /// Since when staff have been told. Then nothing more comes by itself.
    pub flagged_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Word for word the condition of the index `reminders_due`.
const OPEN: &str = "flagged_at IS NULL";

/// Watches a message from now on, anew where it was watched before.
pub async fn watch(tx: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    use Column::{DueAt, FlaggedAt, LastAt, Made};
    let anew = OnConflict::column(Column::Id).update_columns([Made, LastAt, DueAt, FlaggedAt]).to_owned();
    let active = ActiveModel::from(row).reset_all();
    Entity::insert(active).on_conflict(anew).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}

/// For a worker: nothing when another one has it in hand, or had it.
pub async fn claim(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::DueAt.lte(now))
        .filter(Column::FlaggedAt.is_null())
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
    let columns = (Column::OrganizationId, Column::Id, Column::DueAt);
    due::list::<Entity, _>(db, columns, Expr::cust(OPEN), now, limit).await
}

/// When the next one is due, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    due::next::<Entity>(db, Column::DueAt, Expr::cust(OPEN)).await
}

/// Of these messages those that staff have been told of.
pub async fn list_flagged(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: impl IntoIterator<Item = MessageId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Id.is_in(messages))
        .filter(Column::FlaggedAt.is_not_null())
        .all(db)
        .await
}

/// Which of these conversations have a message that staff were told of and nobody has opened or read since.
pub async fn list_not_opened(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<Vec<ConversationId>, DbErr> {
    let of_row = |column: Expr| column.equals((Entity, Column::Id));
    let opened = Query::select()
        .expr(Expr::value(1))
        .from(link::Entity)
        .and_where(Expr::col((link::Entity, link::Column::OrganizationId)).eq(organization))
        .and_where(of_row(Expr::col((link::Entity, link::Column::MessageId))))
        .and_where(Expr::col((link::Entity, link::Column::OpenedAt)).is_not_null())
        .to_owned();
    let read = Query::select()
        .expr(Expr::value(1))
        .from(message::Entity)
        .and_where(of_row(Expr::col((message::Entity, message::Column::Id))))
        .and_where(Expr::col((message::Entity, message::Column::ReadAt)).is_not_null())
        .to_owned();
    Entity::find()
        .select_only()
        .column(Column::ConversationId)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ConversationId.is_in(conversations))
        .filter(Column::FlaggedAt.is_not_null())
        .filter(Expr::exists(opened).not())
        .filter(Expr::exists(read).not())
        .into_tuple()
        .all(db)
        .await
}

/// Looks again later.
pub async fn put_off(tx: &impl ConnectionTrait, id: MessageId, until: DateTimeUtc) -> Result<(), DbErr> {
    let change = Entity::update_many().col_expr(Column::DueAt, Expr::value(until));
    change.filter(Column::Id.eq(id)).filter(Column::FlaggedAt.is_null()).exec(tx).await?;
    Ok(())
}

/// A reminder went out: when the next look is.
pub async fn made(
    tx: &impl ConnectionTrait,
    id: MessageId,
    now: DateTimeUtc,
    next: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Made, Expr::col(Column::Made).add(1))
        .col_expr(Column::LastAt, Expr::value(now))
        .col_expr(Column::DueAt, Expr::value(next))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn flag(tx: &impl ConnectionTrait, id: MessageId, now: DateTimeUtc) -> Result<(), DbErr> {
    let change = Entity::update_many().col_expr(Column::FlaggedAt, Expr::value(now));
    change.filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Nothing is left to wait for.
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

/// No reminder of an organization's goes out by itself any more.
pub async fn stop_all(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<u64, DbErr> {
    let open = Entity::delete_many().filter(Column::OrganizationId.eq(organization));
    Ok(open.filter(Column::FlaggedAt.is_null()).exec(tx).await?.rows_affected)
}
