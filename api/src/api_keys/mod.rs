//! Integrators' keys: made, listed and revoked by admins in person. What a key may do is asked by the extractors.

mod make;
pub mod routes;
pub mod service;

pub use make::make_first;
