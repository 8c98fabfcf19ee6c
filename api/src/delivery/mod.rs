//! Getting a notice out.
//!
//! Others queue a finished text in their own transaction and read where it is; everything after that is
//! hidden here: sealing, claiming, sending, trying again, giving up. It never makes a link, so every try
//! carries the same one.

use std::time::Duration;

mod claim;
mod content;
mod email;
mod gsm7;
mod queue;
mod retry;
mod settle;
mod sms;
pub mod worker;

pub use content::{Content, EmailContent, SmsContent};
pub use email::SmtpSender;
pub use gsm7::{fits_a_text, has_likeness, measure};
pub use queue::{
    Notice, Urgency, cancel_confirmations, cancel_of_channel, cancel_of_contact, cancel_of_links, enqueue,
};
pub use sms::{TwilioSender, gateway_client};

/// How long one try may take. A lease is more than twice that, so that its holder has settled before
/// anybody takes over (security.md D16).
fn attempt_timeout(lease: Duration) -> Duration {
    Duration::from_secs(15).min(lease * 2 / 5)
}

#[cfg(test)]
mod tests;
