//! Integrators' keys: made, listed and revoked by admins in person. What a key may do is asked by the extractors.

pub mod routes;
pub mod service;
