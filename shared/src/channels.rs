//! The installation's ways out: the text message gateway and the mail server, as the wizard stores them.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::{Email, Phone};

/// Where a channel's settings come from. The environment wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ChannelSource {
    /// `SEALPOST_…` variables; they can be changed there alone.
    Environment,
    /// Kept here, sealed.
    Stored,
    /// Not set up: messages over this channel are refused.
    None,
    /// Caught by the demo's outbox: nothing leaves this computer.
    Demo,
}

/// How the mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MailSecurity {
    /// Unencrypted; to this computer only.
    None,
    /// Encrypted from the second word on, usually port 587. Never falls back to plain.
    Starttls,
    /// Encrypted from the first byte on, usually port 465.
    Tls,
}

/// The text message gateway. Details are there for those who may change them. The token is never returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SmsChannel {
    pub source: ChannelSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When a test last went through with exactly these settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_at: Option<DateTime<Utc>>,
}

/// The mail server. Details are there for those who may change them. The password is never returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct EmailChannel {
    pub source: ChannelSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<MailSecurity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When a test last went through with exactly these settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Channels {
    pub sms: SmsChannel,
    pub email: EmailChannel,
    /// True for admins of the organization that this installation was set up for: channels are shared by all.
    pub may_change: bool,
}

/// A gateway that speaks Twilio's REST wire format.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PutSmsChannel {
    /// https; http for this computer only.
    #[cfg_attr(feature = "server", schema(max_length = 300, example = "https://api.twilio.com"))]
    pub url: String,
    #[cfg_attr(feature = "server", schema(max_length = 100, example = "AC0123456789abcdef0123456789abcdef"))]
    pub account_sid: String,
    /// Absent: the one that is stored stays, while the url stays the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 300))]
    pub auth_token: Option<String>,
    /// The number or sender name that the gateway has for us.
    #[cfg_attr(feature = "server", schema(max_length = 40, example = "+15550100100"))]
    pub from: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PutEmailChannel {
    #[cfg_attr(feature = "server", schema(max_length = 253, example = "smtp.riverside.example"))]
    pub host: String,
    #[cfg_attr(feature = "server", schema(minimum = 1, example = 587))]
    pub port: u16,
    pub security: MailSecurity,
    /// Absent: the server lets us in without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 300, example = "messages@riverside.example"))]
    pub username: Option<String>,
    /// Absent: the one that is stored stays, while host and user name stay the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 300))]
    pub password: Option<String>,
    /// An address, or a name and an address.
    #[cfg_attr(
        feature = "server",
        schema(max_length = 320, example = "Riverside Clinic <messages@riverside.example>")
    )]
    pub from: String,
}

/// Secrets do not print themselves.
impl fmt::Debug for PutSmsChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutSmsChannel").field("url", &self.url).finish_non_exhaustive()
    }
}

impl fmt::Debug for PutEmailChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutEmailChannel").field("host", &self.host).finish_non_exhaustive()
    }
}

/// One plain test text to this number, now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TestSmsChannel {
    pub to: Phone,
}

/// One plain test email to this address, now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TestEmailChannel {
    pub to: Email,
}

/// What to mend when a test fails. Open enum: more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ChannelFault {
    /// The host's name leads nowhere.
    HostNotFound,
    /// Nobody answers at that host and port.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// The encryption could not be agreed on: wrong kind of encryption for the port, or a bad certificate.
    Tls,
    /// User name, account or password is wrong.
    SignIn,
    /// The sender's number or address is not accepted.
    Sender,
    /// The recipient is not accepted.
    Recipient,
    /// Refused for another reason.
    Refused,
    /// Too busy just now.
    Busy,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ChannelTest {
    /// The gateway or the mail server took it.
    pub ok: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<ChannelFault>,
    /// A sentence for a person: what happened and what to do.
    pub detail: String,
}
