//! How an organization sends privately.

mod drafts;
pub mod routes;
pub mod service;
