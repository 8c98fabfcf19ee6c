//! Catches every text and email instead of sending it, and plays the networks behind: what somebody wrote back,
//! and what goes wrong. In memory: what is caught is readable, and must not outlive the demo.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sealpost_shared::contacts::Channel;
use sealpost_shared::deliveries::FailureCode;
use sealpost_shared::demo::{Fault, Outbox as View, OutboxAnswer, OutboxItem, PendingFault, Trouble};

use crate::clock::Clock;
use crate::senders::{EmailNotice, EmailSender, SendOutcome, SmsNotice, SmsSender};

/// Of each kind; the oldest go when there are more.
const KEPT: usize = 500;
/// A number that no text reaches, to see what staff see then.
pub(super) const LANDLINE: &str = "+15550100199";
/// A number whose network is busy: its texts wait, to see what staff see then.
pub(super) const BUSY: &str = "+15550100131";
const BUSY_FOR: Duration = Duration::from_secs(2 * 60 * 60);
/// Where texts and emails to the practice go.
pub(super) const SMS_FROM: &str = "+15550100100";
pub(super) const MAIL_FROM: &str = "messages@riverside.example";

pub struct Outbox {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

/// Oldest first, each of them.
#[derive(Default)]
struct Kept {
    caught: VecDeque<OutboxItem>,
    answers: VecDeque<OutboxAnswer>,
    troubles: VecDeque<Trouble>,
    faults: Vec<PendingFault>,
}

impl Outbox {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// What was caught, newest first.
    pub fn items(&self) -> Vec<OutboxItem> {
        newest_first(&self.lock().caught)
    }

    pub fn view(&self) -> View {
        let kept = self.lock();
        View {
            data: newest_first(&kept.caught),
            answers: newest_first(&kept.answers),
            troubles: newest_first(&kept.troubles),
            faults: kept.faults.clone(),
        }
    }

    /// What somebody wrote back, once the practice has it.
    pub(super) fn note_answer(&self, answer: OutboxAnswer) {
        push(&mut self.lock().answers, answer);
    }

    /// What happens to the next text or email to this number or address, in place of what was to happen.
    pub(super) fn set_fault(&self, channel: Channel, to: String, fault: Option<Fault>) {
        let faults = &mut self.lock().faults;
        faults.retain(|pending| (pending.channel, &pending.to) != (channel, &to));
        faults.extend(fault.map(|fault| PendingFault { channel, to, fault }));
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Uses up the fault that waits for this one, if there is any.
    fn trouble(&self, channel: Channel, to: &str) -> Option<SendOutcome> {
        let mut kept = self.lock();
        let waiting = kept.faults.iter().position(|fault| fault.channel == channel && fault.to == to);
        let fault = match waiting {
            Some(place) => kept.faults.remove(place).fault,
            None if channel == Channel::Sms && to == LANDLINE => Fault::Undeliverable,
            None => return None,
        };
        let trouble = Trouble { channel, to: to.to_owned(), fault, created_at: self.now() };
        push(&mut kept.troubles, trouble);
        Some(outcome(fault))
    }

    /// A second try of the same delivery is the same text, as it is for a gateway that knows the key.
    fn catch(&self, item: OutboxItem) -> SendOutcome {
        let provider_id = Some(format!("demo-{}", item.id.uuid().simple()));
        let mut kept = self.lock();
        if kept.caught.iter().all(|known| known.id != item.id) {
            push(&mut kept.caught, item);
        }
        SendOutcome::Accepted { provider_id }
    }

    /// A panic while holding the lock leaves lists that are still lists.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn newest_first<T: Clone>(kept: &VecDeque<T>) -> Vec<T> {
    kept.iter().rev().cloned().collect()
}

fn push<T>(kept: &mut VecDeque<T>, new: T) {
    kept.push_back(new);
    while kept.len() > KEPT {
        kept.pop_front();
    }
}

fn busy() -> SendOutcome {
    SendOutcome::Passing {
        code: FailureCode::GatewayBusy,
        detail: "The text message service is busy.".to_owned(),
        retry_after: Some(BUSY_FOR),
    }
}

/// In the words of the real senders.
fn outcome(fault: Fault) -> SendOutcome {
    match fault {
        Fault::GatewayDown => SendOutcome::passing(
            FailureCode::GatewayUnreachable,
            "We could not reach the text message service.",
        ),
        Fault::Undeliverable => SendOutcome::refused(
            FailureCode::AddressUnreachable,
            "This number cannot get text messages; it may be a landline.",
        ),
        Fault::MailRefused => {
            SendOutcome::refused(FailureCode::MailRefused, "The mail server refused it (SMTP 550).")
        }
    }
}

#[async_trait]
impl SmsSender for Outbox {
    async fn send(&self, sms: &SmsNotice<'_>) -> SendOutcome {
        if let Some(trouble) = self.trouble(Channel::Sms, sms.to.as_str()) {
            return trouble;
        }
        if sms.to.as_str() == BUSY {
            return busy();
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
        if let Some(trouble) = self.trouble(Channel::Email, email.to.as_str()) {
            return trouble;
        }
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
