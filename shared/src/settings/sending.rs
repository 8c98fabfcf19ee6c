//! When messages go out, and what is done about those that nobody opens.

use serde::{Deserialize, Serialize};

use crate::patch::Patch;
use crate::text::TimeOfDay;

/// How many seconds a message can be taken back for, at most.
pub const UNDO_SECONDS_MAX: u32 = 30;

/// From one time of day until another, over midnight where the second is the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"from": "20:00", "until": "08:00"})))]
pub struct QuietHours {
    pub from: TimeOfDay,
    pub until: TimeOfDay,
}

/// How long a message may wait to be opened before its contact is reminded, and how often that is done.
pub const REMIND_AFTER_HOURS: std::ops::RangeInclusive<u32> = 1..=336;
pub const REMINDERS_MAX: u32 = 3;

/// What is done about a secure message that nobody opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"after_hours": 24, "times": 3})))]
pub struct Reminders {
    /// Counted from the message, and from each reminder to the next.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 336))]
    pub after_hours: u32,
    /// How many go out. With 0 nobody is reminded: staff are told, as they are after the last one.
    #[cfg_attr(feature = "server", schema(maximum = 3))]
    pub times: u32,
}

/// What goes out on the other channel when it cannot go, or failed for good, on the one that was chosen. Once for a
/// message, and not while the first may have arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"to_email": true, "to_sms": false, "plain": false})))]
pub struct Fallback {
    /// By email instead of a text.
    pub to_email: bool,
    /// By text instead of an email.
    pub to_sms: bool,
    /// Messages that are not secure, too, with all they say.
    pub plain: bool,
}

/// When messages go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SendingSettings {
    /// How long a message that was sent with `undo` can be taken back. The desk asks for it, keys when they want it.
    #[cfg_attr(feature = "server", schema(maximum = 30))]
    pub undo_seconds: u32,
    /// In the contact's own time zone, or the organization's: what is sent meanwhile waits for their end. New links
    /// that somebody asked for, and answers to STOP, START and HELP, do not wait. Absent: no quiet hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// For secure messages that are sent from now on. A reminder carries a new link, which works as long as the first one
    /// did. None in quiet hours, or after an answer or an opt-out. Absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminders: Option<Reminders>,
    pub fallback: Fallback,
}

/// A JSON merge patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateSendingSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(maximum = 30))]
    pub undo_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<QuietHours>))]
    pub quiet_hours: Patch<QuietHours>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<Reminders>))]
    pub reminders: Patch<Reminders>,
    /// Replaced as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
}
