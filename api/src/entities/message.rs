//! What was written, sealed.

use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{AuthorKind, Direction, Keyword};
use sealpost_shared::ids::{ContactId, ConversationId, MessageId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub organization_id: OrganizationId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub direction: Direction,
    pub author_kind: AuthorKind,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub sealed_body: Vec<u8>,
    pub secure: bool,
    pub channel: Option<Channel>,
    pub own_pin_hash: Option<String>,
    pub own_pin_digits: bool,
    pub client_message_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
    pub keyword: Option<Keyword>,
}

impl ActiveModelBehavior for ActiveModel {}

/// All messages of an organization, for lists that add their own conditions.
pub fn find_in(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

/// What a patient who came in by one of `opened`'s links may see: a message with a PIN of its own
/// shows through its own links alone. STOP and its like were between a phone and us, as was our answer.
pub fn find_visible(
    organization: OrganizationId,
    conversation: ConversationId,
    opened: MessageId,
) -> Select<Entity> {
    find_in(organization)
        .filter(Column::ConversationId.eq(conversation))
        .filter(Column::OwnPinHash.is_null().or(Column::Id.eq(opened)))
        .filter(Column::Keyword.is_null())
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}

/// Whether anything was ever sent privately.
pub async fn has_secure(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<bool, DbErr> {
    let sent = find_in(organization).filter(Column::Secure.eq(true));
    Ok(sent.filter(Column::Direction.eq(Direction::Outbound)).one(db).await?.is_some())
}

pub async fn list_by_ids(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: impl IntoIterator<Item = MessageId>,
) -> Result<Vec<Model>, DbErr> {
    find_in(organization).filter(Column::Id.is_in(ids)).all(db).await
}

/// What the contact wrote and nobody had read. How many that were.
pub async fn mark_inbound_read(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    conversation: ConversationId,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ConversationId.eq(conversation))
        .filter(Column::Direction.eq(Direction::Inbound))
        .filter(Column::ReadAt.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// What a patient had on screen, up to a time, and sees for the first time: the messages' ids.
pub async fn mark_outbound_read(
    tx: &impl ConnectionTrait,
    conversation: ConversationId,
    opened: MessageId,
    up_to: DateTimeUtc,
    now: DateTimeUtc,
) -> Result<Vec<MessageId>, DbErr> {
    let changed = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(now))
        .filter(Column::ConversationId.eq(conversation))
        .filter(Column::OwnPinHash.is_null().or(Column::Id.eq(opened)))
        .filter(Column::Keyword.is_null())
        .filter(Column::Direction.eq(Direction::Outbound))
        .filter(Column::CreatedAt.lte(up_to))
        .filter(Column::ReadAt.is_null())
        .exec_with_returning(tx)
        .await?;
    Ok(changed.into_iter().map(|message| message.id).collect())
}

/// The same message of the same page, sent again.
pub async fn find_by_client_id(
    db: &impl ConnectionTrait,
    conversation: ConversationId,
    client_message_id: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::ConversationId.eq(conversation))
        .filter(Column::ClientMessageId.eq(client_message_id))
        .one(db)
        .await
}

/// A PIN's hash says something of the person too: it goes when its contact is erased.
pub async fn forget_pins(tx: &impl ConnectionTrait, contact: ContactId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::OwnPinHash, Expr::value(Option::<String>::None))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::OwnPinHash.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Replaces a hash by another of the same PIN, where it is still the one.
pub async fn renew_pin(tx: &impl ConnectionTrait, id: MessageId, old: &str, new: &str) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::OwnPinHash, Expr::value(new))
        .filter(Column::Id.eq(id))
        .filter(Column::OwnPinHash.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
