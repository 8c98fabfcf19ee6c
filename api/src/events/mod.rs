//! Live updates: the organization's event log, told to open pages as it grows.
//!
//! A stream reads the log from where its page left off (`Last-Event-ID`), so nothing is missed over a
//! dropped connection and no process needs to know of another. It ends within a second of its session.

mod cursor;
mod follow;
mod listener;
pub mod routes;
