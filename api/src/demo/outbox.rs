//! Catches every text and email instead of sending it, so that a person can play both sides on one
//! computer. In memory: what is caught is readable, and must not outlive the demo.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::demo::OutboxItem;

use crate::clock::Clock;
use crate::senders::{EmailNotice, EmailSender, SendOutcome, SmsNotice, SmsSender};

/// The oldest go when more than this were caught.
const KEPT: usize = 500;
/// A number that no text reaches, to see what staff see then.
pub(super) const LANDLINE: &str = "+15550100199";
const SMS_FROM: &str = "+15550100100";
const MAIL_FROM: &str = "messages@riverside.example";

pub struct Outbox {
    clock: Arc<dyn Clock>,
    caught: Mutex<VecDeque<OutboxItem>>,
}

impl Outbox {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, caught: Mutex::default() }
    }

    /// Newest first.
    pub fn items(&self) -> Vec<OutboxItem> {
        self.lock().iter().rev().cloned().collect()
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A second try of the same delivery is the same text, as it is for a gateway that knows the key.
    fn catch(&self, item: OutboxItem) -> SendOutcome {
        let provider_id = Some(format!("demo-{}", item.id.uuid().simple()));
        let mut caught = self.lock();
        if caught.iter().all(|known| known.id != item.id) {
            caught.push_back(item);
        }
        while caught.len() > KEPT {
            caught.pop_front();
        }
        SendOutcome::Accepted { provider_id }
    }

    /// A panic while holding the lock leaves a list that is still a list.
    fn lock(&self) -> MutexGuard<'_, VecDeque<OutboxItem>> {
        self.caught.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SmsSender for Outbox {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome {
        if sms.to.as_str() == LANDLINE {
            return SendOutcome::refused(
                "address_unreachable",
                "This number cannot get text messages; it may be a landline.",
            );
        }
        self.catch(OutboxItem {
            id: sms.id,
            channel: Channel::Sms,
            to: sms.to.as_str().to_owned(),
            from: SMS_FROM.to_owned(),
            subject: None,
            body: sms.body.to_owned(),
            created_at: self.now(),
        })
    }
}

#[async_trait]
impl EmailSender for Outbox {
    async fn send(&self, email: &EmailNotice<'_>) -> SendOutcome {
        self.catch(OutboxItem {
            id: email.id,
            channel: Channel::Email,
            to: email.to.as_str().to_owned(),
            from: format!("{} <{MAIL_FROM}>", email.from_name),
            subject: Some(email.subject.to_owned()),
            body: email.text.to_owned(),
            created_at: self.now(),
        })
    }
}
