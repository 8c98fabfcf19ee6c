//! A clock for a practice with a past: moved by hand while the past is written, then the system's.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::{Clock, SystemClock};

#[derive(Default)]
pub struct StoryClock(Mutex<Option<DateTime<Utc>>>);

impl StoryClock {
    /// The time of the story.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// From here on it is today.
    pub fn release(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(|| SystemClock.now())
    }

    fn is_told(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
