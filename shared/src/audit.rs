//! The audit log as admins read it: who did what, and whether it is still as it was written.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::AuditId;

/// Everything that is written down, by feature. The desk has a sentence for each.
pub const ACTIONS: &[&str] = &[
    "api_key.created",
    "api_key.revoked",
    "audit.exported",
    "audit.viewed",
    "channel.changed",
    "channel.removed",
    "channel.test_failed",
    "channel.tested",
    "contact.address_failed",
    "contact.address_works",
    "contact.created",
    "contact.erased",
    "contact.listed",
    "contact.opted_in",
    "contact.opted_out",
    "contact.pin_disabled",
    "contact.pin_removed",
    "contact.pin_set",
    "contact.read",
    "contact.unlocked",
    "contact.updated",
    "contact_field.created",
    "contact_field.deleted",
    "contact_field.updated",
    "conversation.archived",
    "conversation.failure_settled",
    "conversation.listed",
    "conversation.read",
    "conversation.unarchived",
    "database.restored",
    "delivery.canceled",
    "delivery.delivered",
    "delivery.failed",
    "delivery.fell_back",
    "delivery.released",
    "delivery.sent",
    "inbound.held",
    "invitation.accepted",
    "invitation.created",
    "invitation.resent",
    "invitation.withdrawn",
    "link.entered",
    "link.pin_failed",
    "link.pin_locked",
    "link.relink_refused",
    "link.relinked",
    "link.reminded",
    "link.resent",
    "link.revoked",
    "link.unlocked",
    "message.answered",
    "message.not_opened",
    "message.not_sent",
    "message.received",
    "message.rescheduled",
    "message.retried",
    "message.scheduled",
    "message.sent",
    "message.unscheduled",
    "organization.created",
    "reads.missing",
    "session.ended",
    "session.ended_remotely",
    "session.left",
    "session.started",
    "settings.logo_changed",
    "settings.logo_removed",
    "settings.organization_changed",
    "settings.second_factor_optional",
    "settings.second_factor_required",
    "settings.secure_messaging_changed",
    "settings.sending_changed",
    "settings.staff_idle_changed",
    "settings.texts_changed",
    "setup.dismissed",
    "setup.step_skipped",
    "staff_mail.failed",
    "staff_mail.sent",
    "texts.limit_near",
    "texts.limit_reached",
    "user.code_failed",
    "user.created",
    "user.disabled",
    "user.email_changed",
    "user.enabled",
    "user.first_code_failed",
    "user.own_password_failed",
    "user.passkey_added",
    "user.passkey_distrusted",
    "user.passkey_removed",
    "user.passkey_renamed",
    "user.password_changed",
    "user.password_disabled",
    "user.password_failed",
    "user.password_reset",
    "user.password_reset_asked",
    "user.password_reset_sent",
    "user.recovery_code_used",
    "user.recovery_codes_renewed",
    "user.renamed",
    "user.role_changed",
    "user.second_step_reset",
    "user.second_step_turned_off",
    "user.second_step_turned_on",
];

/// Who did it. Open enum: more may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditActor {
    /// `staff`, `api_key`, `contact`, `link_holder` (a link in hand, not let in), or `system`.
    #[cfg_attr(feature = "server", schema(example = "staff"))]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = "usr_01jq8rv4x5f9tbn2d6w3k7hzme"))]
    pub id: Option<String>,
    /// Of staff and of keys. Contacts are known by their ids alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = "Amy Lee"))]
    pub name: Option<String>,
}

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    pub id: AuditId,
    /// Its number in the chain: 1, 2, 3 and so on, without gaps.
    pub sequence: u64,
    pub created_at: DateTime<Utc>,
    pub actor: AuditActor,
    #[cfg_attr(feature = "server", schema(example = "contact.pin_set"))]
    pub action: String,
    /// What it was done to: an id, or a word.
    #[cfg_attr(feature = "server", schema(example = "ctc_01jq8rv4x5f9tbn2d6w3k7hzme"))]
    pub subject: String,
    /// Of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
}

/// What a list of entries holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// An id of a person, key or contact; or `system`, or `link_holder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Exactly as entries name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Not before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Entries per page, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 200))]
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What a table of entries holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AuditExportQuery {
    /// An id of a person, key or contact; or `system`, or `link_holder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Exactly as entries name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Not before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
}

/// What is wrong with an entry. Open enum: more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AuditFault {
    /// Its number is not there.
    Missing,
    /// Something in it is no longer what its column holds.
    Unreadable,
    /// It is not what was written.
    Changed,
    /// It does not follow the one before.
    NotInOrder,
    /// No chain begins like this: what was before is missing.
    NotTheFirst,
    /// It stands after the chain's end.
    AfterTheEnd,
    /// It is missing, with all that followed.
    CutOff,
    /// What the chain ends in is not kept any more.
    HeadMissing,
    /// What the chain ends in is not this entry.
    HeadChanged,
    /// The end's signature is not ours.
    HeadNotSigned,
}

/// The first entry that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditBroken {
    pub sequence: u64,
    pub fault: AuditFault,
}

/// How the chain stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuditState {
    /// How many entries there are.
    pub length: u64,
    /// The hash of the newest one, as hexadecimal digits.
    #[cfg_attr(
        feature = "server",
        schema(example = "9f2c1ab04d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8")
    )]
    pub head: String,
    /// Whether every entry that was looked at follows the one before, and the last one is the signed end.
    pub verified: bool,
    /// How many were looked at: the newest 10,000. `sealpost audit verify` looks at all.
    pub checked: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_broken: Option<AuditBroken>,
}
