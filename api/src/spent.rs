//! Limits that are known to be used up, so that what the database would refuse is refused without it. In memory, per
//! process, bounded: what is forgotten costs a transaction and lets nobody in, for the database counts
//! (security.md D7).
//!
//! Pure windows alone belong here: limits that nothing refunds, resets or clears before their time (tokens that open
//! nothing, sessions of a link). What was once used up then stays so until its window ends, whatever other servers
//! and staff do, and nobody is refused whom the database would let through. A limit that a right password, a new one,
//! an admin or a busy server gives back is looked at in the database each time, by a read that waits for no writer
//! (`staff::tries`, `links::tries`).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::entities::budget::{self, Limit};
use crate::problem::{Problem, Result};

/// Some megabytes; the oldest go.
const KEPT: usize = 10_000;

type Key = (&'static str, Vec<u8>);

#[derive(Default)]
pub struct Spent(Mutex<Windows>);

#[derive(Default)]
struct Windows {
    /// When it was seen, and when it ends.
    known: HashMap<Key, (DateTime<Utc>, DateTime<Utc>)>,
    /// As they came.
    order: VecDeque<Key>,
}

impl Spent {
    /// Refuses what is known to be used up, without a statement.
    pub fn check(&self, limit: Limit, subject: &[u8], now: DateTime<Utc>) -> Result<()> {
        match self.until(limit, subject, now) {
            Some(until) => Err(Problem::wait(until, now)),
            None => Ok(()),
        }
    }

    /// Uses one up in the database, and remembers until when there is none left.
    pub async fn charge(
        &self,
        tx: &DatabaseTransaction,
        limit: Limit,
        subject: &[u8],
        now: DateTime<Utc>,
    ) -> Result<()> {
        if budget::charge(tx, limit, subject, now).await? {
            return Ok(());
        }
        let until = budget::window_ends_at(tx, limit, subject).await?.unwrap_or(now + limit.window);
        self.note(limit, subject, now, until);
        Err(Problem::wait(until, now))
    }

    fn until(&self, limit: Limit, subject: &[u8], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let windows = self.lock();
        let (since, until) = windows.known.get(&(limit.scope, subject.to_vec())).copied()?;
        // Of a clock that was set back nothing is known.
        (since <= now && now < until).then_some(until)
    }

    fn note(&self, limit: Limit, subject: &[u8], now: DateTime<Utc>, until: DateTime<Utc>) {
        let key = (limit.scope, subject.to_vec());
        let mut windows = self.lock();
        if windows.known.insert(key.clone(), (now, until)).is_none() {
            windows.order.push_back(key);
        }
        while windows.order.len() > KEPT {
            let Some(oldest) = windows.order.pop_front() else { return };
            windows.known.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const LIMIT: Limit = Limit { scope: "test", times: 1, window: TimeDelta::minutes(1) };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn a_window_is_known_from_when_it_was_seen_to_its_end() {
        let spent = Spent::default();
        spent.note(LIMIT, b"one", at(10), at(60));
        let refused = |subject: &[u8], seconds| spent.check(LIMIT, subject, at(seconds)).is_err();
        assert_eq!([9, 10, 59, 60].map(|seconds| refused(b"one", seconds)), [false, true, true, false]);
        assert!(!refused(b"other", 30));
        spent.note(LIMIT, b"one", at(70), at(130));
        assert!(refused(b"one", 129));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let spent = Spent::default();
        for number in 0..=KEPT {
            spent.note(LIMIT, &number.to_be_bytes(), at(0), at(60));
        }
        let kept = |windows: MutexGuard<'_, Windows>| (windows.known.len(), windows.order.len());
        assert_eq!(kept(spent.lock()), (KEPT, KEPT));
        assert!(spent.check(LIMIT, &0_usize.to_be_bytes(), at(1)).is_ok());
        assert!(spent.check(LIMIT, &KEPT.to_be_bytes(), at(1)).is_err());
    }
}
