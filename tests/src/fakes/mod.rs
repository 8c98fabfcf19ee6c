//! The outside world: a gateway that takes texts and a server that takes mail, both over real sockets.

mod between;
mod hooks;
mod sms_gateway;
mod smtp_server;

pub use between::Between;
pub use hooks::{form_call, signature};
pub use sms_gateway::{ACCOUNT_SID, AUTH_TOKEN, FROM, GatewayAnswer, SmsGateway, Text};
pub use smtp_server::{Mail, SmtpServer};

use std::sync::{Mutex, MutexGuard};

/// A test that panicked while holding the lock has failed already; the others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
