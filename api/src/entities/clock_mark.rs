//! How far the clock has come: the one row that keeps time from going back (security.md D19).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait as _, IntoActiveModel as _};

const PROBE: &str = "probe";
const NAME: &str = "clock";

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clock_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub reached: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn get(db: &impl ConnectionTrait) -> Result<Option<DateTimeUtc>, DbErr> {
    Ok(Entity::find_by_id(NAME.to_owned()).one(db).await?.map(|row| row.reached))
}

/// Moves the mark on; never back, whichever server is slow.
pub async fn reach(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    let on = OnConflict::column(Column::Name)
        .update_column(Column::Reached)
        .action_and_where(Expr::col((Entity, Column::Reached)).lt(now))
        .to_owned();
    let row = Model { name: NAME.to_owned(), reached: now };
    Entity::insert(row.into_active_model().reset_all()).on_conflict(on).exec_without_returning(tx).await?;
    Ok(())
}

/// Puts it where the operator says the time is.
pub async fn set(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    let on = OnConflict::column(Column::Name).update_column(Column::Reached).to_owned();
    let row = Model { name: NAME.to_owned(), reached: now };
    Entity::insert(row.into_active_model().reset_all()).on_conflict(on).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes and leaves nothing: whether the database takes writes. A row that is put in and taken out, because SQLite
/// leaves alone what would be overwritten by the same.
pub async fn probe(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    let row = Model { name: PROBE.to_owned(), reached: now };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Entity::delete_by_id(PROBE.to_owned()).exec(tx).await?;
    Ok(())
}
