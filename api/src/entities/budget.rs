//! How often something was done in a window: the store behind the limits of security.md D7.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budgets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: Vec<u8>,
    pub used: i64,
    pub window_ends_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

/// A limit: so often in so long.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub scope: &'static str,
    pub times: i64,
    pub window: chrono::TimeDelta,
}

/// Uses one of `limit` up, in one statement: two callers never share the last one.
/// False when none is left in this window.
pub async fn charge(
    tx: &impl ConnectionTrait,
    limit: Limit,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let column = |column: Column| Expr::col((Entity, column));
    let ended = || column(Column::WindowEndsAt).lte(now);
    let ends = now + limit.window;
    let renew = OnConflict::columns([Column::Scope, Column::Subject])
        .value(Column::Used, CaseStatement::new().case(ended(), 1).finally(column(Column::Used).add(1)))
        .value(
            Column::WindowEndsAt,
            CaseStatement::new().case(ended(), ends).finally(column(Column::WindowEndsAt)),
        )
        .action_and_where(ended().or(column(Column::Used).lt(limit.times)))
        .to_owned();
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::Scope, Column::Subject, Column::Used, Column::WindowEndsAt])
        .values_panic([limit.scope.into(), subject.to_vec().into(), 1.into(), ends.into()])
        .on_conflict(renew)
        .returning_col(Column::Used)
        .to_owned();
    Ok(tx.query_one(&statement).await?.is_some())
}

/// When a limit that is used up starts anew.
pub async fn window_ends_at(
    tx: &impl ConnectionTrait,
    limit: Limit,
    subject: &[u8],
) -> Result<Option<DateTimeUtc>, DbErr> {
    let row = Entity::find_by_id((limit.scope.to_owned(), subject.to_vec())).one(tx).await?;
    Ok(row.map(|row| row.window_ends_at))
}

/// How many of a limit are used up now.
pub async fn used(
    db: &impl ConnectionTrait,
    limit: Limit,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<i64, DbErr> {
    let row = Entity::find_by_id((limit.scope.to_owned(), subject.to_vec())).one(db).await?;
    Ok(row.filter(|row| row.window_ends_at > now).map_or(0, |row| row.used))
}

/// Until when none is left; nothing when one is. A look: it takes none.
pub async fn spent_until(
    db: &impl ConnectionTrait,
    limit: Limit,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<Option<DateTimeUtc>, DbErr> {
    let row = Entity::find_by_id((limit.scope.to_owned(), subject.to_vec())).one(db).await?;
    let spent = row.filter(|row| row.used >= limit.times && row.window_ends_at > now);
    Ok(spent.map(|row| row.window_ends_at))
}

/// Gives one back: what was charged was not used.
pub async fn refund(tx: &impl ConnectionTrait, limit: Limit, subject: &[u8]) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).sub(1))
        .filter(Column::Scope.eq(limit.scope))
        .filter(Column::Subject.eq(subject.to_vec()))
        .filter(Column::Used.gt(0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Starts the window anew: after a success.
pub async fn reset(tx: &impl ConnectionTrait, limit: Limit, subject: &[u8]) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Scope.eq(limit.scope))
        .filter(Column::Subject.eq(subject.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Windows that are over count nothing any more. One that somebody begins anew is left alone: a sweep waits for nobody.
pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    let mut over = Query::select();
    over.columns([Column::Scope, Column::Subject])
        .from(Entity)
        .and_where(Column::WindowEndsAt.lte(now))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let row = Expr::tuple([Expr::col(Column::Scope), Expr::col(Column::Subject)]);
    Entity::delete_many().filter(row.in_subquery(over)).exec(tx).await?;
    Ok(())
}
