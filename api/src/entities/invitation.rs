//! Invitations to colleagues. The token is kept as a hash, the address sealed.

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sealpost_shared::ids::{InvitationId, OrganizationId, UserId};
use sealpost_shared::staff::Role;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub organization_id: OrganizationId,
    pub token_hash: Vec<u8>,
    pub name: String,
    pub sealed_email: Vec<u8>,
    pub email_index: Vec<u8>,
    pub role: Role,
    pub invited_by: UserId,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Those that were not withdrawn; a page of them is cut by the caller.
pub fn of_organization(organization: OrganizationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::WithdrawnAt.is_null())
}

pub async fn has_any(db: &impl ConnectionTrait, organization: OrganizationId) -> Result<bool, DbErr> {
    Ok(of_organization(organization).one(db).await?.is_some())
}

/// Whether somebody is invited by this address, who has not accepted yet.
pub async fn has_open(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    email_index: Vec<u8>,
) -> Result<bool, DbErr> {
    let open = of_organization(organization)
        .filter(Column::EmailIndex.eq(email_index))
        .filter(Column::AcceptedAt.is_null());
    Ok(open.one(db).await?.is_some())
}

/// Neither accepted nor withdrawn, locked for a change.
pub async fn get_open_locked(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Model>, DbErr> {
    of_organization(organization)
        .filter(Column::Id.eq(id))
        .filter(Column::AcceptedAt.is_null())
        .lock(LockType::NoKeyUpdate)
        .one(tx)
        .await
}

/// The one whose token this is, while it can be accepted. Before anybody is known, so over all organizations.
pub async fn find_acceptable(
    db: &impl ConnectionTrait,
    token_hash: Vec<u8>,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// Ends those that this user has sent and nobody has accepted.
pub async fn withdraw_of_inviter(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    inviter: UserId,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(now))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::InvitedBy.eq(inviter))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::WithdrawnAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Uses it up; false when somebody was quicker, or it was withdrawn or given another token meanwhile.
pub async fn accept(
    tx: &impl ConnectionTrait,
    id: InvitationId,
    token_hash: Vec<u8>,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let accepted = Entity::update_many()
        .col_expr(Column::AcceptedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    Ok(accepted.rows_affected == 1)
}
