//! A new link for one that has ended: always to the contact's own number or address, always the same
//! answer (security.md D8).
//!
//! New links are counted apart from the ten texts that a number gets in a day (D7): whoever holds one old link asks for
//! them, and must not use up what the practice has to say. The month counts them as any text.

use chrono::TimeDelta;
use sea_orm::DatabaseTransaction;
use sealpost_migrations::crash_point;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::events::EventType;
use sealpost_shared::ids::LinkId;
use sealpost_shared::links::{LinkOrigin, RelinkAccepted, RelinkOffer};
use sealpost_shared::problem::ProblemCode;

use super::gate::{Held, hold, hold_counted};
use super::issue::{NewLink, issue};
use super::visitor::Visitor;
use crate::contacts::{chosen_channel, reachable_channel, unsealed_address};
use crate::entities::budget::{self, Limit};
use crate::entities::link;
use crate::journal::{About, Actor, Journal};
use crate::problem::Result;
use crate::state::State;

const PAUSE: TimeDelta = TimeDelta::seconds(60);
const PER_LINK: Limit = Limit { scope: "relink_of_link", times: 3, window: TimeDelta::hours(24) };
const PER_CONTACT_DAY: Limit =
    Limit { scope: "relink_of_contact_day", times: 5, window: TimeDelta::hours(24) };
const PER_CONTACT_MONTH: Limit =
    Limit { scope: "relink_of_contact_month", times: 20, window: TimeDelta::days(30) };
/// Whoever shares the number or address, and whatever became of their records.
const PER_ADDRESS: Limit = Limit { scope: "relink_of_address", times: 5, window: TimeDelta::hours(24) };
const PER_ORGANIZATION: Limit =
    Limit { scope: "relink_of_organization", times: 1000, window: TimeDelta::hours(24) };

/// The way that a new link would go now: by email where texts are used up. Nothing when no way is open, or the settings
/// of today do not let such a link be sent.
fn way(state: &State, held: &Held) -> Result<Option<Channel>> {
    if held.contact_closed || !held.may_be_sent()? {
        return Ok(None);
    }
    let way = match reachable_channel(state, &held.recipient()) {
        Ok(Channel::Sms) if held.texts_spent => {
            chosen_channel(state, &held.recipient(), Some(Channel::Email))
        }
        way => way,
    };
    Ok(way.ok())
}

/// Where a new link would go; nothing when there is no way.
pub fn offer(state: &State, held: &Held) -> Result<Option<RelinkOffer>> {
    let Some(channel) = way(state, held)? else { return Ok(None) };
    if held.settings.hide_hint {
        return Ok(Some(RelinkOffer { channel, hint: None }));
    }
    let address = unsealed_address(&held.key, &held.contact, channel)?;
    Ok(Some(RelinkOffer { channel, hint: Some(mask(channel, &address)) }))
}

/// The last two digits, or the address with all but its first letter and domain hidden.
fn mask(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms => address.chars().skip(address.chars().count().saturating_sub(2)).collect(),
        Channel::Email => {
            let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
            let first: String = local.chars().take(1).collect();
            format!("{first}•••@{domain}")
        }
    }
}

/// Sends a new link if one may be sent. The answer does not say: it is the same for every token that there could be,
/// and for those who come too often.
pub async fn relink(state: &State, token: &str, visitor: &Visitor) -> Result<RelinkAccepted> {
    let accepted = RelinkAccepted { retry_after_seconds: PAUSE.num_seconds().unsigned_abs() as u32 };
    // Whoever waited too long in the crowd of one link would have changed nothing.
    let Ok(_place) = visitor.place(state, token).await else { return Ok(accepted) };
    let held = match hold_counted(state, token, &visitor.network).await {
        Err(problem) if matches!(problem.code, ProblemCode::LinkNotFound | ProblemCode::RateLimited) => {
            return Ok(accepted);
        }
        held => held?.link,
    };
    let db = state.db.of(held.organization_id);
    let sent = db.write(async |tx| send_new_link(state, tx, token, held.id).await).await;
    crash_point!("P11");
    match sent {
        // A link that was revoked since the first look is no news either, nor are texts that ran out.
        Err(problem) if !matches!(problem.code, ProblemCode::LinkNotFound | ProblemCode::RateLimited) => {
            Err(problem)
        }
        _ => Ok(accepted),
    }
}

/// The first statement lets one of many callers through; everything else is looked at after it.
async fn send_new_link(state: &State, tx: &DatabaseTransaction, token: &str, link: LinkId) -> Result<()> {
    let now = state.now();
    if !link::claim_relink(tx, link, now, PAUSE).await? {
        return Ok(());
    }
    let held = hold(state, tx, token).await?;
    let mut journal = Journal::new(held.link.organization_id, Actor::LinkHolder, now);
    match way(state, &held)? {
        Some(channel) if within_budgets(tx, &held, channel, now).await? => {
            let new = NewLink {
                origin: LinkOrigin::Relinked,
                parent: Some(held.link.id),
                channel,
                lifetime: held.link.lifetime,
            };
            let (fresh, _, delivery) =
                issue(state, tx, &held.opening(), &held.message, new, &mut journal).await?;
            if delivery.status == DeliveryStatus::Failed {
                // Somebody took the month's last text since the look: none of this was.
                return Err(ProblemCode::RateLimited.into());
            }
            let about = About {
                conversation: Some(fresh.conversation_id),
                contact: Some(fresh.contact_id),
                message: Some(fresh.message_id),
                link: Some(fresh.id),
                user: None,
            };
            journal.event(EventType::SecureLinkRelinked, about).audit("link.relinked", fresh.id);
        }
        _ => {
            journal.audit("link.relink_refused", held.link.id);
        }
    }
    Ok(journal.write(tx).await?)
}

async fn within_budgets(
    tx: &DatabaseTransaction,
    held: &Held,
    channel: Channel,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool> {
    let of = |id: uuid::Uuid| id.as_bytes().to_vec();
    let contact = of(held.contact.id.uuid());
    let budgets = [
        (PER_LINK, of(held.link.id.uuid())),
        (PER_CONTACT_DAY, contact.clone()),
        (PER_CONTACT_MONTH, contact.clone()),
        (PER_ADDRESS, held.contact.address_subject(channel).unwrap_or(contact)),
        (PER_ORGANIZATION, of(held.link.organization_id.uuid())),
    ];
    for (count, (limit, subject)) in budgets.iter().enumerate() {
        if !budget::charge(tx, *limit, subject, now).await? {
            // All or none: nothing is sent, so nothing is used up.
            for (limit, subject) in &budgets[..count] {
                budget::refund(tx, *limit, subject).await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_show_two_digits_or_a_masked_address() {
        assert_eq!(mask(Channel::Sms, "+15550100142"), "42");
        assert_eq!(mask(Channel::Email, "jordan@example.org"), "j•••@example.org");
    }
}
