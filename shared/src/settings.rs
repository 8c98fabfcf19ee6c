//! How an organization sends privately.

mod sending;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contacts::Channel;
use crate::ids::{ContactId, OrganizationId};
use crate::links::LinkLifetime;
use crate::patch::Patch;
use crate::problem::FieldError;
use crate::text::{Color, Name, TimeOfDay};

pub use sending::{
    Fallback, QuietHours, REMIND_AFTER_HOURS, REMINDERS_MAX, Reminders, SendingSettings, UNDO_SECONDS_MAX,
    UpdateSendingSettings,
};

/// Where the default PIN comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum DefaultPinKind {
    #[default]
    None,
    /// One PIN for everybody who has none of their own.
    Text,
    /// Made from each contact's fields, such as `{{ contact.phone | slice: -4, 4 }}`.
    Template,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DefaultPin {
    pub kind: DefaultPinKind,
    /// The PIN or the template. A text PIN is taken and never returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A text PIN does not print itself.
impl fmt::Debug for DefaultPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DefaultPin").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecureMessagingSettings {
    pub enabled: bool,
    pub secure_by_default: bool,
    /// With `{{ secure_link }}`, and `{{ user.name_and_company }}` for who wrote.
    pub notice_sms_body: String,
    pub notice_email_subject: String,
    pub notice_email_body: String,
    pub link_lifetime: LinkLifetime,
    /// Off: contacts' PINs and the default are not asked for. A message's own PIN, once given, always is.
    pub pin_enabled: bool,
    pub default_pin: DefaultPin,
    /// Links over 24 hours are refused for contacts without a PIN.
    pub require_pin_over_24_hours: bool,
    /// PINs that are easily guessed are not taken: fewer than six characters, repeats, sequences, common ones, and
    /// dates and digits of the contact's own fields and phone number.
    #[serde(default)]
    pub refuse_weak_pins: bool,
    /// Expired links do not say where a new one would go.
    pub hide_hint: bool,
    /// Links that have neither ended nor been revoked, counted to 10,000. They go on until they end, also when secure messaging is
    /// turned off: then nothing new is sent, and nobody gets a new link for an ended one.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(maximum = 10_000))]
    pub live_links: u32,
}

/// `live_links` counts no further.
pub const LIVE_LINKS_MAX: u32 = 10_000;

/// A JSON merge patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateSecureMessagingSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure_by_default: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_sms_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_lifetime: Option<LinkLifetime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_pin: Option<DefaultPin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_pin_over_24_hours: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_weak_pins: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_hint: Option<bool>,
}

/// How long a desk may be left alone.
pub const STAFF_IDLE_MINUTES: std::ops::RangeInclusive<u32> = 5..=60;

/// What the organization asks of those who work there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecuritySettings {
    /// Whoever has no second factor sets one up before anything else.
    pub require_second_factor: bool,
    /// A desk that nobody touches signs out after so many minutes.
    #[cfg_attr(feature = "server", schema(minimum = 5, maximum = 60))]
    pub staff_idle_minutes: u32,
    /// How many who can sign in have none yet.
    pub people_without_second_factor: u32,
}

/// A JSON merge patch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateSecuritySettings {
    /// Needs a second factor of one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_second_factor: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 5, maximum = 60))]
    pub staff_idle_minutes: Option<u32>,
}

/// Drafts to look at before they are saved. What is absent is taken from the saved settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({
    "notice_sms_body": "{{ user.name_and_company }} wrote to you: {{ secure_link }}",
    "default_pin": {"kind": "template", "value": "{{ contact.phone | slice: -4, 4 }}"},
})))]
pub struct PreviewSecureMessaging {
    /// As whom; an invented contact when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_sms_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_enabled: Option<bool>,
    /// A text PIN without its value: the saved one, or one that is still to be typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_pin: Option<DefaultPin>,
}

