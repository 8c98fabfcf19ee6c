//! Taking what is due, and deciding again what is right for it now: the contact may have changed its
//! address, opted out or been deleted since the notice was queued (security.md D8). Everything in one
//! transaction that is committed before anything goes over the network.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::text::{Email, Phone};
use uuid::Uuid;

use super::content::{Content, EmailContent, SmsContent};
use super::queue;
use super::retry::{self, Progress};
use super::settle::{End, record_end, record_held};
use crate::db;
use crate::entities::{contact, delivery};
use crate::journal::{Actor, Journal};
use crate::problem::Result;
use crate::secrets::{ContactKey, Field, KeyError, random_bytes};
use crate::state::State;

/// A delivery that this worker holds, ready to go.
pub(super) struct Claimed {
    pub(super) row: delivery::Model,
    pub(super) parcel: Parcel,
}

/// Content and where to.
pub(super) enum Parcel {
    Sms(Phone, SmsContent),
    Email(Email, EmailContent),
}

/// What is right for a delivery now.
enum Fate {
    Send(Parcel),
    /// The address is another one than when it was queued.
    Replan(Content),
    End(End),
    /// The schedule does not start with 0s.
    Hold(DateTime<Utc>),
    /// It cannot be opened. It is left alone until its lease ends: keys may come back (security.md D22).
    Wait,
}

pub(super) async fn claim(state: &State, limit: u64) -> Result<Vec<Claimed>> {
    let now = state.now();
    let lease = TimeDelta::from_std(state.config.delivery.lease).unwrap_or(TimeDelta::seconds(60));
    let token = Uuid::from_bytes(random_bytes());
    state
        .db
        .before_organization()
        .write(async |tx| {
            let mut by_organization: BTreeMap<OrganizationId, Vec<delivery::Model>> = BTreeMap::new();
            for row in delivery::claim(tx, now, token, now + lease, limit).await? {
                by_organization.entry(row.organization_id).or_default().push(row);
            }
            let mut claimed = Vec::new();
            for (organization, rows) in by_organization {
                db::enter(tx, organization).await?;
                claimed.extend(decide_all(tx, state, organization, rows, now).await?);
            }
            Ok(claimed)
        })
        .await
}

async fn decide_all(
    tx: &impl ConnectionTrait,
    state: &State,
    organization: OrganizationId,
    rows: Vec<delivery::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>> {
    let ids: Vec<ContactId> = rows.iter().map(|row| row.contact_id).collect();
    let contacts = contact::list_by_ids(tx, organization, ids.iter().copied()).await?;
    let contacts: HashMap<_, _> = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let keys = match state.secrets.contacts(tx, organization, ids).await {
        Ok(keys) => keys,
        Err(KeyError::Database(error)) => return Err(error.into()),
        Err(error) => {
            // One organization's trouble is not the others': its notices wait for their leases to end.
            tracing::error!(organization.id = %organization, error.cause = %error, "keys cannot be had");
            return Ok(Vec::new());
        }
    };
    let (mut claimed, mut moved) = (Vec::new(), Vec::new());
    let mut journal = Journal::new(organization, Actor::System, now);
    for row in rows {
        let contact = contacts.get(&row.contact_id);
        let key = keys.get(&row.contact_id);
        let first = state.config.delivery.schedule.first().copied().unwrap_or_default();
        match (decide(&row, contact, key, first, now), contact, key) {
            (Fate::Send(parcel), ..) => claimed.push(Claimed { row, parcel }),
            (Fate::Replan(content), Some(contact), Some(key)) => moved.push((row, contact, key, content)),
            (Fate::End(end), ..) => {
                record_end(tx, &mut journal, &row, &end, now).await?;
            }
            (Fate::Hold(until), ..) => {
                record_held(tx, &row, until).await?;
            }
            (Fate::Replan(_) | Fate::Wait, ..) => {
                tracing::error!(delivery.id = %row.id, "a notice cannot be opened");
            }
        }
    }
    // New numbers are charged: in one order, so that two workers never wait for each other.
    moved.sort_by(|(_, one, ..), (_, other, ..)| one.phone_index.cmp(&other.phone_index));
    for (row, contact, key, content) in moved {
        queue::replan(tx, &mut journal, &row, contact, key, &content, now).await?;
        record_end(tx, &mut journal, &row, &End::replanned(), now).await?;
    }
    journal.write(tx).await?;
    Ok(claimed)
}

fn decide(
    row: &delivery::Model,
    contact: Option<&contact::Model>,
    key: Option<&ContactKey>,
    first_delay: Duration,
    now: DateTime<Utc>,
) -> Fate {
    let (Some(contact), Some(key)) = (contact, key) else {
        return Fate::End(End::canceled("contact_deleted", "The contact was deleted before it went out."));
    };
    if let Some(reason) = retry::too_late(&progress(row), now) {
        return Fate::End(End::failed(reason.code(), reason.detail()));
    }
    if contact.has_opted_out(row.channel) && !row.despite_opt_out {
        return Fate::End(End::canceled("contact_opted_out", queue::OPTED_OUT));
    }
    let Some(content) = queue::open(key, row) else { return Fate::Wait };
    if !contact.has_address(row.channel) {
        let detail = "The contact's address was removed before it went out.";
        return Fate::End(End::canceled("address_missing", detail));
    }
    let first_try = row.created_at + TimeDelta::from_std(first_delay).unwrap_or_default();
    if row.attempts == 1 && now < first_try {
        return Fate::Hold(first_try);
    }
    if row.address_version != contact.address_version(row.channel) {
        return Fate::Replan(content);
    }
    parcel(contact, key, content).map_or(Fate::Wait, Fate::Send)
}

pub(super) fn progress(row: &delivery::Model) -> Progress {
    Progress {
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        created_at: row.created_at,
        not_after: row.not_after,
        has_link: row.link_id.is_some(),
    }
}

fn parcel(contact: &contact::Model, key: &ContactKey, content: Content) -> Option<Parcel> {
    match content {
        Content::Sms(content) => {
            Some(Parcel::Sms(address(contact, key, Channel::Sms)?.parse().ok()?, content))
        }
        Content::Email(content) => {
            Some(Parcel::Email(address(contact, key, Channel::Email)?.parse().ok()?, content))
        }
    }
}

fn address(contact: &contact::Model, key: &ContactKey, channel: Channel) -> Option<String> {
    let (field, sealed) = match channel {
        Channel::Sms => (Field::ContactPhone, contact.sealed_phone.as_deref()?),
        Channel::Email => (Field::ContactEmail, contact.sealed_email.as_deref()?),
    };
    key.open(field, contact.id.uuid(), sealed).ok()
}
