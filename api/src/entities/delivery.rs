//! The outbox: a notice, where it is, and whose turn it is (security.md D16).

use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{ContactId, DeliveryId, LinkId, MessageId, OrganizationId};

use super::due;
use super::outgoing::{self, Outgoing, Turn};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub message_id: MessageId,
    pub link_id: Option<LinkId>,
    pub channel: Channel,
    /// Lower goes first.
    pub class: i64,
    pub status: DeliveryStatus,
    pub sealed_content: Option<Vec<u8>>,
    pub address_version: i64,
    pub attempts: i64,
    pub next_attempt_at: DateTimeUtc,
    pub not_after: DateTimeUtc,
    pub lease_token: Option<Uuid>,
    pub leased_until: Option<DateTimeUtc>,
    pub callback_handle: Uuid,
    pub provider_message_id: Option<String>,
    pub failure_code: Option<String>,
    pub failure_detail: Option<String>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub settled_at: Option<DateTimeUtc>,
    /// It confirms an opt-out, which does not stop it.
    pub despite_opt_out: bool,
    /// Somebody tried, and nobody knows whether it arrived.
    pub in_doubt: bool,
    /// How many tries the gateway took without a word.
    pub unanswered: i64,
    /// What is in doubt is not tried again before.
    pub retry_at: Option<DateTimeUtc>,
    /// It failed, and nobody has done anything about it yet.
    pub unresolved: bool,
    /// It ended, and its turn on the other channel is then.
    pub fallback_at: Option<DateTimeUtc>,
    /// Whose place it took; its own id when a restore ended its turn.
    pub fallback_of_id: Option<DeliveryId>,
}

impl Outgoing for Entity {
    const ID: Column = Column::Id;
    const ORGANIZATION: Column = Column::OrganizationId;
    const CLASS: Column = Column::Class;
    const STATUS: Column = Column::Status;
    const ATTEMPTS: Column = Column::Attempts;
    const NEXT_ATTEMPT_AT: Column = Column::NextAttemptAt;
    const LEASE_TOKEN: Column = Column::LeaseToken;
    const LEASED_UNTIL: Column = Column::LeasedUntil;
    const IN_DOUBT: Column = Column::InDoubt;
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn list_of_messages(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: impl IntoIterator<Item = MessageId>,
) -> Result<Vec<Model>, DbErr> {
    use sea_orm::QueryOrder;
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::MessageId.is_in(messages))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// What can still be stopped: a restore's, too.
const STOPPABLE: &str = "status IN ('queued', 'sending', 'needs_review')";

/// Takes what is due of one channel's; see [`outgoing::claim`].
pub async fn claim(tx: &impl ConnectionTrait, turn: &Turn, channel: Channel) -> Result<Vec<Model>, DbErr> {
    outgoing::claim::<Entity>(tx, turn, Some(Column::Channel.eq(channel))).await
}

/// When the next one is due on this channel, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait, channel: Channel) -> Result<Option<DateTimeUtc>, DbErr> {
    outgoing::next_due::<Entity>(db, Some(Column::Channel.eq(channel))).await
}

/// Changes a delivery that is still held by `lease_token`; false when it was taken over, revoked or settled
/// meanwhile. The lease ends with it.
pub async fn settle(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    lease_token: Option<Uuid>,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let change = ActiveModel { lease_token: Set(None), leased_until: Set(None), ..change };
    outgoing::settle::<Entity>(tx, id, lease_token, change).await
}

/// By what the gateway was told to call back with.
pub async fn get_by_handle(db: &impl ConnectionTrait, handle: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::CallbackHandle.eq(handle)).one(db).await
}

/// By its id alone, as a mail carries it: whose it is, is not known yet.
pub async fn get_by_id(db: &impl ConnectionTrait, id: DeliveryId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// What a provider says of one, whoever holds it: forward alone, from one of these states.
pub async fn advance(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    from: &[DeliveryStatus],
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let change = ActiveModel { lease_token: Set(None), leased_until: Set(None), ..change };
    let result = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::Status.is_in(from.iter().copied()))
        .exec(tx)
        .await?;
    Ok(result.rows_affected == 1)
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    id: DeliveryId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganizationId.eq(organization)).one(db).await
}

/// Whose turn on the other channel it is, over all organizations.
pub async fn list_fallbacks_due(
    db: &impl ConnectionTrait,
    now: DateTimeUtc,
    limit: u64,
) -> Result<Vec<(OrganizationId, DeliveryId)>, DbErr> {
    let columns = (Column::OrganizationId, Column::Id, Column::FallbackAt);
    due::list::<Entity, _>(db, columns, Column::FallbackAt.is_not_null(), now, limit).await
}

