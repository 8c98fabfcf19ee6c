//! How a patient gets in: the private link, its PIN, and a new link when the old one has ended.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::Channel;
use crate::deliveries::Delivery;
use crate::ids::{ContactId, ConversationId, LinkId, MessageId};
use crate::staff::OrganizationCard;

/// How long a link works, counted from the send, in UTC; months and years by the calendar (security.md D3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text"))]
pub enum LinkLifetime {
    #[default]
    #[serde(rename = "24_hours")]
    #[cfg_attr(feature = "server", sea_orm(string_value = "24_hours"))]
    Hours24,
    #[serde(rename = "10_days")]
    #[cfg_attr(feature = "server", sea_orm(string_value = "10_days"))]
    Days10,
    #[serde(rename = "6_months")]
    #[cfg_attr(feature = "server", sea_orm(string_value = "6_months"))]
    Months6,
    #[serde(rename = "1_year")]
    #[cfg_attr(feature = "server", sea_orm(string_value = "1_year"))]
    Year1,
}

impl LinkLifetime {
    pub const ALL: [Self; 4] = [Self::Hours24, Self::Days10, Self::Months6, Self::Year1];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hours24 => "24_hours",
            Self::Days10 => "10_days",
            Self::Months6 => "6_months",
            Self::Year1 => "1_year",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum LinkState {
    Active,
    Expired,
    Revoked,
    /// PIN entry is paused or turned off.
    Locked,
}

/// A message's newest link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LinkSummary {
    pub id: LinkId,
    pub state: LinkState,
    pub expires_at: DateTime<Utc>,
    /// The first time somebody got in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<DateTime<Utc>>,
    /// The first time the message was on screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

/// Why a link was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum LinkOrigin {
    /// With its message.
    Sent,
    /// Staff sent a fresh one.
    Resent,
    /// The patient asked for it.
    Relinked,
    /// Nobody had opened the one before: it went out with a reminder.
    Reminded,
    /// The one before could not be sent or did not arrive: it went out on the other channel.
    Fallback,
}

/// A link, without its token: that appears in the text message or email alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Link {
    pub id: LinkId,
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub origin: LinkOrigin,
    pub channel: Channel,
    pub lifetime: LinkLifetime,
    pub state: LinkState,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
    /// Wrong PINs in a row.
    pub failed_attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_until: Option<DateTime<Utc>>,
    /// All wrong PINs ever tried at this link; unlike `failed_attempts`, a right one does not clear it.
    #[serde(default)]
    pub wrong_pins: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_wrong_pin_at: Option<DateTime<Utc>>,
    /// When wrong PINs last locked it. With `state` `locked` and without `locked_until` it stays locked until staff
    /// clears it or a new link is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
}

/// Which links a list holds. Give one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct LinkQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(value_type = Option<String>))]
    pub conversation_id: Option<ConversationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(value_type = Option<String>))]
    pub contact_id: Option<ContactId>,
    /// Entries per page, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 200))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Any of the patient's calls that need the link alone. The token is what stands after `#` in the link.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LinkToken {
    pub token: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct VerifyPin {
    pub token: String,
    /// What the patient typed; one that cannot be a PIN is a wrong PIN and costs no try.
    #[cfg_attr(feature = "server", schema(format = "password"))]
    pub pin: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum GateState {
    /// One tap opens it.
    Ready,
    PinRequired,
}

/// Who wrote: the organization, and the member of its staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Sender {
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PinGate {
    /// Tries left before a pause.
    pub attempts_left: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read_some"))]
    pub locked_until: Option<DateTime<Utc>>,
    /// Which keyboard a phone should show; says nothing but whether the PIN's kind is digits only.
    pub digits_only: bool,
}

/// What a link shows before anybody is let in: nothing of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Gate {
    pub state: GateState,
    pub organization: OrganizationCard,
    pub sender: Sender,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<PinGate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PatientSession {
    /// When the session ends in any case; it ends earlier when nobody does anything.
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read"))]
    pub expires_at: DateTime<Utc>,
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read"))]
    pub idle_expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Entered {
    pub session: PatientSession,
    pub conversation_id: ConversationId,
}

/// Where a new link would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RelinkOffer {
    pub channel: Channel,
    /// The phone number's last two digits, or the masked email address; absent when the
    /// organization hides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Always the same, whether a link was sent or not (security.md D8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RelinkAccepted {
    pub retry_after_seconds: u32,
}
