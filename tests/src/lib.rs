//! What the tests stand on: a real server with its own database and a clock that is moved by hand, a gateway
//! and a mail server that listen to it, callers that check each answer, and a browser.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

pub mod app;
pub mod audit;
pub mod browser;
pub mod capture;
pub mod client;
pub mod contract;
pub mod database;
pub mod demo;
pub mod fakes;
pub mod fuzz;
pub mod given;
pub mod installation;
pub mod keyboard;
pub mod palette;
pub mod passkey;
pub mod program;
pub mod stream;
pub mod webkit;
