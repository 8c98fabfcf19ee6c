//! Where an organization's event log and audit chain end. Its row orders all writers of one organization.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect};
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization_heads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    pub event_sequence: i64,
    pub audit_sequence: i64,
    pub audit_hash: Vec<u8>,
    /// Over organization, number and hash, with a key that is not in the database.
    pub audit_signature: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Takes `events` and `audits` numbers and, until the transaction ends, the row itself: nobody else
/// of this organization gets numbers in between. Returns the row as it stands after.
pub async fn advance(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    events: i64,
    audits: i64,
) -> Result<Model, DbErr> {
    Entity::update_many()
        .col_expr(Column::EventSequence, Expr::col(Column::EventSequence).add(events))
        .col_expr(Column::AuditSequence, Expr::col(Column::AuditSequence).add(audits))
        .filter(Column::OrganizationId.eq(organization))
        .exec_with_returning(tx)
        .await?
        .pop()
        .ok_or_else(|| DbErr::RecordNotFound("organization head".to_owned()))
}

/// What the chain ends in now.
pub async fn set_audit_end(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    hash: Vec<u8>,
    signature: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::AuditHash, Expr::value(hash))
        .col_expr(Column::AuditSignature, Expr::value(signature))
        .filter(Column::OrganizationId.eq(organization))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn get(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).one(db).await
}

/// For changing: nobody else of this organization gets a number until the transaction ends.
pub async fn get_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organization).lock(LockType::NoKeyUpdate).one(tx).await
}

pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::OrganizationId).all(db).await
}
