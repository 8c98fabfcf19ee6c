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
    /// When the last try of the row was used up.
    pub disabled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A guard as it is made, with its contact.
pub const fn fresh(organization_id: OrganizationId, contact_id: ContactId) -> Model {
    Model { organization_id, contact_id, consecutive: 0, disabled_at: None }
}

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

/// Takes one try of the contact's row, in one statement. Nothing when none is left.
pub async fn charge(tx: &impl ConnectionTrait, contact: ContactId) -> Result<Option<Model>, DbErr> {
    let charged = Entity::update_many()
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).add(1))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::Consecutive.lt(CONTACT_TRIES))
        .exec_with_returning(tx)
        .await?;
    Ok(charged.into_iter().next())
}

/// Notes when the row was used up; false when it was noted before, or tries were given back meanwhile.
pub async fn note_disabled(
    tx: &impl ConnectionTrait,
    contact: ContactId,
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let noted = Entity::update_many()
        .col_expr(Column::DisabledAt, Expr::value(now))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::Consecutive.gte(CONTACT_TRIES))
        .filter(Column::DisabledAt.is_null())
        .exec(tx)
        .await?;
    Ok(noted.rows_affected == 1)
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
        .col_expr(Column::DisabledAt, Expr::value(None::<DateTimeUtc>))
        .filter(Column::ContactId.eq(contact))
        .exec(tx)
        .await?;
    Ok(())
}
