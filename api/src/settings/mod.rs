//! How an organization sends privately, and how it shows itself.

mod contrast;
mod drafts;
pub mod picture;
mod practice;
pub mod practice_routes;
mod preview;
pub mod routes;
mod security;
pub mod security_routes;
mod sending;
pub mod sending_routes;
pub mod service;
mod texts;
pub mod texts_routes;
mod trial;
