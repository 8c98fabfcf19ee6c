//! Time is a parameter. Nothing but [`SystemClock`] asks the machine what time it is; and it does not go back:
//! [`HighWater`] remembers how far it had come.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// How far a clock may be behind what it showed before, or off the database's: clocks are corrected by seconds.
pub const SLACK: TimeDelta = TimeDelta::minutes(5);

/// What time it is, to the microsecond: that is what PostgreSQL keeps, and an answer must equal its row.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> DateTime<Utc>;

    /// A time that is told and not measured, as while a demo's past is written: it may go back.
    fn is_told(&self) -> bool {
        false
    }

    /// Whether the database's clock must show the same.
    fn is_of_this_world(&self) -> bool {
        true
    }
}

/// The latest time that was ever seen. A clock that is set back un-expires nothing: while it is further behind than
/// it may be, this is the time (security.md D19).
#[derive(Default)]
pub struct HighWater(AtomicI64);

impl HighWater {
    /// From what was kept.
    pub fn at(mark: Option<DateTime<Utc>>) -> Self {
        Self(AtomicI64::new(mark.map_or(0, |mark| mark.timestamp_micros())))
    }

    /// The time that counts when the clock shows `wall`, which raises the mark.
    pub fn now(&self, wall: DateTime<Utc>) -> DateTime<Utc> {
        let before = self.0.fetch_max(wall.timestamp_micros(), Ordering::Relaxed);
        let mark = DateTime::from_timestamp_micros(before).unwrap_or(wall);
        if mark - wall > SLACK { mark } else { wall }
    }

    /// Another server has seen this time.
    pub fn raise(&self, mark: DateTime<Utc>) {
        self.0.fetch_max(mark.timestamp_micros(), Ordering::Relaxed);
    }
}

/// Whether two clocks show times that cannot both be right.
pub fn differ(one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
    (one - other).abs() > SLACK
}

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that may")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved: for tests.
pub struct ManualClock {
    now: Mutex<DateTime<Utc>>,
    of_this_world: AtomicBool,
}

impl ManualClock {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now: Mutex::new(now.trunc_subsecs(6)), of_this_world: AtomicBool::new(false) }
    }

    /// From here on the database's clock must show the same.
    pub fn compare(&self) {
        self.of_this_world.store(true, Ordering::Relaxed);
    }

    pub fn advance(&self, by: chrono::TimeDelta) {
        *self.lock() += by;
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.lock() = now.trunc_subsecs(6);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, DateTime<Utc>> {
        self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.lock()
    }

    fn is_of_this_world(&self) -> bool {
        self.of_this_world.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_water_mark() {
        let noon = "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().expect("a time");
        let mark = HighWater::at(None);
        assert_eq!(mark.now(noon), noon);
        let later = noon + TimeDelta::hours(1);
        assert_eq!(mark.now(later), later);
        // A correction is a correction.
        assert_eq!(mark.now(later - SLACK), later - SLACK);
        assert_eq!(mark.now(later - SLACK - TimeDelta::microseconds(1)), later);
        assert_eq!(mark.now(noon), later, "and it stays, however often it is asked");
        assert_eq!(mark.now(later + TimeDelta::seconds(1)), later + TimeDelta::seconds(1));
        mark.raise(later + TimeDelta::days(1));
        assert_eq!(mark.now(later), later + TimeDelta::days(1), "what another server saw counts too");
        let kept = HighWater::at(Some(later));
        assert_eq!(kept.now(noon), later, "and what was kept over a restart");
        assert!(differ(noon, noon + SLACK + TimeDelta::seconds(1)) && !differ(noon + SLACK, noon));
    }
}
