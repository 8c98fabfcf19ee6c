//! A code from an app beside the password. Enrolled first, counted once a code was confirmed.

use sea_orm::entity::prelude::*;
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub sealed_secret: Vec<u8>,
    /// The newest time step whose code was taken: a code works once.
    pub last_step: i64,
    pub confirmed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// Confirmed or not.
pub async fn find(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(user).filter(Column::OrganizationId.eq(organization)).one(db).await
}

pub async fn find_confirmed(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Model>, DbErr> {
    Ok(find(db, organization, user).await?.filter(|row| row.confirmed_at.is_some()))
}

/// Whose second step counts, of these.
pub async fn list_confirmed(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.is_in(users))
        .filter(Column::ConfirmedAt.is_not_null())
        .all(db)
        .await
}

/// Takes a code's step; false when it or a later one was taken before: one statement, so it works once.
pub async fn take_step(tx: &impl ConnectionTrait, user: UserId, step: i64) -> Result<bool, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .filter(Column::UserId.eq(user))
        .filter(Column::LastStep.lt(step))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

pub async fn remove(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<bool, DbErr> {
    let removed = Entity::delete_many()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .exec(tx)
        .await?;
    Ok(removed.rows_affected == 1)
}
