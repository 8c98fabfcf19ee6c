//! What the system does, in sentences, over HTTP.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod audit_chain;
mod channels;
mod clock;
mod commands;
mod contact_fields;
mod contacts;
mod conversations;
mod delivery;
mod demo;
mod docs;
mod events;
mod fuzz;
mod guessing;
mod headers;
mod hosting;
mod idempotency;
mod inbound;
mod invitations;
mod isolation;
mod known_devices;
mod limits;
mod links;
mod migrations;
mod openapi;
mod pins;
mod plans;
mod policies;
mod practice;
mod previews;
mod privacy;
mod problems;
mod races;
mod read_only;
mod relinks;
mod rules;
mod second_step;
mod session_list;
mod sessions;
mod settings;
mod setup;
mod staff;
mod templates;
mod trials;
mod uniform;
