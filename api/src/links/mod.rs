//! How a patient gets in and stays in: making links, the gate with its PIN, a new link for an ended one.
//!
//! Hides tokens (made here, seen by `delivery` alone, stored as a keyed hash), the order of PINs and the
//! counting of wrong ones. It never sends.

mod gate;
mod issue;
mod lifetime;
mod notice;
mod pin;
mod relink;
pub mod routes;
pub mod service;
mod sessions;
mod tries;
mod view;
mod visitor;

pub use issue::{NewLink, Opening, check_pin_policy, issue, opening_of};
pub use lifetime::expires_at;
pub use notice::{address, author_known_as, compose, known_as};
pub use pin::AppliedPin;
pub use sessions::patient_session_view;
pub use view::{delivery_view, link_state, summaries};
