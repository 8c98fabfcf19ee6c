//! How far the installation is set up. Steps are read from what is there, wherever it was set; kept are only
//! those that were skipped, the public URL that was found good, and that the checklist was put away.

mod address;
mod progress;
pub mod routes;
pub mod service;

pub use address::{ANSWER_HEADER, answer};
pub use progress::is_due;

/// The first organization's name until somebody gives it one.
pub const PLACEHOLDER_NAME: &str = "Your practice";
