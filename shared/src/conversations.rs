//! The thread both sides write in, as staff and integrators see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::{Channel, CreateContact};
use crate::ids::{ContactId, ConversationId, DeliveryId, MessageId};
use crate::links::{LinkLifetime, LinkSummary};
use crate::text::{MessageText, Name, Pin};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Direction {
    /// From the organization.
    Outbound,
    /// From the contact.
    Inbound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum AuthorKind {
    Staff,
    /// An integrator's key.
    ApiKey,
    Contact,
    System,
}

/// A word that a text or email can consist of, with a meaning of its own on every phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Keyword {
    /// No more messages on this channel, please.
    Stop,
    /// Messages again, please.
    Start,
    /// Who are you?
    Help,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Author {
    pub kind: AuthorKind,
    /// A `usr_`, `key_` or `ctc_` id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub name: String,
}

/// Where a notice is. It only moves forward (security.md D16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum DeliveryStatus {
    /// Waiting for its turn or for the next try.
    Queued,
    /// A worker has it.
    Sending,
    /// The gateway or mail server took it.
    Sent,
    Delivered,
    /// Given up; `failure` says why.
    Failed,
    Canceled,
    /// It waited when the database was backed up, and may have gone out since: an admin decides.
    NeedsReview,
}

macro_rules! failure_codes {
    ($($(#[doc = $doc:literal])* $code:ident $name:literal)*) => {
        /// Why something did not go out or did not arrive: one list for every channel.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[doc = $doc])* #[serde(rename = $name)] $code,)*
        }

        impl FailureCode {
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name),* }
            }

            /// Of a stored one. What a later version stored is `other` to this one.
            pub fn of(name: &str) -> Self {
                Self::ALL.iter().copied().find(|code| code.as_str() == name).unwrap_or(Self::Other)
            }
        }
    };
}

failure_codes! {
    /// The number or address does not exist. Correct it.
    AddressInvalid "address_invalid"
    /// The number cannot get texts, as a landline cannot. Use the other channel.
    AddressUnreachable "address_unreachable"
    /// The contact has no number or address for the channel any more.
    AddressMissing "address_missing"
    /// It goes to the contact's new address instead.
    AddressChanged "address_changed"
    /// The contact said STOP to us.
    ContactOptedOut "contact_opted_out"
    /// The gateway says that this number said STOP to our sender. Use the other channel.
    RecipientOptedOut "recipient_opted_out"
    ContactDeleted "contact_deleted"
    LinkRevoked "link_revoked"
    /// The link would have been over soon after its arrival.
    LinkEnded "link_ended"
    /// A day of trying.
    TimeUp "time_up"
    /// A later notice took its place.
    Superseded "superseded"
    /// The gateway took it twice without a word and cannot be asked. It may have arrived.
    OutcomeUnknown "outcome_unknown"
    GatewayBusy "gateway_busy"
    GatewayRefused "gateway_refused"
    GatewayTimeout "gateway_timeout"
    GatewayTls "gateway_tls"
    GatewayUnauthorized "gateway_unauthorized"
    /// The gateway's answer was none that a gateway gives.
    GatewayUnclear "gateway_unclear"
    GatewayUnreachable "gateway_unreachable"
    SenderRefused "sender_refused"
    RegionNotAllowed "region_not_allowed"
    /// The phone's network did not deliver it.
    CarrierRefused "carrier_refused"
    /// It came back from the mail server of the address.
    MailBounced "mail_bounced"
    MailBusy "mail_busy"
    MailRefused "mail_refused"
    MailSignInRefused "mail_sign_in_refused"
    MailTimeout "mail_timeout"
    MailUnreachable "mail_unreachable"
    ChannelNotConfigured "channel_not_configured"
    /// Ten texts went to the contact within a day, or the month's limit is used up. Use the other channel.
    Budget "budget"
    /// No texts go to numbers of this kind or country.
    CountryNotAllowed "country_not_allowed"
    /// It could not be unsealed.
    NotOpened "not_opened"
    Other "other"
}

/// By hand: the derive does not see names that a macro gives.
#[cfg(feature = "server")]
mod failure_schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    use super::FailureCode;

    impl utoipa::PartialSchema for FailureCode {
        fn schema() -> RefOr<Schema> {
            let names = FailureCode::ALL.iter().map(|it| it.as_str());
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
        }
    }

    impl utoipa::ToSchema for FailureCode {}
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DeliveryFailure {
    pub code: FailureCode,
    /// A sentence for staff; never holds the address or the text.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub id: DeliveryId,
    pub channel: Channel,
    pub status: DeliveryStatus,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
    /// When its arrival was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    /// Attempts made so far.
    pub attempts: u32,
    /// Of one that waits after a try: when the next one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<DeliveryFailure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub direction: Direction,
    pub author: Author,
    pub body: MessageText,
    /// Sent or answered behind a private link.
    pub secure: bool,
    /// How the notice, or a plain message itself, travelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The contact's message was STOP, START or HELP. Of an automatic answer: what it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<Keyword>,
    /// The message has a PIN of its own.
    pub has_own_pin: bool,
    pub created_at: DateTime<Utc>,
    /// The message's newest link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkSummary>,
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
}

/// The one call that sends. Give `contact_id` or `contact`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SendMessage {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    /// Matched by `external_id`, else phone, else email; made when nobody matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<CreateContact>,
    pub body: MessageText,
    /// Behind a private link; default: the organization's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    /// How the notice travels; default: the contact's preference, else what the contact has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Default: the organization's setting. Secure messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_lifetime: Option<LinkLifetime>,
    /// This message's own PIN; beats the contact's, which beats the default. Secure messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
}

/// What did not arrive is sent once more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RetryMessage {
    /// Default: the channel that it failed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

/// A staff member's answer in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ReplyInConversation {
    pub body: MessageText,
    /// Default: as the conversation last went, else the organization's setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_lifetime: Option<LinkLifetime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContactSummary {
    pub id: ContactId,
    pub display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Name>,
    pub has_pin: bool,
}

/// The newest message of a conversation, as a list row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LastMessage {
    pub id: MessageId,
    pub direction: Direction,
    /// The start of the text, on one line, at most 120 characters.
    pub preview: String,
    pub secure: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub created_at: DateTime<Utc>,
    /// Of an outbound message: its newest notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_status: Option<DeliveryStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkSummary>,
}

/// One row per contact; everything ever written to or by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Conversation {
    pub id: ConversationId,
    pub contact: ContactSummary,
    pub archived: bool,
    /// Something did not reach the contact, and nobody has done anything about it yet.
    #[serde(default)]
    pub failed: bool,
    /// Has an answer this person has not read. Always false for an API key.
    pub unread: bool,
    pub last_message: LastMessage,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Folder {
    /// Has something from the contact and is not archived.
    #[default]
    Inbox,
    /// Has something from the organization.
    Outbox,
    Archived,
    /// Something did not reach the contact, and nobody has done anything about it.
    Failed,
}

/// Which conversations a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ConversationQuery {
    /// `inbox` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(inline = false))]
    pub folder: Option<Folder>,
    /// Only those with, or without, something unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
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

/// A JSON merge patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateConversation {
    /// Out of the inbox, or back. A new answer brings it back by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// For the calling person only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// `false`: what failed has been dealt with. It cannot be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<bool>,
}

/// Numbers for badges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ConversationCounts {
    pub inbox: FolderCounts,
    pub outbox: FolderCounts,
    pub archived: FolderCounts,
    #[serde(default)]
    pub failed: FolderCounts,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FolderCounts {
    pub total: u64,
    /// With something the caller has not read.
    pub unread: u64,
}
