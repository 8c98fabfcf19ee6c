//! The outbox: a notice, where it is, and whose turn it is (security.md D16).

use sea_orm::entity::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::DeliveryStatus;
use sealpost_shared::ids::{ContactId, DeliveryId, LinkId, MessageId, OrganizationId};

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

/// What is not settled; word for word the condition of the index `deliveries_due`.
const OPEN: &str = "status IN ('queued', 'sending')";
/// What can still be stopped: a restore's, too.
const STOPPABLE: &str = "status IN ('queued', 'sending', 'needs_review')";

/// Takes up to `limit` deliveries whose turn has come: waiting, or held by a worker that did not come back
/// (`next_attempt_at` is then the end of its lease). One statement, so that two workers never take the same.
pub async fn claim(
    tx: &impl ConnectionTrait,
    now: DateTimeUtc,
    lease_token: Uuid,
    leased_until: DateTimeUtc,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    use sea_orm::sea_query::{LockBehavior, LockType, Order, Query};
    use sea_orm::{Condition, ExprTrait};
    let due = Condition::all().add(Expr::cust(OPEN)).add(Column::NextAttemptAt.lte(now));
    let mut chosen = Query::select();
    chosen
        .column(Column::Id)
        .from(Entity)
        .cond_where(due.clone())
        .order_by(Column::Class, Order::Asc)
        .order_by(Column::NextAttemptAt, Order::Asc);
    // SQLite has one writer; it knows no row locks and needs none.
    chosen.limit(limit).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(DeliveryStatus::Sending))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::LeaseToken, Expr::value(lease_token))
        .col_expr(Column::LeasedUntil, Expr::value(leased_until))
        .col_expr(Column::NextAttemptAt, Expr::value(leased_until))
        .filter(Column::Id.in_subquery(chosen))
        .filter(due)
        .exec_with_returning(tx)
        .await
}

/// When the next one is due, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    use sea_orm::{QueryOrder, QuerySelect};
    Entity::find()
        .select_only()
        .column(Column::NextAttemptAt)
        .filter(Expr::cust(OPEN))
        .order_by_asc(Column::NextAttemptAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
}

/// Changes a delivery that is still held by `lease_token`; false when it was taken over, revoked or
/// settled meanwhile. The lease ends with it.
pub async fn settle(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    lease_token: Option<Uuid>,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    use sea_orm::Set;
    let change = ActiveModel { lease_token: Set(None), leased_until: Set(None), ..change };
    let result = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseToken.eq(lease_token))
        .filter(Column::Status.eq(DeliveryStatus::Sending))
        .exec(tx)
        .await?;
    Ok(result.rows_affected == 1)
}

/// How many a restore parked, over all organizations.
pub async fn count_parked(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Status.eq(DeliveryStatus::NeedsReview)).count(db).await
}

/// Stops those of `which` that are still on their way; a try that is in hand can no longer settle.
pub async fn cancel(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    which: Expr,
    change: ActiveModel,
) -> Result<u64, DbErr> {
    use sea_orm::Set;
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
