//! Emails to the staff on their way: they have no contact, no thread and no link of a patient, so they have an
//! outbox of their own, built like the other (security.md D16).

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{DeliveryId, InvitationId, OrganizationId};

use super::outgoing::{self, OPEN, Outgoing, Turn};

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
    /// Lower goes first.
    pub class: i64,
    pub leased_until: Option<DateTimeUtc>,
    /// Somebody tried, and nobody knows whether it arrived: the next try has the same `Message-ID`.
    pub in_doubt: bool,
}

impl ActiveModelBehavior for ActiveModel {}

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

/// Takes what is due; see [`outgoing::claim`].
pub async fn claim(tx: &impl ConnectionTrait, turn: &Turn) -> Result<Vec<Model>, DbErr> {
    outgoing::claim::<Entity>(tx, turn, None).await
}

/// When the next one is due, over all organizations.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    outgoing::next_due::<Entity>(db, None).await
}

/// Changes one that is still held by `lease_token`; the lease ends with it.
pub async fn settle(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    lease_token: Option<Uuid>,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let change = ActiveModel { lease_token: Set(None), leased_until: Set(None), ..change };
    outgoing::settle::<Entity>(tx, id, lease_token, change).await
}

/// Stops what is still on its way about an invitation.
pub async fn cancel_of_invitation(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    invitation: InvitationId,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        status: Set(DeliveryStatus::Canceled),
        sealed_content: Set(None),
        lease_token: Set(None),
        leased_until: Set(None),
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
