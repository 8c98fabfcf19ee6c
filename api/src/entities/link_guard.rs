//! Tries at one link's PIN: five in a window, ten in a row (security.md D5, D7).

use chrono::TimeDelta;
use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, SimpleExpr};
use sealpost_shared::ids::{LinkId, OrganizationId};

/// Tries in one window, its length, and tries in a row (security.md D7).
pub const WINDOW_TRIES: i64 = 5;
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
pub const LINK_TRIES: i64 = 10;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_guards")]
pub struct Model {
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub link_id: LinkId,
    pub window_left: i64,
    pub window_ends_at: DateTimeUtc,
    pub consecutive: i64,
    /// All wrong PINs ever tried here; a right one does not take them back.
    pub failures: i64,
    pub failed_at: Option<DateTimeUtc>,
    /// When wrong PINs last paused it or turned it off.
    pub locked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

pub async fn list(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    links: impl IntoIterator<Item = LinkId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::LinkId.is_in(links))
        .all(db)
        .await
}

/// A guard as it is made, with its link.
pub const fn fresh(organization_id: OrganizationId, link_id: LinkId, now: DateTimeUtc) -> Model {
    Model {
        organization_id,
        link_id,
        window_left: WINDOW_TRIES,
        window_ends_at: now,
        consecutive: 0,
        failures: 0,
        failed_at: None,
        locked_at: None,
    }
}

/// What a try leaves of a window, and when that ends: a fresh one begins where the last is over.
pub(super) fn window_after_a_try(
    left: impl ColumnTrait,
    ends_at: impl ColumnTrait,
    now: DateTimeUtc,
) -> [SimpleExpr; 2] {
    let ended = || Expr::col(ends_at).lte(now);
    let left = CaseStatement::new().case(ended(), WINDOW_TRIES - 1).finally(Expr::col(left).sub(1));
    let ends_at = CaseStatement::new().case(ended(), now + WINDOW).finally(Expr::col(ends_at));
    [left.into(), ends_at.into()]
}

/// Takes one try, before anything is verified, in one statement (security.md D5): the guard as the try leaves
/// it, or nothing when none is left in the window or in a row.
pub async fn charge(
    tx: &impl ConnectionTrait,
    link: LinkId,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let [left, ends_at] = window_after_a_try(Column::WindowLeft, Column::WindowEndsAt, now);
    let charged = Entity::update_many()
        .col_expr(Column::WindowLeft, left)
        .col_expr(Column::WindowEndsAt, ends_at)
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).add(1))
        .filter(Column::LinkId.eq(link))
        .filter(Column::Consecutive.lt(LINK_TRIES))
        .filter(Column::WindowEndsAt.lte(now).or(Column::WindowLeft.gt(0)))
        .exec_with_returning(tx)
        .await?;
    Ok(charged.into_iter().next())
}

/// Gives exactly one try back: it was charged and never verified. Not into another window, nor after all tries
/// were given back meanwhile: `window_ends_at` is that of the try.
pub async fn refund(
    tx: &impl ConnectionTrait,
    link: LinkId,
    window_ends_at: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::WindowLeft, Expr::col(Column::WindowLeft).add(1))
        .col_expr(Column::Consecutive, Expr::col(Column::Consecutive).sub(1))
        .filter(Column::LinkId.eq(link))
        .filter(Column::WindowEndsAt.eq(window_ends_at))
        .filter(Column::WindowLeft.lt(WINDOW_TRIES))
        .filter(Column::Consecutive.gt(0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes a wrong PIN for staff to see, and that it was the last for now.
pub async fn note_failure(
    tx: &impl ConnectionTrait,
    link: LinkId,
    locked: bool,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    let mut note = Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .col_expr(Column::FailedAt, Expr::value(now));
    if locked {
        note = note.col_expr(Column::LockedAt, Expr::value(now));
    }
    note.filter(Column::LinkId.eq(link)).exec(tx).await?;
    Ok(())
}

/// All tries back: after the right PIN, or when staff clears the lock.
pub async fn reset(
    tx: &impl ConnectionTrait,
    links: impl IntoIterator<Item = LinkId>,
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::WindowLeft, Expr::value(WINDOW_TRIES))
        .col_expr(Column::WindowEndsAt, Expr::value(now))
        .col_expr(Column::Consecutive, Expr::value(0))
        .filter(Column::LinkId.is_in(links))
        .exec(tx)
        .await?;
    Ok(())
}
