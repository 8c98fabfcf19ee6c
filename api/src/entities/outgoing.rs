//! What waits to be sent, whichever table it stands in: claimed before anything goes over the network, held by a
//! lease, settled by the lease's holder alone (security.md D16).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    CaseStatement, CommonTableExpression, JoinType, LockBehavior, LockType, Order, Query, SelectStatement,
    WithClause,
};
use sea_orm::{Condition, ExprTrait, QueryOrder, QuerySelect};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{DeliveryId, OrganizationId};

/// What is not settled; word for word the condition of the indexes `…_due`.
pub const OPEN: &str = "status IN ('queued', 'sending')";

/// A table of things on their way out. The columns have the same names in each.
pub trait Outgoing: EntityTrait {
    const ID: Self::Column;
    const ORGANIZATION: Self::Column;
    const CLASS: Self::Column;
    const STATUS: Self::Column;
    const ATTEMPTS: Self::Column;
    const NEXT_ATTEMPT_AT: Self::Column;
    const LEASE_TOKEN: Self::Column;
    const LEASED_UNTIL: Self::Column;
    const IN_DOUBT: Self::Column;
}

/// Who takes how much of it now.
pub struct Turn {
    pub now: DateTimeUtc,
    pub lease_token: Uuid,
    pub leased_until: DateTimeUtc,
    /// What was never tried, or what was.
    pub tried: bool,
    pub limit: u64,
    /// Of one organization's, what this process has in hand included.
    pub per_organization: i64,
    pub in_hand: Vec<(OrganizationId, i64)>,
}

impl Turn {
    /// All that is due, for one that has nothing in hand.
    pub fn of(now: DateTimeUtc, lease_token: Uuid, leased_until: DateTimeUtc, tried: bool) -> Self {
        Self { now, lease_token, leased_until, tried, limit: 100, per_organization: 100, in_hand: Vec::new() }
    }
}

/// Takes what is due: waiting, or held by a worker that did not come back (`next_attempt_at` is then the end of its
/// lease, and nobody knows what became of its try). Every organization's first before anybody's second. One
/// statement, so that two workers never take the same; `which` narrows it to a provider's.
pub async fn claim<E: Outgoing>(
    tx: &impl ConnectionTrait,
    turn: &Turn,
    which: Option<Expr>,
) -> Result<Vec<E::Model>, DbErr> {
    let tried = if turn.tried { E::ATTEMPTS.gt(0) } else { E::ATTEMPTS.eq(0) };
    let due = Condition::all()
        .add(Expr::cust(OPEN))
        .add(E::NEXT_ATTEMPT_AT.lte(turn.now))
        .add(tried)
        .add_option(which);
    let chosen = chosen::<E>(turn, &due);
    // Once and for all: PostgreSQL may ask a subquery again for each row, and then it chooses more than the limit.
    let mut once = CommonTableExpression::new();
    once.query(chosen).table_name("chosen").column("id").materialized(true);
    let chosen = Query::select()
        .column("id")
        .from("chosen")
        .with_cte(WithClause::new().cte(once).to_owned())
        .to_owned();
    E::update_many()
        .col_expr(E::STATUS, Expr::value(DeliveryStatus::Sending))
        .col_expr(E::ATTEMPTS, Expr::col(E::ATTEMPTS).add(1))
        .col_expr(E::IN_DOUBT, Expr::cust("in_doubt OR lease_token IS NOT NULL"))
        .col_expr(E::LEASE_TOKEN, Expr::value(turn.lease_token))
        .col_expr(E::LEASED_UNTIL, Expr::value(turn.leased_until))
        .col_expr(E::NEXT_ATTEMPT_AT, Expr::value(turn.leased_until))
        .filter(E::ID.in_subquery(chosen))
        .filter(due)
        .exec_with_returning(tx)
        .await
}

/// The ids, in the order that they go out: by class, then each organization's first before anybody's second.
fn chosen<E: Outgoing>(turn: &Turn, due: &Condition) -> SelectStatement {
    let turns = Query::select()
        .expr_as(Expr::col(E::ID), "turn_id")
        .expr_as(Expr::cust(PLACE), "place")
        .from(E::default())
        .cond_where(due.clone())
        .to_owned();
    let mut allowed = CaseStatement::new();
    for (organization, held) in &turn.in_hand {
        allowed = allowed.case(E::ORGANIZATION.eq(*organization), turn.per_organization - held);
    }
    let allowed: Expr = if turn.in_hand.is_empty() {
        Expr::value(turn.per_organization)
    } else {
        allowed.finally(turn.per_organization).into()
    };
    Query::select()
        .column((E::default(), E::ID))
        .from(E::default())
        .join_subquery(
            JoinType::InnerJoin,
            turns,
            "turns",
            Expr::col(("turns", "turn_id")).equals((E::default(), E::ID)),
        )
        .and_where(Expr::col(("turns", "place")).lte(allowed))
        .order_by((E::default(), E::CLASS), Order::Asc)
        .order_by(("turns", "place"), Order::Asc)
        .order_by((E::default(), E::NEXT_ATTEMPT_AT), Order::Asc)
        .limit(turn.limit)
        // SQLite has one writer; it knows no row locks and needs none.
        .lock_with_tables_behavior(LockType::Update, [E::default()], LockBehavior::SkipLocked)
        .to_owned()
}

const PLACE: &str = "ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY class, next_attempt_at, id)";

/// When the next one is due, over all organizations.
pub async fn next_due<E: Outgoing>(
    db: &impl ConnectionTrait,
    which: Option<Expr>,
) -> Result<Option<DateTimeUtc>, DbErr> {
    E::find()
        .select_only()
        .column(E::NEXT_ATTEMPT_AT)
        .filter(Condition::all().add(Expr::cust(OPEN)).add_option(which))
        .order_by_asc(E::NEXT_ATTEMPT_AT)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
}

/// Changes what is still held by `lease_token`; false when it was taken over, stopped or settled meanwhile. `change`
/// ends the lease.
pub async fn settle<E: Outgoing>(
    tx: &impl ConnectionTrait,
    id: DeliveryId,
    lease_token: Option<Uuid>,
    change: E::ActiveModel,
) -> Result<bool, DbErr> {
    let result = E::update_many()
        .set(change)
        .filter(E::ID.eq(id))
        .filter(E::LEASE_TOKEN.eq(lease_token))
        .filter(E::STATUS.eq(DeliveryStatus::Sending))
        .exec(tx)
        .await?;
    Ok(result.rows_affected == 1)
}
