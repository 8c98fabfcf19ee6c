//! What is due at a time, whichever table it stands in, over all organizations: found by an index, and everybody's first
//! before anybody's second, so that one organization's pile keeps no other waiting.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, TryGetable};
use sealpost_shared::ids::OrganizationId;

/// Whose and which, those whose time is first first. `at` is when a row is due; `open` the condition of its index.
pub async fn list<E: EntityTrait, I: TryGetable>(
    db: &impl ConnectionTrait,
    (organization, id, at): (E::Column, E::Column, E::Column),
    open: Expr,
    now: DateTimeUtc,
    limit: u64,
) -> Result<Vec<(OrganizationId, I)>, DbErr> {
    let turn = format!("ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY {}, id)", at.as_str());
    E::find()
        .select_only()
        .column(organization)
        .column(id)
        .filter(open)
        .filter(at.lte(now))
        .order_by_asc(Expr::cust(turn))
        .order_by_asc(at)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// When the next one is due.
pub async fn next<E: EntityTrait>(
    db: &impl ConnectionTrait,
    at: E::Column,
    open: Expr,
) -> Result<Option<DateTimeUtc>, DbErr> {
    E::find().select_only().column(at).filter(open).order_by_asc(at).limit(1).into_tuple().one(db).await
}
