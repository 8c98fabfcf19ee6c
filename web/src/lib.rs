//! What the two web apps share: calls to the server, words, dates, and the few primitives every screen
//! is made of. The apps are the binaries `chat` (patients) and `desk` (staff).
//!
//! Nothing is stored in the browser but the language (security.md D26).

pub mod client;
pub mod countries;
pub mod figures;
pub mod leaving;
pub mod text;
pub mod time;
pub mod ui;
pub mod zones;
