//! What the system does, in sentences, over HTTP.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod rules;