/// When the next one's turn is, over all organizations.
pub async fn next_fallback(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    due::next::<Entity>(db, Column::FallbackAt, Column::FallbackAt.is_not_null()).await
}

/// When its turn on the other channel is; nothing: it has none, or had it.
pub async fn put_fallback(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    at: Option<DateTimeUtc>,
) -> Result<(), DbErr> {
    let change = ActiveModel { fallback_at: Set(at), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// `sent` took the place of `old`.
pub async fn fell_back(tx: &impl ConnectionTrait, old: DeliveryId, sent: DeliveryId) -> Result<(), DbErr> {
    put_fallback(tx, old, None).await?;
    let change = ActiveModel { fallback_of_id: Set(Some(old)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(sent)).exec(tx).await?;
    Ok(())
}

/// Somebody has to do something about it after all.
pub async fn leave_unresolved(tx: &impl ConnectionTrait, id: DeliveryId) -> Result<(), DbErr> {
    let change = ActiveModel { unresolved: Set(true), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Gives those of `which` that nobody has tried in doubt their turn on the other channel, as they are stopped.
pub async fn stop_in_favor(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    which: Expr,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    let change = ActiveModel { fallback_at: Set(Some(now)), ..Default::default() };
    Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(organization))
        .filter(which)
        .filter(Column::Status.eq(DeliveryStatus::Queued))
        .filter(Expr::cust("NOT in_doubt AND NOT despite_opt_out"))
        .filter(Column::FallbackOfId.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// What waited for its turn when a backup was made may have had it since: it gets no other.
pub async fn end_fallbacks(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::FallbackOfId, Expr::col(Column::Id))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::FallbackAt.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// How many a restore parked, over all organizations.
pub async fn count_parked(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Status.eq(DeliveryStatus::NeedsReview)).count(db).await
}

/// Which of a gateway's ids belong to deliveries other than this one.
pub async fn list_known_elsewhere(
    db: &impl ConnectionTrait,
    id: DeliveryId,
    provider_ids: impl IntoIterator<Item = String>,
) -> Result<Vec<String>, DbErr> {
    use sea_orm::QuerySelect;
    let found: Vec<Option<String>> = Entity::find()
        .select_only()
        .column(Column::ProviderMessageId)
        .filter(Column::ProviderMessageId.is_in(provider_ids))
        .filter(Column::Id.ne(id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// Whether something failed on the way to this contact and nobody has done anything about it.
pub async fn has_unresolved(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<bool, DbErr> {
    use sea_orm::QuerySelect;
    let found: Option<DeliveryId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .filter(Expr::col(Column::Unresolved))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// What failed on the way to these contacts and nobody has done anything about, in the order in which it did.
pub async fn list_unresolved(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contacts: impl IntoIterator<Item = ContactId>,
) -> Result<Vec<Model>, DbErr> {
    use sea_orm::QueryOrder;
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.is_in(contacts))
        .filter(Expr::col(Column::Unresolved))
        .order_by_asc(Column::SettledAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Somebody has done something about those of `which`; how many there were.
pub async fn resolve(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    which: Expr,
) -> Result<u64, DbErr> {
    let change = ActiveModel { unresolved: Set(false), ..Default::default() };
    let result = Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(organization))
        .filter(which)
        .filter(Expr::col(Column::Unresolved))
        .exec(tx)
        .await?;
    Ok(result.rows_affected)
}

/// Stops those of `which` that are still on their way; a try that is in hand can no longer settle.
pub async fn cancel(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    which: Expr,
    change: ActiveModel,
) -> Result<u64, DbErr> {
    let change = ActiveModel { lease_token: Set(None), leased_until: Set(None), ..change };
    let result = Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(organization))
        .filter(which)
        .filter(Expr::cust(STOPPABLE))
        .exec(tx)
        .await?;
    Ok(result.rows_affected)
}

/// What is not settled, by status: how many, and since when the oldest waits. Over all organizations.
pub async fn queue(db: &impl ConnectionTrait) -> Result<Vec<(String, i64, DateTimeUtc)>, DbErr> {
    use sea_orm::{ActiveEnum, QueryOrder, QuerySelect};
    let mut found = Vec::new();
    for status in [DeliveryStatus::Queued, DeliveryStatus::Sending, DeliveryStatus::NeedsReview] {
        let waiting = || Entity::find().filter(Column::Status.eq(status));
        let count = i64::try_from(waiting().count(db).await?).unwrap_or(i64::MAX);
        let oldest = waiting().select_only().column(Column::CreatedAt).order_by_asc(Column::CreatedAt);
        if let Some(oldest) = oldest.limit(1).into_tuple().one(db).await? {
            found.push((status.to_value(), count, oldest));
        }
    }
    Ok(found)
}
