//! The installation's ways out: the gateway for texts and the mail server. Hides their protocols, and where their
//! settings come from: the environment, which wins, or what the wizard stored, sealed.

use std::time::Duration;

mod email;
mod mail_talk;
pub mod routes;
pub mod service;
mod settings;
mod sms;
mod sms_list;
mod sms_signature;
mod sms_words;
mod stored;
mod trial;

pub use email::{SmtpSender, is_about_the_address};
pub use sms::{TwilioSender, gateway_client, is_plain};
pub use sms_signature::is_signed;
pub use sms_words::receipt;
pub use stored::{Stored, StoredChannels, is_tested, mail_from, refresh, sms_config, stored_channels};
pub use trial::{Trial, look_at_email, look_at_sms};

/// How long one try may take. A lease is more than twice that, so that its holder has settled before
/// anybody takes over (security.md D16).
fn attempt_timeout(lease: Duration) -> Duration {
    Duration::from_secs(15).min(lease * 2 / 5)
}
