//! Copies of everything, and life after one was brought back (security.md D21, D35).
//!
//! A backup is two files, `NAME` and `NAME.contact-keys`: without the second nobody's messages can be read, so that
//! dropping it after 35 days makes everybody who was erased meanwhile unreadable there, too. Both are encrypted for
//! keys that this server does not have, and the master key is in neither. What is brought back sends nothing and lets
//! nobody in by what was given out before.

mod afterwards;
mod age;
mod archive;
mod keys;
mod log;
mod release;
mod restore;
mod take;

pub use afterwards::{Quieted, Replayed, note, quiet_all, replay};
pub use keys::Identity;
pub use log::{Entry, append, read};
pub use release::{Decision, count_parked, release};
pub use restore::{Contents, Source, Target, check, fill};
pub use take::{KEYS_SUFFIX, Taken, take};

/// How long contact keys are kept in a backup (security.md D21).
pub const KEYS_KEPT: chrono::TimeDelta = chrono::TimeDelta::days(35);
