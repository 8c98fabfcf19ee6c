//! Who did what, chained by hash (security.md D23). No personal data.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use sealpost_shared::ids::{AuditId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub id: AuditId,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub action: String,
    pub subject: String,
    pub created_at: DateTimeUtc,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
    /// What the hash covers: see `journal::chain`.
    pub format: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// An organization's own, where every look-up starts.
pub fn find_in(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization))
}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    sequence: i64,
) -> Result<Option<Model>, DbErr> {
    find_in(organization).filter(Column::Sequence.eq(sequence)).one(db).await
}

/// Those after a number, in the chain's order.
pub async fn list_after(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    after: i64,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let select = find_in(organization).filter(Column::Sequence.gt(after));
    select.order_by_asc(Column::Sequence).limit(most).all(db).await
}

/// The number of the next entry, whether or not the rest of it can be read.
pub async fn next_number(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    after: i64,
) -> Result<Option<i64>, DbErr> {
    let select = find_in(organization).filter(Column::Sequence.gt(after)).order_by_asc(Column::Sequence);
    select.select_only().column(Column::Sequence).limit(1).into_tuple().one(db).await
}

/// Whether somebody's read stands there already.
pub async fn is_noted(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    actor: Option<Uuid>,
    action: &str,
    subject: &str,
    after: DateTimeUtc,
) -> Result<bool, DbErr> {
    let select = find_in(organization)
        .filter(Column::Subject.eq(subject))
        .filter(Column::CreatedAt.gt(after))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Action.eq(action));
    Ok(select.select_only().column(Column::Sequence).limit(1).into_tuple::<i64>().one(db).await?.is_some())
}

/// Every organization that has entries, also one whose own row is gone.
pub async fn list_organizations(db: &impl ConnectionTrait) -> Result<Vec<OrganizationId>, DbErr> {
    Entity::find().select_only().column(Column::OrganizationId).distinct().into_tuple().all(db).await
}
