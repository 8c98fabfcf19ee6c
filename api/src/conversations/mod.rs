//! The thread both sides write in: sending, answering, reading, folders and their numbers.
//!
//! Hides sealing of what was written, and the bookkeeping of who has read what. A send is one
//! transaction: message, link, notice, numbers, event and audit entry, or nothing (security.md D15).

mod again;
mod arrivals;
mod chat;
mod compose;
mod erase;
mod fall_back;
mod inbox;
pub mod patient_routes;
mod remind;
mod scheduled;
pub mod scheduled_routes;
pub mod service;
pub mod staff_routes;
mod thread;
mod undelivered;
mod waiting;

pub use arrivals::{Arrival, answer, arrive};
pub use chat::is_visible;
pub use compose::{author_kind, send_securely};
pub use fall_back::fall_back_due;
pub use remind::remind_due;
pub use scheduled::send_due;
