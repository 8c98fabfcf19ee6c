//! Wrong PINs in a row over all of a contact's links (security.md D7). Made with the contact.

use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{ContactId, OrganizationId};

/// Wrong PINs in a row, on all links of a contact together (security.md D7).
pub const CONTACT_TRIES: i64 = 30;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_guards")]
pub struct Model {
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub consecutive: i64,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(contact).filter(Column::OrganizationId.eq(organization)).one(db).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    contacts: impl IntoIterator<Item = ContactId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::ContactId.is_in(contacts))
        .all(db)
        .await
}

/// Takes one try of the contact's row, in one statement. False when none is left.
pub async fn charge(tx: &impl ConnectionTrait, contact: ContactId) -> Result<bool, DbErr> {
    let charged = Entity::update_many()
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).add(1))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::Consecutive.lt(CONTACT_TRIES))
        .exec(tx)
        .await?;
    Ok(charged.rows_affected == 1)
}

pub async fn refund(tx: &impl ConnectionTrait, contact: ContactId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).sub(1))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::Consecutive.gt(0))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn reset(tx: &impl ConnectionTrait, contact: ContactId) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Consecutive, Expr::value(0))
        .filter(Column::ContactId.eq(contact))
        .exec(tx)
        .await?;
    Ok(())
}
