//! Replies that come back by text and email.
//!
//! Whoever takes them from a provider verifies them first and then calls [`receive`], which hides the rest: a
//! provider's message counts once; STOP, START and HELP are heeded before anything else; what cannot be told
//! apart is held and attached to nobody (security.md D31).

mod answers;
mod keywords;
mod service;

pub use keywords::is_keyword;
pub use service::{Outcome, Received, receive};
