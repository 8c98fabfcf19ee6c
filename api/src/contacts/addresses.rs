//! Where a contact can be reached, and whether they want to be.

use sea_orm::ConnectionTrait;
use sealpost_shared::contacts::Channel;
use sealpost_shared::ids::OrganizationId;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::text::{Email, Phone};

use super::record::email_index;
use crate::delivery;
use crate::entities::{contact, organization};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field, OrganizationKeys};
use crate::state::State;

/// A number or an address that is somebody's, or nobody's we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Phone(Phone),
    Email(Email),
}

impl Address {
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Phone(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }

    fn index(&self, keys: &OrganizationKeys) -> Vec<u8> {
        match self {
            Self::Phone(phone) => keys.index(Field::ContactPhone, phone.as_str()),
            Self::Email(email) => email_index(keys, email),
        }
    }

    /// What its limits are counted by, as those of the contacts who have it.
    pub fn subject(&self, organization: OrganizationId, keys: &OrganizationKeys) -> Vec<u8> {
        contact::address_subject(organization, self.channel(), &self.index(keys))
    }
}

/// Whom a notice is for, and what tells whether a text may go to them.
pub struct Recipient<'a> {
    pub organization: &'a organization::Model,
    pub contact: &'a contact::Model,
    pub key: &'a ContactKey,
}

/// The channel a notice takes: the one asked for, else the one the contact prefers, or a clear refusal at
/// once: nobody is written to on a channel that nobody chose. Without a choice, whichever works.
pub fn chosen_channel(state: &State, to: &Recipient<'_>, wanted: Option<Channel>) -> Result<Channel> {
    match wanted.or(to.contact.preferred_channel) {
        Some(channel) => check(state, to, channel).map(|()| channel),
        None => reachable_channel(state, to),
    }
}

/// The preferred channel, or the other when that does not work: for those who wait for a new link.
pub fn reachable_channel(state: &State, to: &Recipient<'_>) -> Result<Channel> {
    let order = match to.contact.preferred_channel {
        Some(Channel::Email) => [Channel::Email, Channel::Sms],
        Some(Channel::Sms) | None => [Channel::Sms, Channel::Email],
    };
    let first = check(state, to, order[0]).map(|()| order[0]);
    // What is wrong with the first choice is what the sender should hear.
    first.or_else(|problem| check(state, to, order[1]).map(|()| order[1]).map_err(|_| problem))
}

/// A number that texts do not go to stays one until somebody changes it or the settings: whoever sends hears of it
/// now. That ten went to it today passes by itself, and is a dead letter (security.md D7).
fn check(state: &State, to: &Recipient<'_>, channel: Channel) -> Result<()> {
    let contact = to.contact;
    if !contact.has_address(channel) {
        return Err(ProblemCode::AddressMissing.into());
    }
    if contact.has_opted_out(channel) {
        return Err(ProblemCode::ContactOptedOut.into());
    }
    if !state.senders.has(channel) {
        return Err(Problem::from(ProblemCode::ChannelNotConfigured));
    }
    match channel {
        Channel::Email => Ok(()),
        Channel::Sms => match delivery::refused(to.organization, contact, to.key)? {
            Some(refused) => Err(Problem::new(ProblemCode::CountryNotAllowed, refused.detail())),
            None => Ok(()),
        },
    }
}

/// The phone number or email address in the clear.
pub fn unsealed_address(key: &ContactKey, contact: &contact::Model, channel: Channel) -> Result<String> {
    let (field, sealed) = match channel {
        Channel::Sms => (Field::ContactPhone, &contact.sealed_phone),
        Channel::Email => (Field::ContactEmail, &contact.sealed_email),
    };
    let sealed = sealed.as_deref().ok_or_else(not_found)?;
    Ok(key.open(field, contact.id.uuid(), sealed)?)
}

/// Whether anybody of this organization has this number or address.
pub async fn is_known(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    keys: &OrganizationKeys,
    address: &Address,
) -> Result<bool> {
    Ok(contact::find_oldest(organization, holders(keys, address)).one(db).await?.is_some())
}

fn holders(keys: &OrganizationKeys, address: &Address) -> sea_orm::sea_query::Expr {
    use contact::Column::{EmailIndex, PhoneIndex};
    use sea_orm::ColumnTrait as _;
    match address {
        Address::Phone(phone) => PhoneIndex.eq(keys.index(Field::ContactPhone, phone.as_str())),
        Address::Email(email) => EmailIndex.eq(email_index(keys, email)),
    }
}

/// Everybody who has this number or address (people share phones), held until the transaction ends, the
/// longest known first.
pub async fn hold_by_address(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    keys: &OrganizationKeys,
    address: &Address,
) -> Result<Vec<contact::Model>> {
    let mut found = contact::find_oldest(organization, holders(keys, address)).all(tx).await?;
    // In one order, whoever comes: two that hold the same people never wait for each other.
    found.sort_by_key(|row| row.id);
    let mut held = Vec::with_capacity(found.len());
    for seen in found {
        let row = contact::get_locked(tx, organization, seen.id).await?;
        let channel = address.channel();
        // It may have got another number before it was held.
        held.extend(row.filter(|row| row.address_version(channel) == seen.address_version(channel)));
    }
    Ok(held)
}
