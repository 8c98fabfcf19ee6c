//! The Sealpost server. Start at [`app`]: it says what exists; then read any feature folder
//! (`mod.rs`, `routes.rs`, `service.rs`).

pub mod app;
pub mod auth;
pub mod clock;
pub mod config;
pub mod contact_fields;
pub mod contacts;
pub mod conversations;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod entities;
pub mod events;
pub mod health;
pub mod housekeeping;
pub mod idempotency;
pub mod ids;
pub mod inbound;
pub mod journal;
pub mod limits;
pub mod links;
pub mod openapi;
pub mod page;
pub mod pages;
pub mod problem;
pub mod request;
pub mod secrets;
pub mod senders;
pub mod session_tokens;
pub mod settings;
pub mod staff;
pub mod state;
pub mod streams;
pub mod telemetry;
pub mod templates;
