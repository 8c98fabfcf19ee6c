//! How often in a row somebody failed at an account, from wherever they tried (security.md D7). Kept for addresses
//! that nobody has, too: what does not exist must look the same. Subjects are keyed hashes.

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ConnectionTrait, ExprTrait};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_guards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: Vec<u8>,
    /// In a row; a try counts from its start.
    pub failures: i64,
    pub next_try_at: DateTimeUtc,
    pub tried_at: DateTimeUtc,
    /// The last one failed, too: only a new password helps.
    pub disabled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether a try would be taken: as [`charge`] asks it.
    pub fn is_open(&self, now: DateTimeUtc) -> bool {
        self.failures < FAILURES_MAX && self.disabled_at.is_none() && self.next_try_at <= now
    }
}

/// So many failures in a row turn the password off.
pub const FAILURES_MAX: i64 = 100;
/// The first failure after which one has to wait, and for how long; each further one doubles the wait.
const WAIT_FROM: i64 = 5;
const WAIT_FIRST: TimeDelta = TimeDelta::seconds(30);
const WAIT_LONGEST: TimeDelta = TimeDelta::hours(1);

/// How long one waits after so many failures in a row.
fn wait_after(failures: i64) -> TimeDelta {
    let doublings = u32::try_from(failures - WAIT_FROM).ok();
    let factor = doublings.map(|n| 1_i32.checked_shl(n).filter(|factor| *factor > 0).unwrap_or(i32::MAX));
    factor.map_or(TimeDelta::zero(), |factor| {
        WAIT_FIRST.checked_mul(factor).unwrap_or(WAIT_LONGEST).min(WAIT_LONGEST)
    })
}

/// Counts a try as failed before it is looked at, in one statement; how many there are now in a row. Nothing when one
/// has to wait, or the password is off.
pub async fn charge(
    tx: &impl ConnectionTrait,
    scope: &str,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<Option<i64>, DbErr> {
    let column = |column: Column| Expr::col((Entity, column));
    let steps = (WAIT_FROM..).take_while(|failures| wait_after(failures - 1) < WAIT_LONGEST);
    // `failures` of the row as it was: this try is one more.
    let next = steps.fold(CaseStatement::new(), |case, failures| {
        case.case(column(Column::Failures).eq(failures - 1), now + wait_after(failures))
    });
    let early = column(Column::Failures).lt(WAIT_FROM - 1);
    let next = next.case(early, now).finally(now + WAIT_LONGEST);
    let count = OnConflict::columns([Column::Scope, Column::Subject])
        .value(Column::Failures, column(Column::Failures).add(1))
        .value(Column::NextTryAt, next)
        .value(Column::TriedAt, now)
        .action_and_where(
            column(Column::Failures)
                .lt(FAILURES_MAX)
                .and(column(Column::DisabledAt).is_null())
                .and(column(Column::NextTryAt).lte(now)),
        )
        .to_owned();
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::Scope, Column::Subject, Column::Failures, Column::NextTryAt, Column::TriedAt])
        .values_panic([scope.into(), subject.to_vec().into(), 1.into(), now.into(), now.into()])
        .on_conflict(count)
        .returning_col(Column::Failures)
        .to_owned();
    let counted = tx.query_one(&statement).await?;
    counted.map(|row| row.try_get("", "failures")).transpose()
}

/// Gives a try back that was never looked at: nobody waits for it.
pub async fn refund(
    tx: &impl ConnectionTrait,
    scope: &str,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    let of = of(scope, subject).col_expr(Column::Failures, Expr::col(Column::Failures).sub(1));
    of.col_expr(Column::NextTryAt, Expr::value(now))
        .filter(Column::Failures.gt(0))
        .filter(Column::DisabledAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

fn of(scope: &str, subject: &[u8]) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many().filter(Column::Scope.eq(scope)).filter(Column::Subject.eq(subject.to_vec()))
}

/// Notes that the try which was charged failed; true when it was the last one and the password is off from now on.
/// Writes the row in either case, so that one answer takes as long as another.
pub async fn failed(
    tx: &impl ConnectionTrait,
    scope: &str,
    subject: &[u8],
    now: DateTimeUtc,
) -> Result<bool, DbErr> {
    let full = Expr::col(Column::Failures).gte(FAILURES_MAX);
    let off = CaseStatement::new().case(full, Expr::value(now)).finally(Expr::col(Column::DisabledAt));
    let rows = of(scope, subject)
        .col_expr(Column::DisabledAt, off.into())
        .filter(Column::DisabledAt.is_null())
        .exec_with_returning(tx)
        .await?;
    Ok(rows.iter().any(|row| row.disabled_at.is_some()))
}

pub async fn find(db: &impl ConnectionTrait, scope: &str, subject: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((scope.to_owned(), subject.to_vec())).one(db).await
}

/// Those of the subjects whose last try failed, too.
pub async fn list_disabled(
    db: &impl ConnectionTrait,
    subjects: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Subject.is_in(subjects))
        .filter(Column::DisabledAt.is_not_null())
        .all(db)
        .await
}

/// Starts over: after a success, or with a new password.
pub async fn clear(tx: &impl ConnectionTrait, scope: &str, subject: &[u8]) -> Result<(), DbErr> {
    Entity::delete_by_id((scope.to_owned(), subject.to_vec())).exec(tx).await?;
    Ok(())
}

/// As [`clear`], where nothing is taken any more.
pub async fn clear_disabled(tx: &impl ConnectionTrait, scope: &str, subject: &[u8]) -> Result<(), DbErr> {
    let id = (scope.to_owned(), subject.to_vec());
    Entity::delete_by_id(id).filter(Column::DisabledAt.is_not_null()).exec(tx).await?;
    Ok(())
}

/// How long failures in a row are remembered when nobody tries again. The same for accounts and for addresses that
/// nobody has: what is forgotten sooner could be told apart by the wait that does not grow (security.md D9). Where
/// there is no wait yet it is short, so that whoever makes addresses up fills the table for days and not for years.
const FEW_KEPT: TimeDelta = TimeDelta::days(7);
const MANY_KEPT: TimeDelta = TimeDelta::days(30);
/// The password is off: it stays so for as long as anybody could remember it.
const OFF_KEPT: TimeDelta = TimeDelta::days(365);

/// What nobody has tried for long. A row that somebody writes is left alone: a sweep waits for nobody.
pub async fn sweep(tx: &impl ConnectionTrait, now: DateTimeUtc) -> Result<(), DbErr> {
    let few = Column::Failures.lt(WAIT_FROM).and(Column::TriedAt.lte(now - FEW_KEPT));
    let many = Column::DisabledAt.is_null().and(Column::TriedAt.lte(now - MANY_KEPT));
    let mut over = Query::select();
    over.columns([Column::Scope, Column::Subject])
        .from(Entity)
        .and_where(few.or(many).or(Column::TriedAt.lte(now - OFF_KEPT)))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let row = Expr::tuple([Expr::col(Column::Scope), Expr::col(Column::Subject)]);
    Entity::delete_many().filter(row.in_subquery(over)).exec(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_from_half_a_minute_to_an_hour() {
        let waits: Vec<i64> = [1, 4, 5, 6, 7, 11, 12, 13, 99, 100]
            .into_iter()
            .map(|failures| wait_after(failures).num_seconds())
            .collect();
        assert_eq!(waits, [0, 0, 30, 60, 120, 1920, 3600, 3600, 3600, 3600]);
    }
}
