//! The fields that an organization adds to its contacts, and what a contact holds in them.
//!
//! Hides how values are stored: sealed with the contact's key, all in one column, by the field's id, so that
//! a field can get another key and keep its values.

pub mod routes;
pub mod service;
mod values;

pub use values::{check, custom_fields, custom_values, for_templates, merge, open, seal};
