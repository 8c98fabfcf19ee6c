//! How many event streams a session holds open. Each costs a connection and a look per commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use crate::problem::{Problem, Result};

/// Enough for a person with many tabs.
const PER_HOLDER: usize = 8;

/// Counts by session or key.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<Uuid, usize>>>);

/// One open stream; closing it gives its place back.
pub struct Place {
    streams: Streams,
    holder: Uuid,
}

impl Streams {
    pub fn take(&self, holder: Uuid) -> Result<Place> {
        let mut open = self.lock();
        let held = open.entry(holder).or_default();
        if *held >= PER_HOLDER {
            return Err(Problem::new(ProblemCode::RateLimited, "too many open event streams").retry_after(5));
        }
        *held += 1;
        Ok(Place { streams: self.clone(), holder })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(held) = open.get_mut(&self.holder) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.holder);
            }
        }
    }
}
