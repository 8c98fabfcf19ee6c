//! What a try or a receipt says of the number or address itself: it does not work, it works again, or its owner wants
//! nothing more from our sender. Whoever calls has settled nothing yet: contacts are held first, everywhere.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, IntoActiveModel as _};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::events::EventType;

use crate::entities::{contact, delivery};
use crate::journal::{About, Journal};
use crate::problem::Result;

/// What is to be noted of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    OptedOut,
    Fault(FailureCode),
    Works,
}

/// What a failure says of the address, if anything.
pub(super) const fn of_failure(code: FailureCode) -> Option<News> {
    match code {
        FailureCode::RecipientOptedOut => Some(News::OptedOut),
        FailureCode::AddressInvalid | FailureCode::AddressUnreachable => Some(News::Fault(code)),
        _ => None,
    }
}

/// Those whom the news is about, held until the transaction ends: of a number that wants nothing more, everybody who
/// has it. Nobody, when the contact has another address by now.
pub(super) async fn hold(
    tx: &impl ConnectionTrait,
    row: &delivery::Model,
    news: News,
) -> Result<Vec<contact::Model>> {
    let own = contact::get(tx, row.organization_id, row.contact_id).await?;
    let current = |contact: &contact::Model| contact.address_version(row.channel) == row.address_version;
    let Some(own) = own.filter(current) else { return Ok(Vec::new()) };
    let mut ids = vec![own.id];
    if news == News::OptedOut
        && let Some(index) = &own.phone_index
    {
        let same = contact::find_oldest(own.organization_id, contact::Column::PhoneIndex.eq(index.clone()));
        ids = same.all(tx).await?.into_iter().map(|contact| contact.id).collect();
        ids.sort();
    }
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.extend(contact::get_locked(tx, own.organization_id, id).await?);
    }
    held.retain(|contact| contact.id != own.id || current(contact));
    Ok(held)
}

pub(super) async fn note(
    tx: &impl ConnectionTrait,
    held: Vec<contact::Model>,
    channel: Channel,
    news: News,
    now: DateTime<Utc>,
    journal: &mut Journal,
) -> Result<()> {
    for mut contact in held {
        let fault = match news {
            News::OptedOut => {
                set_opted_out(tx, &mut contact, channel, true, now, journal).await?;
                continue;
            }
            News::Fault(code) => Some((code.as_str().to_owned(), now)),
            News::Works => None,
        };
        if contact.fault(channel).map(|(code, _)| code) == fault.as_ref().map(|(code, _)| code.as_str()) {
            continue;
        }
        let action = if fault.is_some() { "contact.address_failed" } else { "contact.address_works" };
        contact.set_fault(channel, fault);
        contact.updated_at = now;
        let id = contact.id;
        contact.into_active_model().reset_all().update(tx).await?;
        let about = About { contact: Some(id), ..About::default() };
        journal.event(EventType::ContactUpdated, about).audit(action, id);
    }
    Ok(())
}

/// Takes a channel out of use at the contact's own wish, or gives it back. False when it was so already.
/// The row is the caller's to hold.
pub async fn set_opted_out(
    tx: &impl ConnectionTrait,
    row: &mut contact::Model,
    channel: Channel,
    out: bool,
    now: DateTime<Utc>,
    journal: &mut Journal,
) -> Result<bool> {
    if row.has_opted_out(channel) == out {
        return Ok(false);
    }
    let since = out.then_some(now);
    match channel {
        Channel::Sms => row.sms_opted_out_at = since,
        Channel::Email => row.email_opted_out_at = since,
    }
    row.updated_at = now;
    row.clone().into_active_model().reset_all().update(tx).await?;
    let (event, action) = if out {
        (EventType::ContactOptedOut, "contact.opted_out")
    } else {
        (EventType::ContactUpdated, "contact.opted_in")
    };
    let about = About { contact: Some(row.id), ..About::default() };
    journal.event(event, about).audit(action, row.id);
    Ok(true)
}
