//! How many event streams a session holds open, and a link in all of its sessions. Each costs a connection and a look
//! per commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use crate::problem::{Problem, Result};

/// A tab each, of a person who opens whatever is waiting in one of its own and leaves it there for the day.
pub const PER_STAFF_SESSION: usize = 32;
/// A program, or a patient's browser.
pub const PER_HOLDER: usize = 8;
/// All who came by one link: whoever has it makes sessions as they like. By link and not by contact, so that a stranger
/// with an old one closes nobody out who came by another.
pub const PER_LINK: usize = 16;

/// Counts by session, key or link.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<Uuid, usize>>>);

/// One open stream; closing it gives its place back.
pub struct Place {
    streams: Streams,
    holders: Vec<Uuid>,
}

impl Streams {
    /// A place with everybody it counts for, each with how many they may have: all or none.
    pub fn take(&self, holders: &[(Uuid, usize)]) -> Result<Place> {
        let mut open = self.lock();
        if holders.iter().any(|(holder, most)| open.get(holder).copied().unwrap_or(0) >= *most) {
            return Err(Problem::new(ProblemCode::RateLimited, "too many open event streams").retry_after(5));
        }
        let holders: Vec<Uuid> = holders.iter().map(|(holder, _)| *holder).collect();
        for holder in &holders {
            *open.entry(*holder).or_default() += 1;
        }
        Ok(Place { streams: self.clone(), holders })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        for holder in &self.holders {
            if let Some(held) = open.get_mut(holder) {
                *held -= 1;
                if *held == 0 {
                    open.remove(holder);
                }
            }
        }
    }
}
