//! The conversation as a patient sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::conversations::AuthorKind;
use crate::ids::{ConversationId, MessageId};
use crate::links::{PatientSession, Sender};
use crate::staff::OrganizationCard;
use crate::text::MessageText;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChatLink {
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read"))]
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Chat {
    pub conversation_id: ConversationId,
    pub organization: OrganizationCard,
    pub sender: Sender,
    pub link: ChatLink,
    pub session: PatientSession,
    pub replies_allowed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChatAuthor {
    pub kind: AuthorKind,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChatMessage {
    pub id: MessageId,
    pub author: ChatAuthor,
    pub body: MessageText,
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read"))]
    pub created_at: DateTime<Utc>,
    /// Of the patient's own messages: when staff read it. Of the others: when the patient did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read_some"))]
    pub read_at: Option<DateTime<Utc>>,
    /// Of the patient's own messages: what the page gave when it sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PostChatMessage {
    pub body: MessageText,
    /// Made by the page, one per message: the same one twice is one message.
    pub client_message_id: Uuid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MarkChatRead {
    /// The newest message that was on screen.
    pub up_to: MessageId,
}
