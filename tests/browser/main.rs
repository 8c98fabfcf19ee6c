//! What patients and staff see, in Chromium.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod demo;
mod patient;
mod staff;
