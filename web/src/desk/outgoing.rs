//! A message that is being written, with the choices that go with it. Every choice is empty until
//! somebody makes it, so that defaults can follow the thread and the settings.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::links::LinkLifetime;
use sealpost_shared::text::Pin;
use sealpost_web::client::ClientError;
use sealpost_web::time::now;
use sealpost_web::zones::{from_field, instant};
use uuid::Uuid;

#[derive(Clone, Copy)]
pub struct Outgoing {
    pub body: RwSignal<String>,
    pub secure: RwSignal<Option<bool>>,
    pub channel: RwSignal<Option<Channel>>,
    pub lifetime: RwSignal<Option<LinkLifetime>>,
    /// There when the message is to have a PIN of its own, even while nothing is typed.
    pub own_pin: RwSignal<Option<String>>,
    /// There when it is to go out later: what the field for the time holds, as the practice's clocks show it.
    pub later: RwSignal<Option<String>>,
    pub busy: RwSignal<bool>,
    pub trouble: RwSignal<Option<Trouble>>,
    attempt: StoredValue<Option<(String, Uuid)>>,
}

/// Why a message was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Empty,
    TooLong,
    PinLength,
    /// No time, or one that has passed.
    Time,
    NoRecipient,
    /// Neither a phone number nor an email address was given, or what was given is not one.
    Address,
    Refused(ClientError),
}

impl Trouble {
    /// The sentence, unless the server's problem has its own.
    pub const fn key(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("composer-empty"),
            Self::TooLong => Some("composer-too-long"),
            Self::PinLength => Some("composer-pin-length"),
            Self::Time => Some("later-wrong"),
            Self::NoRecipient => Some("compose-no-recipient"),
            Self::Address => Some("compose-address"),
            Self::Refused(_) => None,
        }
    }
}

impl Outgoing {
    pub fn new() -> Self {
        Self {
            body: RwSignal::new(String::new()),
            secure: RwSignal::new(None),
            channel: RwSignal::new(None),
            lifetime: RwSignal::new(None),
            own_pin: RwSignal::new(None),
            later: RwSignal::new(None),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            attempt: StoredValue::new(None),
        }
    }

    /// The message's own PIN, when it is to have one and goes out securely.
    pub fn pin(self, secure: bool) -> Result<Option<Pin>, Trouble> {
        match self.own_pin.get_untracked() {
            Some(pin) if secure => pin.parse().map(Some).map_err(|_| Trouble::PinLength),
            _ => Ok(None),
        }
    }

    /// When it is to go out, if not at once.
    pub fn send_at(self, zone: &str) -> Result<Option<DateTime<Utc>>, Trouble> {
        let Some(value) = self.later.get_untracked() else { return Ok(None) };
        let at = from_field(&value).and_then(|local| instant(local, zone)).ok_or(Trouble::Time)?;
        if at > now() { Ok(Some(at)) } else { Err(Trouble::Time) }
    }

    /// The same request keeps its key, so that a retry after a lost answer sends nothing twice;
    /// a changed one gets a new key, because the server refuses the old one for another body.
    pub fn key_for(self, request: &impl serde::Serialize) -> Uuid {
        let request = serde_json::to_string(request).unwrap_or_default();
        let known = self.attempt.with_value(|attempt| match attempt {
            Some((before, key)) if *before == request => Some(*key),
            _ => None,
        });
        known.unwrap_or_else(|| {
            let key = Uuid::new_v4();
            self.attempt.set_value(Some((request, key)));
            key
        })
    }

    /// After a send: the text and its own PIN go, the other choices stay for the next message.
    pub fn sent(self) {
        self.attempt.try_set_value(None);
        self.body.try_set(String::new());
        self.own_pin.try_set(None);
        self.later.try_set(None);
        self.trouble.try_set(None);
        self.busy.try_set(false);
    }

    pub fn refused(self, error: ClientError) {
        self.trouble.try_set(Some(Trouble::Refused(error)));
        self.busy.try_set(false);
    }
}
