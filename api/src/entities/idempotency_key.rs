//! Answers kept for repeated requests (security.md D14).

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{ContactId, OrganizationId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub route: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub fingerprint: Vec<u8>,
    pub contact_id: Option<ContactId>,
    pub sealed_response: Option<Vec<u8>>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn find_live(
    db: &impl ConnectionTrait,
    at: (OrganizationId, Uuid, String, String),
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(at).filter(Column::ExpiresAt.gt(now)).one(db).await
}

pub async fn delete_ended(
    tx: &impl ConnectionTrait,
    at: (OrganizationId, Uuid, String, String),
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::delete_by_id(at).filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}

pub async fn set_response(
    tx: &impl ConnectionTrait,
    (organization, actor, route, key): (OrganizationId, Uuid, String, String),
    contact: Option<ContactId>,
    sealed: Vec<u8>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(contact))
        .col_expr(Column::SealedResponse, Expr::value(sealed))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ActorId.eq(actor))
        .filter(Column::Route.eq(route))
        .filter(Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

/// All that ended, over all organizations.
pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}

/// Answers about somebody who is erased go. That the requests were made stays, so that none is made again.
pub async fn forget_responses(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SealedResponse, Expr::value(None::<Vec<u8>>))
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.eq(contact))
        .exec(tx)
        .await?;
    Ok(())
}
