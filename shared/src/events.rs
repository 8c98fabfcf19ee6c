//! What happened, as live updates tell it: ids and types, never content.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, ConversationId, EventId, LinkId, MessageId};

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident $text:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
        #[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text"))]
        pub enum EventType {
            $($(#[$doc])* #[serde(rename = $text)] #[cfg_attr(feature = "server", sea_orm(string_value = $text))] $name,)*
        }

        impl EventType {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }
        }
    };
}

event_types! {
    /// From the organization.
    MessageCreated "message.created"
    /// From the contact.
    MessageReceived "message.received"
    MessageSent "message.sent"
    MessageDelivered "message.delivered"
    MessageRead "message.read"
    MessageFailed "message.failed"
    /// Nobody opened it, and no reminder is left to send.
    MessageNotOpened "message.not_opened"
    /// Waits for its time, or for another one than before.
    MessageScheduled "message.scheduled"
    /// Was taken back before it went out.
    MessageUnscheduled "message.unscheduled"
    /// A try to send failed in passing; there will be another.
    DeliveryUpdated "delivery.updated"
    ConversationCreated "conversation.created"
    /// Archived or brought back.
    ConversationUpdated "conversation.updated"
    /// One person's unread mark moved.
    ConversationRead "conversation.read"
    ContactCreated "contact.created"
    ContactUpdated "contact.updated"
    ContactDeleted "contact.deleted"
    /// Does not want messages on a channel any more.
    ContactOptedOut "contact.opted_out"
    SecureLinkCreated "secure_link.created"
    SecureLinkOpened "secure_link.opened"
    SecureLinkPinFailed "secure_link.pin_failed"
    SecureLinkLocked "secure_link.locked"
    SecureLinkUnlocked "secure_link.unlocked"
    SecureLinkRelinked "secure_link.relinked"
    /// A reminder went out, with a link of its own.
    SecureLinkReminded "secure_link.reminded"
    SecureLinkRevoked "secure_link.revoked"
    /// This month's texts came to 80 or 100 per cent of their limit.
    TextsLimit "texts.limit"
}

/// By hand: the derive does not see names that a macro gives.
#[cfg(feature = "server")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    use super::EventType;

    impl utoipa::PartialSchema for EventType {
        fn schema() -> RefOr<Schema> {
            let names = EventType::ALL.iter().map(|it| it.as_str());
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
        }
    }

    impl utoipa::ToSchema for EventType {}
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Event {
    pub id: EventId,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_id: Option<LinkId>,
}

/// What a patient's page is told on its stream (`event:` is the type, `data:` this).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChatEvent {
    #[serde(rename = "type")]
    pub kind: ChatEventType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ChatEventType {
    /// Something new to read; fetch it.
    #[serde(rename = "message.created")]
    MessageCreated,
    /// Staff read what the patient wrote.
    #[serde(rename = "message.read")]
    MessageRead,
    /// The session or its link has ended; the page clears itself.
    #[serde(rename = "session.ended")]
    SessionEnded,
}

impl ChatEventType {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MessageCreated => "message.created",
            Self::MessageRead => "message.read",
            Self::SessionEnded => "session.ended",
        }
    }
}

/// The name of the last event of a staff stream whose session has ended.
pub const SESSION_ENDED: &str = "session.ended";
