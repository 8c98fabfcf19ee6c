//! The audit chain read back: checked, looked through, taken away as a table (security.md D23).

pub mod csv;
mod export;
pub mod routes;
pub mod service;
mod verify;
mod view;

pub use verify::{Broken, Checked, verify, verify_all};
