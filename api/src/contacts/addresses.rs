//! Where a contact can be reached, and whether they want to be.

use sealpost_shared::contacts::Channel;
use sealpost_shared::problem::ProblemCode;

use crate::entities::contact;
use crate::problem::{Problem, Result, not_found};
use crate::secrets::{ContactKey, Field};
use crate::state::State;

/// The channel a notice takes: the one asked for, else the one the contact prefers, or a clear refusal at
/// once: nobody is written to on a channel that nobody chose. Without a choice, whichever works.
pub fn chosen_channel(state: &State, contact: &contact::Model, wanted: Option<Channel>) -> Result<Channel> {
    match wanted.or(contact.preferred_channel) {
        Some(channel) => check(state, contact, channel).map(|()| channel),
        None => reachable_channel(state, contact),
    }
}

/// The preferred channel, or the other when that does not work: for those who wait for a new link.
pub fn reachable_channel(state: &State, contact: &contact::Model) -> Result<Channel> {
    let order = match contact.preferred_channel {
        Some(Channel::Email) => [Channel::Email, Channel::Sms],
        Some(Channel::Sms) | None => [Channel::Sms, Channel::Email],
    };
    let first = check(state, contact, order[0]).map(|()| order[0]);
    // What is wrong with the first choice is what the sender should hear.
    first.or_else(|problem| check(state, contact, order[1]).map(|()| order[1]).map_err(|_| problem))
}

fn check(state: &State, contact: &contact::Model, channel: Channel) -> Result<()> {
    if !contact.has_address(channel) {
        return Err(ProblemCode::AddressMissing.into());
    }
    if contact.has_opted_out(channel) {
        return Err(ProblemCode::ContactOptedOut.into());
    }
    if !state.senders.has(channel) {
        return Err(Problem::from(ProblemCode::ChannelNotConfigured));
    }
    Ok(())
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
