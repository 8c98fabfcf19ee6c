//! The ways out of the house: what a sender of texts or emails is given, and what it says came of it.
//!
//! Below the features: `delivery` has the real ones, `demo` one that catches everything, the tests theirs.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::ids::DeliveryId;
use sealpost_shared::text::{Email, Phone};

/// Those that this process has. Without one, its channel is refused at compose time.
#[derive(Clone, Default)]
pub struct Senders {
    /// Set once and for all: by the environment, by the demo.
    pub sms: Option<Arc<dyn SmsSender>>,
    pub email: Option<Arc<dyn EmailSender>>,
    /// Built from what is stored, where nothing is set; `channels` keeps them up to date.
    stored: Arc<RwLock<Stored>>,
}

/// Each with the version of the settings it was built from.
#[derive(Default)]
struct Stored {
    sms: Option<(i64, Arc<dyn SmsSender>)>,
    email: Option<(i64, Arc<dyn EmailSender>)>,
}

impl Senders {
    pub fn fixed(sms: Option<Arc<dyn SmsSender>>, email: Option<Arc<dyn EmailSender>>) -> Self {
        Self { sms, email, stored: Arc::default() }
    }

    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Sms => self.sms().is_some(),
            Channel::Email => self.email().is_some(),
        }
    }

    pub fn sms(&self) -> Option<Arc<dyn SmsSender>> {
        self.sms.clone().or_else(|| self.stored().sms.as_ref().map(|(_, sender)| sender.clone()))
    }

    pub fn email(&self) -> Option<Arc<dyn EmailSender>> {
        self.email.clone().or_else(|| self.stored().email.as_ref().map(|(_, sender)| sender.clone()))
    }

    pub fn sms_version(&self) -> Option<i64> {
        self.stored().sms.as_ref().map(|(version, _)| *version)
    }

    pub fn email_version(&self) -> Option<i64> {
        self.stored().email.as_ref().map(|(version, _)| *version)
    }

    pub fn keep_sms(&self, sender: Option<(i64, Arc<dyn SmsSender>)>) {
        self.stored.write().unwrap_or_else(PoisonError::into_inner).sms = sender;
    }

    pub fn keep_email(&self, sender: Option<(i64, Arc<dyn EmailSender>)>) {
        self.stored.write().unwrap_or_else(PoisonError::into_inner).email = sender;
    }

    fn stored(&self) -> RwLockReadGuard<'_, Stored> {
        self.stored.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One text message, ready to go. The id is the same on every try.
pub struct SmsNotice<'a> {
    pub id: DeliveryId,
    pub created_at: DateTime<Utc>,
    pub to: &'a Phone,
    pub body: &'a str,
    /// Where the gateway says what became of it.
    pub callback: Option<String>,
}

#[async_trait]
pub trait SmsSender: Send + Sync {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome;

    /// Whether the gateway has it, after a try that it did not answer.
    async fn find(&self, _sms: &SmsNotice<'_>) -> Found {
        Found::CannotSay
    }
}

/// What a gateway says when it is asked for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Those to the same number with the same words since then, the newest first: perhaps none.
    These(Vec<Known>),
    /// It keeps no list that we could read.
    CannotSay,
    /// It could not be asked just now.
    NotNow,
}

/// A text as its gateway knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub provider_id: String,
    pub receipt: Receipt,
}

/// What a provider says became of what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It has it, and is at it.
    Taken,
    Delivered,
    Failed {
        code: FailureCode,
        detail: String,
    },
    Canceled,
}

/// One email, ready to go. Id and date are the same on every try.
pub struct EmailNotice<'a> {
    pub id: DeliveryId,
    pub created_at: DateTime<Utc>,
    pub to: &'a Email,
    /// Shown as the sender's name beside the installation's address.
    pub from_name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
}

#[async_trait]
pub trait EmailSender: Send + Sync {
    async fn send(&self, email: &EmailNotice<'_>) -> SendOutcome;
}

/// `detail` is a sentence for staff. It never holds an address, a text or what a gateway answered: a
/// gateway quotes phone numbers back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    Accepted {
        provider_id: Option<String>,
    },
    /// It will not work later either.
    Refused {
        code: FailureCode,
        detail: String,
    },
    /// It may work later. Every try carries the same key.
    Passing {
        code: FailureCode,
        detail: String,
        retry_after: Option<Duration>,
    },
    /// The request went out and nothing that could be understood came back: it may have arrived.
    Ambiguous {
        code: FailureCode,
        detail: String,
    },
}

impl SendOutcome {
    pub fn refused(code: FailureCode, detail: impl Into<String>) -> Self {
        Self::Refused { code, detail: detail.into() }
    }

    pub fn passing(code: FailureCode, detail: impl Into<String>) -> Self {
        Self::Passing { code, detail: detail.into(), retry_after: None }
    }

    /// As metrics name it, and why.
    pub const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Accepted { .. } => ("accepted", ""),
            Self::Refused { code, .. } => ("refused", code.as_str()),
            Self::Passing { code, .. } => ("passing", code.as_str()),
            Self::Ambiguous { code, .. } => ("ambiguous", code.as_str()),
        }
    }

    pub fn ambiguous(code: FailureCode, detail: impl Into<String>) -> Self {
        Self::Ambiguous { code, detail: detail.into() }
    }
}
