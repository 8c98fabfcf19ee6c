//! Whether a PIN is too easily guessed for a contact, where the organization refuses such PINs (security.md D4).

use sealpost_shared::contacts::Channel;
use sealpost_shared::pin::{PinWeakness, weaknesses};

use super::addresses::unsealed_address;
use crate::contact_fields;
use crate::entities::{contact, secure_messaging_settings};
use crate::problem::{Problem, Result};
use crate::secrets::ContactKey;

/// Looks at the contact's phone number and at every day in the fields: whose birthday it is, they do not say.
pub fn weaknesses_of(key: &ContactKey, contact: &contact::Model, pin: &str) -> Result<Vec<PinWeakness>> {
    let phone = contact.has_address(Channel::Sms);
    let phone = phone.then(|| unsealed_address(key, contact, Channel::Sms)).transpose()?;
    let values = contact_fields::open(key, contact)?;
    Ok(weaknesses(pin, phone.as_deref(), values.values().map(String::as_str)))
}

/// Refuses what the organization does not take.
pub fn refuse_weak(
    settings: &secure_messaging_settings::Model,
    key: &ContactKey,
    contact: &contact::Model,
    pin: &str,
) -> Result<()> {
    if !settings.refuse_weak_pins {
        return Ok(());
    }
    refuse("/pin", &weaknesses_of(key, contact, pin)?)
}

pub fn refuse(pointer: &str, weak: &[PinWeakness]) -> Result<()> {
    if weak.is_empty() {
        return Ok(());
    }
    let words: Vec<_> = weak.iter().map(|weakness| weakness.words()).collect();
    Err(Problem::field(pointer, "weak", format!("is easily guessed: it {}", words.join(", "))))
}
