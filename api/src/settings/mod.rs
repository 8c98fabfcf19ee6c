//! How an organization sends privately.

pub mod routes;
pub mod service;