/// What would arrive, byte for byte, but for the link's last 22 characters, which are made when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecureMessagingPreview {
    /// Whose name the preview is for.
    pub contact_name: String,
    /// Absent when its draft is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsPreview>,
    /// Absent when its subject or its body is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailPreview>,
    pub pin: PinPreview,
    /// What is wrong with the drafts; each `pointer` names a field of the request.
    pub problems: Vec<FieldError>,
}

/// How a text message is written on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SmsEncoding {
    /// GSM 03.38: 160 septets in one segment, 153 in each of several.
    Gsm7,
    /// UTF-16: 70 units in one segment, 67 in each of several.
    Ucs2,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SmsPreview {
    pub body: String,
    /// As a person counts them.
    pub characters: u32,
    pub encoding: SmsEncoding,
    /// As the gateway counts: septets or UTF-16 units.
    pub units: u32,
    /// How many of them fit into each segment of this message: 160, 153, 70 or 67.
    pub per_segment: u32,
    pub segments: u32,
    /// Units that are still free in the last segment.
    pub left: u32,
    /// The characters that make it UCS-2; without them it would be GSM-7.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_gsm7: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct EmailPreview {
    /// Shown beside the installation's address.
    pub from_name: String,
    pub subject: String,
    /// The plain part. The other part shows the same words, with a button for the link.
    pub text: String,
}

/// Which PIN would be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum PinSource {
    /// None: a tap opens the message.
    None,
    /// The contact's own.
    Contact,
    /// The default for everybody.
    Text,
    /// The default, made of the contact's fields.
    Template,
}

/// Never the PIN itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PinPreview {
    pub source: PinSource,
    /// False: nothing secure can be sent to this contact, for the template gives no PIN of 4 characters or more.
    pub resolves: bool,
    /// A phone shows its number pad for it.
    pub digits_only: bool,
}

/// A real secure message to whoever asks for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"channel": "sms", "to": "+15550100142"})))]
pub struct SendTestMessage {
    pub channel: Channel,
    /// A phone number or an email address, as the channel wants. By email the caller's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = "+15550100142"))]
    pub to: Option<String>,
}

impl fmt::Debug for SendTestMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendTestMessage").field("channel", &self.channel).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// When an organization can be called on one day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OfficeHours {
    pub weekday: Weekday,
    #[cfg_attr(feature = "server", schema(value_type = String, example = "09:00"))]
    pub opens: TimeOfDay,
    #[cfg_attr(feature = "server", schema(value_type = String, example = "17:00"))]
    pub closes: TimeOfDay,
}

/// How an organization shows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrganizationSettings {
    pub id: OrganizationId,
    pub name: String,
    /// As a person would read it, such as `(555) 010-0100`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An IANA time zone, such as `America/Chicago`.
    pub time_zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent_color: Option<Color>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_notice: Option<String>,
    /// In the organization's time zone, Monday first; a day that is not named is closed. Absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_hours: Option<Vec<OfficeHours>>,
    pub has_logo: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
}

/// A JSON merge patch: absent fields stay, `null` clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({
    "phone": "(555) 010-0100", "accent_color": "#0f6e6e",
    "office_hours": [{"weekday": "monday", "opens": "09:00", "closes": "17:00"}],
})))]
pub struct UpdateOrganizationSettings {
    /// Text messages spell it in their own alphabet (GSM 03.38); a name without a likeness there is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "Riverside Family Clinic"))]
    pub name: Option<Name>,
    /// 1 to 40 characters.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "(555) 010-0100"))]
    pub phone: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = "America/Chicago"))]
    pub time_zone: Option<String>,
    /// Refused when white text on it would have a contrast under 4.5:1.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "#0f6e6e"))]
    pub accent_color: Patch<Color>,
    /// 1 to 200 characters, one line.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "Not for emergencies. Call 911."))]
    pub emergency_notice: Patch<String>,
    /// Replaced as a whole; each weekday at most once.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<Vec<OfficeHours>>))]
    pub office_hours: Patch<Vec<OfficeHours>>,
}

/// The largest picture that can be sent as a logo, in bytes, and the longest side it may have.
pub const LOGO_BYTES_MAX: usize = 1024 * 1024;
pub const LOGO_SIDE_MAX: u32 = 4_000;
