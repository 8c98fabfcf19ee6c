//! The words both sides of Sealpost speak: ids, requests and responses, problem codes, paths.
//!
//! Compiles to WebAssembly and does no I/O. Values that may be wrong are parsed once, at the edge,
//! by the same code in the browser and in the server.

pub mod api_keys;
pub mod audit;
pub mod autolink;
pub mod channels;
pub mod chat;
pub mod contact_fields;
pub mod contacts;
pub mod conversations;
pub mod deliveries;
pub mod demo;
pub mod events;
pub mod folders;
pub mod ids;
pub mod invitations;
pub mod links;
pub mod moment;
pub mod page;
pub mod passkeys;
pub mod patch;
pub mod paths;
pub mod pin;
pub mod problem;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod staff;
pub mod text;
pub mod texts;
