//! What routes and the tests call.

pub use super::accept::{accept, open};
pub use super::manage::{create, list, resend, withdraw};
