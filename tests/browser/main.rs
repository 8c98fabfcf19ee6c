//! What patients and staff see, in Chromium.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod axe;
mod demo;
mod journeys;
mod keyboard;
mod language;
mod patient;
mod screenshots;
mod settings;
mod setup;
mod staff;
mod without;
