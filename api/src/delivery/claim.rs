//! Taking what is due, and deciding again what is right for it now: the contact may have changed its
//! address, opted out or been deleted since the notice was queued (security.md D8). Everything in one
//! transaction that is committed before anything goes over the network; what ends a notice is settled after it, for
//! that takes the conversation's row, and others hold that one first.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::ids::{ContactId, OrganizationId};
use sealpost_shared::text::{Email, Phone};

use super::content::{Content, EmailContent, SmsContent};
use super::queue;
use super::retry::{self, Progress};
use super::settle::{End, record_end, record_untried};
use crate::db;
use crate::entities::outgoing::Turn;
use crate::entities::{contact, delivery};
use crate::journal::{Actor, Journal};
use crate::problem::Result;
use crate::secrets::{ContactKey, Field, KeyError};
use crate::state::State;

/// A delivery that this worker holds, and what is to be done about it.
pub(super) struct Claimed {
    pub(super) row: delivery::Model,
    pub(super) task: Task,
}

pub(super) enum Task {
    Send(Parcel),
    End(End),
}

/// Content and where to.
pub(super) enum Parcel {
    Sms(Phone, SmsContent),
    Email(Email, EmailContent),
}

/// What is right for a delivery now.
enum Fate {
    Do(Task),
    /// The address is another one than when it was queued.
    Replan(Content),
    /// The schedule does not start with 0s.
    Hold(DateTime<Utc>),
    /// It cannot be opened. It is left alone until its lease ends: keys may come back (security.md D22).
    Wait,
}

pub(super) async fn claim(state: &State, channel: Channel, turn: &Turn) -> Result<Vec<Claimed>> {
    state
        .db
        .before_organization()
        .write(async |tx| {
            let mut by_organization: BTreeMap<OrganizationId, Vec<delivery::Model>> = BTreeMap::new();
            for row in delivery::claim(tx, turn, channel).await? {
                by_organization.entry(row.organization_id).or_default().push(row);
            }
            let mut claimed = Vec::new();
            for (organization, rows) in by_organization {
                db::enter(tx, organization).await?;
                claimed.extend(decide_all(tx, state, organization, rows, turn.now).await?);
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
            (Fate::Do(task), ..) => claimed.push(Claimed { row, task }),
            (Fate::Replan(content), Some(contact), Some(key)) => {
                moved.push((row, contact, key, content));
            }
            (Fate::Hold(until), ..) => {
                record_untried(tx, &row, until).await?;
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
        let detail = "The contact was deleted before it went out.";
        return Fate::Do(Task::End(End::canceled(FailureCode::ContactDeleted, detail)));
    };
    if let Some(reason) = retry::too_late(&progress(row), now) {
        return Fate::Do(Task::End(End::failed(reason.code(), reason.detail())));
    }
    if contact.has_opted_out(row.channel) && !row.despite_opt_out {
        return Fate::Do(Task::End(End::canceled(FailureCode::ContactOptedOut, queue::OPTED_OUT)));
    }
    let Some(content) = queue::open(key, row) else { return Fate::Wait };
    if !contact.has_address(row.channel) {
        let detail = "The contact's address was removed before it went out.";
        return Fate::Do(Task::End(End::canceled(FailureCode::AddressMissing, detail)));
    }
    let first_try = row.created_at + TimeDelta::from_std(first_delay).unwrap_or_default();
    if row.attempts == 1 && now < first_try {
        return Fate::Hold(first_try);
    }
    if row.address_version != contact.address_version(row.channel) {
        return Fate::Replan(content);
    }
    parcel(contact, key, content).map_or(Fate::Wait, |parcel| Fate::Do(Task::Send(parcel)))
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
