//! Sealpost on one computer, with nothing to configure: a practice with a past, and an outbox that
//! catches every text and email.

mod outbox;

pub use outbox::Outbox;
