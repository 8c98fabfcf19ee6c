//! What a restore parked: an admin decides what becomes of it. Each goes out with the key it had, so that a gateway
//! which still remembers that key sends nothing twice.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Value};
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::OrganizationId;

use crate::db::Db;
use crate::entities::{conversation, delivery, organization};
use crate::journal::{About, Actor, Journal};
use crate::problem::Result;
use crate::state::State;

/// What becomes of the notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Send,
    Drop,
}

/// How many wait, over all organizations.
pub async fn count_parked(db: &Db) -> Result<u64, DbErr> {
    delivery::count_parked(&db.before_organization().read().await?).await
}

/// Every parked notice of every organization; says how many there were.
pub async fn release(state: &State, decision: Decision) -> Result<u64> {
    let organizations = organization::list_ids(&state.db.before_organization().read().await?).await?;
    let mut released = 0;
    for organization in organizations {
        let work = async |tx: &sea_orm::DatabaseTransaction| {
            release_of(tx, organization, decision, state.now()).await
        };
        released += state.db.of(organization).write(work).await?;
    }
    Ok(released)
}

async fn release_of(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    decision: Decision,
    now: DateTime<Utc>,
) -> Result<u64> {
    let update = delivery::Entity::update_many();
    let update = match decision {
        Decision::Send => update
            .col_expr(delivery::Column::Status, Expr::value(DeliveryStatus::Queued))
            .col_expr(delivery::Column::NextAttemptAt, Expr::value(now)),
        Decision::Drop => update
            .col_expr(delivery::Column::Status, Expr::value(DeliveryStatus::Canceled))
            .col_expr(delivery::Column::SealedContent, Expr::value(Value::Bytes(None)))
            .col_expr(delivery::Column::FailureCode, Expr::value(FailureCode::Restored.as_str()))
            .col_expr(
                delivery::Column::FailureDetail,
                Expr::value("It had not been sent when the database was backed up, and was dropped after the restore."),
            )
            .col_expr(delivery::Column::SettledAt, Expr::value(now)),
    };
    let rows = update
        .filter(delivery::Column::OrganizationId.eq(organization))
        .filter(delivery::Column::Status.eq(DeliveryStatus::NeedsReview))
        .exec_with_returning(tx)
        .await?;
    let (action, event) = match decision {
        Decision::Send => ("delivery.released", EventType::DeliveryUpdated),
        Decision::Drop => ("delivery.canceled", EventType::MessageFailed),
    };
    let mut journal = Journal::new(organization, Actor::System, now);
    for row in &rows {
        let thread = conversation::get_by_contact(tx, organization, row.contact_id).await?;
        let about = About {
            conversation: thread.map(|thread| thread.id),
            contact: Some(row.contact_id),
            message: Some(row.message_id),
            link: row.link_id,
            user: None,
        };
        journal.event(event, about).audit(action, row.id);
    }
    journal.write(tx).await?;
    Ok(rows.len() as u64)
}
