//! What failed for good on one channel goes out on the other, where the organization's policy says so (features.md
//! D-08). That it is due is noted with the failure, in its transaction; the notice itself is made by whoever may make
//! links.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::deliveries::{DeliveryStatus, FailureCode};

use crate::entities::{contact, delivery, sending_policy};
use crate::problem::Result;

/// Whether the other channel may do better. What may have arrived is not sent twice, and what was stopped stays so.
const fn may_help(code: FailureCode) -> bool {
    use FailureCode::{
        AddressInvalid, AddressMissing, AddressUnreachable, Budget, CarrierRefused, ContactOptedOut,
        CountryNotAllowed, GatewayRefused, LinkEnded, MailBounced, MailRefused, RecipientOptedOut,
        RegionNotAllowed, SenderRefused, TimeUp,
    };
    matches!(
        code,
        AddressInvalid
            | AddressMissing
            | AddressUnreachable
            | Budget
            | CarrierRefused
            | ContactOptedOut
            | CountryNotAllowed
            | GatewayRefused
            | LinkEnded
            | MailBounced
            | MailRefused
            | RecipientOptedOut
            | RegionNotAllowed
            | SenderRefused
            | TimeUp
    )
}

/// When a notice that ends with this failure goes out on the other channel: now, or never. Once: what took another's
/// place has no other place to go.
pub(super) async fn due(
    tx: &impl ConnectionTrait,
    row: &delivery::Model,
    code: FailureCode,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    // What a restore brought back goes nowhere before somebody lets it.
    let parked = row.status == DeliveryStatus::NeedsReview;
    if parked || row.in_doubt || row.fallback_of_id.is_some() || row.despite_opt_out || !may_help(code) {
        return Ok(None);
    }
    let policy = sending_policy::get(tx, row.organization_id).await?;
    if !policy.falls_back(row.channel, row.link_id.is_some()) {
        return Ok(None);
    }
    let other = row.channel.other();
    let contact = contact::get(tx, row.organization_id, row.contact_id).await?;
    let open = contact.is_some_and(|contact| contact.has_address(other) && !contact.has_opted_out(other));
    Ok(open.then_some(now))
}
