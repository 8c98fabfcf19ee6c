//! When something goes out: at once, after the seconds of undo, or when a contact's quiet hours end.
//!
//! Hides time zones and their changes of clocks. Decides about times alone; it sends nothing.

mod quiet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sealpost_shared::conversations::Waiting;

use crate::entities::{contact, organization, sending_policy};

pub use quiet::{Quiet, parsed};

/// What whoever sends asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct When {
    pub send_at: Option<DateTime<Utc>>,
    pub undo: bool,
    pub despite_quiet_hours: bool,
}

/// Whose quiet hours count, and which.
pub struct Policy<'a> {
    pub row: &'a sending_policy::Model,
    pub organization: &'a organization::Model,
    pub contact: &'a contact::Model,
}

impl Policy<'_> {
    /// The contact's own time zone, else the organization's.
    pub fn zone(&self) -> Tz {
        let known = self.contact.time_zone.as_deref().and_then(|zone| zone.parse().ok());
        known.or_else(|| self.organization.time_zone.parse().ok()).unwrap_or(Tz::UTC)
    }

    /// When the quiet hours end in which `at` lies; nothing when it lies in none.
    pub fn quiet_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quiet = Quiet::of(&self.row.quiet_hours()?)?;
        quiet.ends_after(at, self.zone())
    }

    /// Until when a message waits, and for what; nothing when it goes at once.
    pub fn wait(&self, when: When, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Waiting)> {
        let seconds = if when.undo { self.row.undo_seconds } else { 0 };
        let (at, waiting) = match when.send_at {
            Some(at) => (at, Some(Waiting::Time)),
            None if seconds > 0 => (now + TimeDelta::seconds(seconds), Some(Waiting::Undo)),
            None => (now, None),
        };
        match self.quiet_until(at).filter(|_| !when.despite_quiet_hours) {
            Some(end) => Some((end, Waiting::QuietHours)),
            None => waiting.map(|waiting| (at, waiting)),
        }
    }
}
