//! The thread both sides write in, as staff and integrators see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::{Channel, CreateContact};
use crate::deliveries::{Delivery, DeliveryFailure, DeliveryStatus};
pub use crate::folders::{ConversationCounts, Folder, FolderCounts};
use crate::ids::{ContactId, ConversationId, MessageId};
use crate::links::{LinkLifetime, LinkSummary};
use crate::patch::Patch;
use crate::problem::ProblemCode;
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

/// What a message that has not gone out waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Waiting {
    /// A few seconds in which it can be taken back.
    Undo,
    /// The time that was chosen.
    Time,
    /// The end of the contact's quiet hours.
    QuietHours,
}

/// Why a message that waited could not go out when its time came: what the call that sends it would have answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SendingFailure {
    pub code: ProblemCode,
    /// A sentence for staff; never holds the address or the text.
    pub detail: String,
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
    /// When it goes out. Absent once it has: until then the contact sees nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// What it waits for; absent once it has gone out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// Why it could not go out when its time came. It stays until it is sent or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SendingFailure>,
    /// When staff were told that nobody had opened it and no reminder was left. Absent once it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_opened_at: Option<DateTime<Utc>>,
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
    /// When it is to go out, up to a year from now; at once when absent. The link and its PIN are made then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// Waits for the organization's seconds of undo before it goes out; not at all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<bool>,
    /// Goes out in the contact's quiet hours, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite_quiet_hours: Option<bool>,
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
    /// When it is to go out, up to a year from now; at once when absent. The link and its PIN are made then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// Waits for the organization's seconds of undo before it goes out; not at all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<bool>,
    /// Goes out in the contact's quiet hours, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite_quiet_hours: Option<bool>,
}

/// A JSON merge patch for a message that has not gone out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateScheduledMessage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<MessageText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// `null`: as the contact prefers when it goes out.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "sms"))]
    pub channel: Patch<Channel>,
}

/// Whose waiting messages a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ScheduledMessageQuery {
    /// All conversations when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(value_type = Option<String>))]
    pub conversation_id: Option<ConversationId>,
    /// Entries per page, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 200))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
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

/// The first of a conversation's waiting messages, as a list row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct NextScheduled {
    pub id: MessageId,
    /// The start of the text, on one line, at most 120 characters.
    pub preview: String,
    pub secure: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    pub send_at: DateTime<Utc>,
    pub waiting: Waiting,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SendingFailure>,
}

/// The newest of what did not reach a contact and nobody has done anything about, as a list row shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Undelivered {
    /// The message's.
    pub id: MessageId,
    /// The start of the text, on one line, at most 120 characters.
    pub preview: String,
    pub secure: bool,
    /// The way on which it failed.
    pub channel: Channel,
    pub failed_at: DateTime<Utc>,
    pub failure: DeliveryFailure,
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
    /// Has an answer this person has not read, or a message that nobody opened (`not_opened`) and this person has not
    /// looked at since. Always false for an API key.
    pub unread: bool,
    /// Has a message that nobody has opened, with no reminder left to send.
    #[serde(default)]
    pub not_opened: bool,
    /// Absent while nothing has gone out or come in: the first message waits for its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<LastMessage>,
    /// What goes out next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_scheduled: Option<NextScheduled>,
    /// What failed last, while `failed` is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undelivered: Option<Undelivered>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
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
