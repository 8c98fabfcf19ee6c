//! Which PIN applies, and when guessing is paused. Pure rules; the counters themselves are charged in the
//! database (`entities::link_guard`).

use std::fmt;

use chrono::{DateTime, Utc};

use crate::entities::contact_guard::{self, CONTACT_TRIES};
use crate::entities::known_device::{self, DEVICE_TRIES};
use crate::entities::link_guard::{self, LINK_TRIES, WINDOW_TRIES};

/// The PIN that opens a link: the message's own, else the contact's, else the default, else none.
#[derive(Clone, PartialEq, Eq)]
pub enum AppliedPin {
    None,
    /// A stored hash; `digits` says whether a phone shows its number pad.
    Hash {
        hash: String,
        digits: bool,
    },
    /// Made from the contact's fields.
    Made(String),
    /// A template that gives nothing for this contact. Nothing opens it: it fails closed.
    Unresolved,
}

/// What may be asked, and what each answers.
#[derive(Clone, Default)]
pub struct PinSources {
    pub own: Option<(String, bool)>,
    pub pins_enabled: bool,
    pub contact: Option<(String, bool)>,
    pub default: DefaultSource,
}

#[derive(Clone, Default)]
pub enum DefaultSource {
    #[default]
    None,
    Text(String, bool),
    /// What the template gave.
    Template(Option<String>),
}

/// Says which kind, never what it is.
impl fmt::Debug for AppliedPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Hash { .. } => "Hash(…)",
            Self::Made(_) => "Made(…)",
            Self::Unresolved => "Unresolved",
        })
    }
}

pub fn applied(sources: PinSources) -> AppliedPin {
    let hash = |(hash, digits)| AppliedPin::Hash { hash, digits };
    if let Some(own) = sources.own {
        return hash(own);
    }
    if !sources.pins_enabled {
        return AppliedPin::None;
    }
    if let Some(contact) = sources.contact {
        return hash(contact);
    }
    match sources.default {
        DefaultSource::None => AppliedPin::None,
        DefaultSource::Text(text, digits) => hash((text, digits)),
        DefaultSource::Template(Some(pin)) => AppliedPin::Made(pin),
        DefaultSource::Template(None) => AppliedPin::Unresolved,
    }
}

impl AppliedPin {
    pub fn digits_only(&self) -> bool {
        match self {
            Self::Hash { digits, .. } => *digits,
            Self::Made(pin) => pin.bytes().all(|byte| byte.is_ascii_digit()),
            Self::None | Self::Unresolved => false,
        }
    }
}

/// How a link's PIN entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Open {
        attempts_left: u32,
    },
    /// Paused until the window ends.
    Paused {
        until: DateTime<Utc>,
    },
    /// Turned off for this link; a new link helps.
    LinkDisabled,
    /// Turned off for the contact; only the organization helps.
    ContactDisabled,
}

pub fn entry(link: &link_guard::Model, contact: &contact_guard::Model, now: DateTime<Utc>) -> Entry {
    if contact.consecutive >= CONTACT_TRIES {
        return Entry::ContactDisabled;
    }
    if link.consecutive >= LINK_TRIES {
        return Entry::LinkDisabled;
    }
    let window = if link.window_ends_at <= now { WINDOW_TRIES } else { link.window_left };
    if window <= 0 {
        return Entry::Paused { until: link.window_ends_at };
    }
    let left = window.min(LINK_TRIES - link.consecutive).min(CONTACT_TRIES - contact.consecutive);
    Entry::Open { attempts_left: u32::try_from(left).unwrap_or(0) }
}

/// The same for a browser that was let in before. Ten wrong PINs in a row make a stranger of it, and strangers may
/// have tries left or not: it is told to wait, never that the contact's PIN is off.
pub fn entry_of_device(device: &known_device::Model, now: DateTime<Utc>) -> Entry {
    let window = if device.window_ends_at <= now { WINDOW_TRIES } else { device.window_left };
    let left = window.min(DEVICE_TRIES - device.consecutive);
    match u32::try_from(left) {
        Ok(attempts_left @ 1..) => Entry::Open { attempts_left },
        _ => Entry::Paused { until: device.window_ends_at },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use sealpost_shared::ids::{ContactId, LinkId, OrganizationId};
    use uuid::Uuid;

    #[test]
    fn the_own_pin_beats_the_contacts_which_beats_the_default() {
        let pin = |name: &str| Some((name.to_owned(), true));
        for own in [None, pin("own")] {
            for contact in [None, pin("contact")] {
                for default in [false, true] {
                    let wanted =
                        own.clone().or(contact.clone()).or(default.then(|| ("default".to_owned(), true)));
                    let default = if default {
                        DefaultSource::Text("default".to_owned(), true)
                    } else {
                        DefaultSource::None
                    };
                    let sources = PinSources {
                        own: own.clone(),
                        pins_enabled: true,
                        contact: contact.clone(),
                        default,
                    };
                    let wanted =
                        wanted.map_or(AppliedPin::None, |(hash, digits)| AppliedPin::Hash { hash, digits });
                    assert_eq!(applied(sources), wanted);
                }
            }
        }
    }

    #[test]
    fn a_template_that_gives_nothing_fails_closed() {
        let sources = PinSources {
            pins_enabled: true,
            default: DefaultSource::Template(None),
            ..PinSources::default()
        };
        assert_eq!(applied(sources), AppliedPin::Unresolved);
    }

    #[test]
    fn entry_is_paused_by_the_window_and_ended_by_the_row() {
        let now = "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().expect("a time");
        let later = now + TimeDelta::minutes(1);
        let organization_id = OrganizationId::from_uuid(Uuid::nil());
        let state = |window_left, window_ends_at, consecutive, of_contact| {
            let link_id = LinkId::from_uuid(Uuid::nil());
            let contact_id = ContactId::from_uuid(Uuid::nil());
            let fresh = link_guard::fresh(organization_id, link_id, now);
            let link = link_guard::Model { window_left, window_ends_at, consecutive, ..fresh };
            let fresh = contact_guard::fresh(organization_id, contact_id);
            entry(&link, &contact_guard::Model { consecutive: of_contact, ..fresh }, now)
        };
        assert_eq!(state(5, now, 0, 0), Entry::Open { attempts_left: 5 });
        assert_eq!(state(3, later, 2, 2), Entry::Open { attempts_left: 3 });
        assert_eq!(state(0, later, 5, 5), Entry::Paused { until: later });
        assert_eq!(state(0, now, 5, 5), Entry::Open { attempts_left: 5 });
        assert_eq!(state(4, later, 8, 8), Entry::Open { attempts_left: 2 });
        assert_eq!(state(5, now, 10, 10), Entry::LinkDisabled);
        assert_eq!(state(5, now, 0, 29), Entry::Open { attempts_left: 1 });
        assert_eq!(state(5, now, 0, 30), Entry::ContactDisabled);
    }
}
