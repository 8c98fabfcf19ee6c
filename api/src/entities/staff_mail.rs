//! Emails to the staff on their way: they have no contact, no thread and no link of a patient, so they have an
//! outbox of their own, built like the other (security.md D16).

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use sealpost_shared::conversations::DeliveryStatus;
use sealpost_shared::ids::{DeliveryId, InvitationId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    pub organization_id: OrganizationId,
    pub invitation_id: Option<InvitationId>,
    /// Address and text; erased with the settling.
    pub sealed_content: Option<Vec<u8>>,
    pub status: DeliveryStatus,
    pub attempts: i64,
    pub next_attempt_at: DateTimeUtc,
    pub not_after: DateTimeUtc,
    pub lease_token: Option<Uuid>,
    pub failure_code: Option<String>,
    pub failure_detail: Option<String>,
    pub created_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Word for word the condition of the index `staff_mails_due`.
const OPEN: &str = "status IN ('queued', 'sending')";

/// Takes up to `limit` whose turn has come, in one statement, so that two workers never take the same.
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
        .order_by(Column::NextAttemptAt, Order::Asc);
    chosen.limit(limit).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(DeliveryStatus::Sending))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::LeaseToken, Expr::value(lease_token))
        .col_expr(Column::NextAttemptAt, Expr::value(leased_until))
        .filter(Column::Id.in_subquery(chosen))
        .filter(due)
        .exec_with_returning(tx)
        .await
}

/// When the next one is due, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
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

/// Changes one that is still held by `lease_token`; the lease ends with it.
pub async fn settle(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    lease_token: Option<Uuid>,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    use sea_orm::Set;
    let result = Entity::update_many()
        .set(ActiveModel { lease_token: Set(None), ..change })
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseToken.eq(lease_token))
        .filter(Column::Status.eq(DeliveryStatus::Sending))
        .exec(tx)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Stops what is still on its way about an invitation.
pub async fn cancel_of_invitation(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    invitation: InvitationId,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    use sea_orm::Set;
    let change = ActiveModel {
        status: Set(DeliveryStatus::Canceled),
        sealed_content: Set(None),
        lease_token: Set(None),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::InvitationId.eq(invitation))
        .filter(Expr::cust(OPEN))
        .exec(tx)
        .await?;
    Ok(())
}

/// Oldest first, so that in a map the newest of each stays.
pub async fn list_of_invitations(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    invitations: impl IntoIterator<Item = InvitationId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::InvitationId.is_in(invitations))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// What is not settled, by status: how many, and since when the oldest waits. Over all organizations.
pub async fn queue(db: &impl ConnectionTrait) -> Result<Vec<(String, i64, DateTimeUtc)>, DbErr> {
    use sea_orm::ActiveEnum;
    let mut found = Vec::new();
    for status in [DeliveryStatus::Queued, DeliveryStatus::Sending] {
        let waiting = || Entity::find().filter(Column::Status.eq(status));
        let count = i64::try_from(waiting().count(db).await?).unwrap_or(i64::MAX);
        let oldest = waiting().select_only().column(Column::CreatedAt).order_by_asc(Column::CreatedAt);
        if let Some(oldest) = oldest.limit(1).into_tuple().one(db).await? {
            found.push((status.to_value(), count, oldest));
        }
    }
    Ok(found)
}
