//! What a provider says later became of a text or email. States move forward alone (security.md D16): a receipt that
//! comes twice, late or out of order changes nothing, whoever holds the delivery meanwhile.

use sea_orm::{ConnectionTrait, Set};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};
use sealpost_shared::events::EventType;
use sealpost_shared::ids::{DeliveryId, OrganizationId};
use uuid::Uuid;

use super::address::{self, News};
use super::settle::{End, about, conclude};
use crate::entities::delivery;
use crate::journal::{Actor, Journal};
use crate::problem::Result;
use crate::senders::Receipt;
use crate::state::State;

use DeliveryStatus::{NeedsReview, Queued, Sending, Sent};

/// From which states a receipt moves a delivery on.
const fn earlier(receipt: &Receipt) -> &'static [DeliveryStatus] {
    match receipt {
        Receipt::Taken => &[NeedsReview, Queued, Sending],
        Receipt::Delivered | Receipt::Failed { .. } | Receipt::Canceled => {
            &[NeedsReview, Queued, Sending, Sent]
        }
    }
}

/// Of the text with this handle. False when there is none.
pub async fn receive_of_text(
    state: &State,
    handle: Uuid,
    provider_id: Option<String>,
    receipt: Option<&Receipt>,
) -> Result<bool> {
    let found = delivery::get_by_handle(&state.db.before_organization().read().await?, handle).await?;
    let Some(row) = found else { return Ok(false) };
    if let Some(receipt) = receipt {
        receive(state, &row, provider_id, receipt).await?;
    }
    Ok(true)
}

/// Whose an email is.
pub async fn organization_of_email(state: &State, id: DeliveryId) -> Result<Option<OrganizationId>> {
    let found = delivery::get_by_id(&state.db.before_organization().read().await?, id).await?;
    Ok(found.map(|row| row.organization_id))
}

/// Of the delivery with this id, by whichever way it went: the demo's networks know no other name for it.
pub async fn receive_of(state: &State, id: DeliveryId, receipt: &Receipt) -> Result<bool> {
    let found = delivery::get_by_id(&state.db.before_organization().read().await?, id).await?;
    match found {
        Some(row) => receive(state, &row, None, receipt).await,
        None => Ok(false),
    }
}

/// Of the email with this id, as its `Message-ID` carried it.
pub async fn receive_of_email(state: &State, id: DeliveryId, receipt: &Receipt) -> Result<()> {
    let found = delivery::get_by_id(&state.db.before_organization().read().await?, id).await?;
    match found {
        Some(row) if row.channel == Channel::Email => receive(state, &row, None, receipt).await.map(|_| ()),
        _ => Ok(()),
    }
}

/// True when it moved the delivery.
pub(super) async fn receive(
    state: &State,
    row: &delivery::Model,
    provider_id: Option<String>,
    receipt: &Receipt,
) -> Result<bool> {
    let now = state.now();
    if !earlier(receipt).contains(&row.status) {
        return Ok(false);
    }
    // Whoever sent it says so: nothing is in doubt any more.
    let row = &delivery::Model { in_doubt: false, ..row.clone() };
    state
        .db
        .of(row.organization_id)
        .write(async |tx| {
            let mut journal = Journal::new(row.organization_id, Actor::System, now);
            let moved = match receipt {
                Receipt::Taken | Receipt::Delivered => {
                    forward(tx, &mut journal, row, provider_id.clone(), receipt, now).await?
                }
                Receipt::Failed { code, detail } => {
                    let end = End::failed(*code, detail.clone()).kept_back(row);
                    let settling =
                        async |change| advance(tx, row, receipt, provider_id.clone(), change).await;
                    conclude(tx, &mut journal, row, &end, now, settling).await?
                }
                Receipt::Canceled => {
                    let code = FailureCode::GatewayRefused;
                    let end = End::canceled(code, "The text message service canceled it.");
                    let settling =
                        async |change| advance(tx, row, receipt, provider_id.clone(), change).await;
                    conclude(tx, &mut journal, row, &end, now, settling).await?
                }
            };
            journal.write(tx).await?;
            Ok(moved)
        })
        .await
}

async fn forward(
    tx: &impl ConnectionTrait,
    journal: &mut Journal,
    row: &delivery::Model,
    provider_id: Option<String>,
    receipt: &Receipt,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool> {
    let delivered = *receipt == Receipt::Delivered;
    let held = if delivered { address::hold(tx, row, News::Works).await? } else { Vec::new() };
    let change = delivery::ActiveModel {
        status: Set(if delivered { DeliveryStatus::Delivered } else { Sent }),
        sealed_content: Set(None),
        failure_code: Set(None),
        failure_detail: Set(None),
        sent_at: Set(row.sent_at.or(Some(now))),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    if !advance(tx, row, receipt, provider_id, change).await? {
        return Ok(false);
    }
    let (event, action) = if delivered {
        (EventType::MessageDelivered, "delivery.delivered")
    } else {
        (EventType::MessageSent, "delivery.sent")
    };
    journal.event(event, about(tx, row).await?).audit(action, row.id);
    address::note(tx, held, row.channel, News::Works, now, journal).await?;
    Ok(true)
}

async fn advance(
    tx: &impl ConnectionTrait,
    row: &delivery::Model,
    receipt: &Receipt,
    provider_id: Option<String>,
    change: delivery::ActiveModel,
) -> Result<bool> {
    let known = row.provider_message_id.clone().or(provider_id);
    let change = delivery::ActiveModel { provider_message_id: Set(known), ..change };
    Ok(delivery::advance(tx, row.id, earlier(receipt), change).await?)
}
