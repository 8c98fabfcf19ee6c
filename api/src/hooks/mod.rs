//! What providers tell us unasked: what became of a text, what was texted or mailed back, which mail came back.
//!
//! Hides whose word counts (a signature, a secret), and how each provider puts it; what follows is decided by
//! `delivery` and `inbound`. An answer of success means that it is stored: whoever gets another one calls again
//! (security.md D31).

mod mail;
mod origin;
pub mod routes;
pub mod service;

pub use mail::{Mail, read};
