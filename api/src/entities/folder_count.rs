//! The numbers on the badges, kept by the transactions that change them. The nil user holds the organization's totals.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait, Set};
use sealpost_shared::conversations::Folder;
use sealpost_shared::ids::{OrganizationId, UserId};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "folder_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub folder: Folder,
    pub number: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// Stands for the whole organization in `user_id`.
pub const EVERYBODY: UserId = UserId::from_uuid(uuid::Uuid::nil());

pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::UserId.eq(user))
        .all(db)
        .await
}

/// Adds to several numbers in one statement; a number that is not there yet starts at zero.
pub async fn add(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    changes: Vec<(UserId, Folder, i64)>,
) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.into_iter().map(|(user, folder, delta)| ActiveModel {
        organization_id: Set(organization),
        user_id: Set(user),
        folder: Set(folder),
        number: Set(delta),
    });
    let sum = Expr::col((Entity, Column::Number)).add(Expr::col(("excluded", Column::Number)));
    let add = OnConflict::columns([Column::OrganizationId, Column::UserId, Column::Folder])
        .value(Column::Number, sum)
        .to_owned();
    Entity::insert_many(rows).on_conflict(add).exec_without_returning(tx).await?;
    Ok(())
}
