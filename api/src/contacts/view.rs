//! A contact as staff and integrators see it: without the PIN.

use sealpost_shared::contacts::{AddressFault, Channel, Contact};
use sealpost_shared::deliveries::FailureCode;

use super::addresses::unsealed_address;
use crate::contact_fields::custom_fields;
use crate::entities::contact_guard::{self, CONTACT_TRIES};
use crate::entities::{contact, contact_field};
use crate::problem::{Problem, Result};
use crate::secrets::ContactKey;

/// First and last name, else the phone number or email address.
pub fn display_name(key: &ContactKey, row: &contact::Model) -> Result<String> {
    let name =
        [row.first_name.as_deref(), row.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    if !name.is_empty() {
        return Ok(name.join(" "));
    }
    for channel in [Channel::Sms, Channel::Email] {
        if row.has_address(channel) {
            return unsealed_address(key, row, channel);
        }
    }
    Ok("–".to_owned())
}

/// `fields` are those of the organization.
pub fn view(
    key: &ContactKey,
    row: &contact::Model,
    guard: Option<&contact_guard::Model>,
    fields: &[contact_field::Model],
) -> Result<Contact> {
    let address = |channel| row.has_address(channel).then(|| unsealed_address(key, row, channel)).transpose();
    let stored = |_| Problem::internal("a stored value is not what it was when it was stored");
    Ok(Contact {
        id: row.id,
        display_name: display_name(key, row)?,
        first_name: row.first_name.as_deref().map(str::parse).transpose().map_err(stored)?,
        last_name: row.last_name.as_deref().map(str::parse).transpose().map_err(stored)?,
        phone: address(Channel::Sms)?.map(|phone| phone.parse()).transpose().map_err(stored)?,
        email: address(Channel::Email)?.map(|email| email.parse()).transpose().map_err(stored)?,
        preferred_channel: row.preferred_channel,
        language: row.language.clone(),
        time_zone: row.time_zone.clone(),
        external_id: row.external_id.clone(),
        custom_fields: custom_fields(fields, key, row)?,
        has_pin: row.pin_hash.is_some(),
        pin_disabled: guard.is_some_and(|guard| guard.consecutive >= CONTACT_TRIES),
        pin_disabled_at: guard.and_then(|guard| guard.disabled_at),
        opted_out: [Channel::Sms, Channel::Email]
            .into_iter()
            .filter(|channel| row.has_opted_out(*channel))
            .collect(),
        address_faults: [Channel::Sms, Channel::Email]
            .into_iter()
            .filter_map(|channel| {
                let (code, since) = row.fault(channel)?;
                Some(AddressFault { channel, code: FailureCode::of(code), since })
            })
            .collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
