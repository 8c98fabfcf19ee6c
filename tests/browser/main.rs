//! What patients and staff see, in Chromium; the main paths in WebKit, too.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod api_keys;
mod axe;
mod axe_states;
mod demo;
mod docs;
mod failed;
mod idle;
mod journeys;
mod keyboard;
mod keyboard_pages;
mod language;
mod later;
mod locks;
mod passkeys;
mod patient;
mod read_only;
mod screenshots;
mod settings;
mod setup;
mod signing_in;
mod staff;
mod texts;
mod webkit;
mod without;
