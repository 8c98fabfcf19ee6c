//! How many texts and emails went out in a month or on a day. The month's row is what the limit of security.md D7 is
//! taken from: charged in one statement, so that two callers never share what is left.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, Set};
use sealpost_shared::ids::OrganizationId;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sending_totals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// `2026-11` or `2026-11-23`, in the practice's time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    pub texts: i64,
    pub segments: i64,
    pub emails: i64,
    /// Texts that a limit or a rule held back.
    pub held_back: i64,
    pub near_told_at: Option<DateTimeUtc>,
    pub reached_told_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What is added at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Added {
    pub texts: i64,
    pub segments: i64,
    pub emails: i64,
    pub held_back: i64,
}

/// Adds to a period, unless its segments would pass `limit`: then nothing changes. The row as it is then.
pub async fn add(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    period: &str,
    added: Added,
    limit: Option<i64>,
) -> Result<Option<Model>, DbErr> {
    // A row that is not there yet has no condition to fail.
    if limit.is_some_and(|limit| added.segments > limit) {
        return Ok(None);
    }
    let columns = [
        (Column::Texts, added.texts),
        (Column::Segments, added.segments),
        (Column::Emails, added.emails),
        (Column::HeldBack, added.held_back),
    ];
    let column = |column: Column| Expr::col((Entity, column));
    let mut sum = OnConflict::columns([Column::OrganizationId, Column::Period]);
    for (name, number) in columns.iter().filter(|(_, number)| *number != 0) {
        sum.value(*name, column(*name).add(*number));
    }
    if let Some(limit) = limit {
        sum.action_and_where(column(Column::Segments).add(added.segments).lte(limit));
    }
    let mut statement = Query::insert();
    let key = [Column::OrganizationId, Column::Period];
    statement.into_table(Entity).columns(key.into_iter().chain(columns.map(|(name, _)| name)));
    let mut values: Vec<Expr> = vec![organization.into(), period.into()];
    values.extend(columns.map(|(_, number)| Expr::from(number)));
    statement.values_panic(values).on_conflict(sum).returning_all();
    tx.query_one(&statement).await?.map(|row| Model::from_query_result(&row, "")).transpose()
}

pub async fn find(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    period: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((organization, period.to_owned())).one(db).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    periods: impl IntoIterator<Item = String>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Period.is_in(periods))
        .all(db)
        .await
}

/// Notes that people were told; the row is held by whoever has just added to it.
pub async fn told(
    tx: &impl ConnectionTrait,
    row: &Model,
    near: Option<DateTimeUtc>,
    reached: Option<DateTimeUtc>,
) -> Result<(), DbErr> {
    let change = ActiveModel { near_told_at: Set(near), reached_told_at: Set(reached), ..Default::default() };
    Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(row.organization_id))
        .filter(Column::Period.eq(row.period.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}
