//! The demo's outbox: what was "sent", and what the page plays of the other side.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contacts::Channel;
use crate::conversations::Keyword;
use crate::ids::{DeliveryId, InboundId};
use crate::text::MessageText;

/// A text or email that was caught.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    pub id: DeliveryId,
    pub channel: Channel,
    pub to: String,
    pub from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

/// What somebody wrote back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxAnswer {
    pub id: InboundId,
    pub channel: Channel,
    pub from: String,
    pub to: String,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

/// What can be made to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The gateway does not answer, once; the next try gets through.
    GatewayDown,
    /// The number takes no texts: refused for good.
    Undeliverable,
    /// The mail server does not take it: refused for good.
    MailRefused,
}

impl Fault {
    pub const fn channel(self) -> Channel {
        match self {
            Self::GatewayDown | Self::Undeliverable => Channel::Sms,
            Self::MailRefused => Channel::Email,
        }
    }
}

/// A fault that waits for the next text or email to this number or address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingFault {
    pub channel: Channel,
    pub to: String,
    pub fault: Fault,
}

/// A text or email that did not get through.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub channel: Channel,
    pub to: String,
    pub fault: Fault,
    pub created_at: DateTime<Utc>,
}

/// Newest first, each of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    pub data: Vec<OutboxItem>,
    pub answers: Vec<OutboxAnswer>,
    pub troubles: Vec<Trouble>,
    pub faults: Vec<PendingFault>,
}

/// Somebody writes back.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayInbound {
    pub channel: Channel,
    /// A contact's number or address.
    pub from: String,
    /// The practice's, as the text or email that is answered gave it.
    pub to: String,
    pub body: MessageText,
}

/// What the practice made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// It was STOP, START or HELP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<Keyword>,
}

/// Sets what goes wrong next, or, without `fault`, that nothing does.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFault {
    pub channel: Channel,
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// Whose phone or mailbox the page can show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub opted_out: Vec<Channel>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPeople {
    pub practice: DemoPractice,
    pub data: Vec<DemoPerson>,
}

/// Where answers go.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPractice {
    pub phone: String,
    pub email: String,
}
