//! What did not reach its contact, as a list row shows it.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use sealpost_shared::conversations::Undelivered;
use sealpost_shared::deliveries::{DeliveryFailure, FailureCode};
use sealpost_shared::ids::{ContactId, OrganizationId};

use super::thread::{body_of, preview};
use crate::entities::{conversation, delivery, message};
use crate::problem::Result;
use crate::secrets::ContactKey;

/// Of each conversation the newest that failed and nobody has done anything about.
pub async fn newest_of(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    rows: &[conversation::Model],
    keys: &HashMap<ContactId, ContactKey>,
) -> Result<HashMap<ContactId, Undelivered>> {
    let failed: Vec<_> = rows.iter().filter(|row| row.has_failed).map(|row| row.contact_id).collect();
    if failed.is_empty() {
        return Ok(HashMap::new());
    }
    let found = delivery::list_unresolved(db, organization, failed).await?;
    let newest: HashMap<_, _> = found.into_iter().map(|row| (row.contact_id, row)).collect();
    let messages = message::list_by_ids(db, organization, newest.values().map(|row| row.message_id)).await?;
    let mut shown = HashMap::with_capacity(newest.len());
    for message in &messages {
        if let (Some(row), Some(key)) = (newest.get(&message.contact_id), keys.get(&message.contact_id)) {
            shown.insert(message.contact_id, view(row, message, key)?);
        }
    }
    Ok(shown)
}

fn view(row: &delivery::Model, message: &message::Model, key: &ContactKey) -> Result<Undelivered> {
    Ok(Undelivered {
        id: message.id,
        preview: preview(body_of(key, message)?.as_str()),
        secure: message.secure,
        channel: row.channel,
        failed_at: row.settled_at.unwrap_or(row.created_at),
        failure: DeliveryFailure {
            code: row.failure_code.as_deref().map_or(FailureCode::Other, FailureCode::of),
            detail: row.failure_detail.clone().unwrap_or_default(),
        },
    })
}
