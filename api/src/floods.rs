//! How many calls a network may make before anybody is known: links, signing in, invitations, new passwords. Far above
//! what the people of a practice do behind one address, and far below what keeps a server busy. In memory, per
//! process, and fail open: the limits that protect secrets are counted in the database (security.md D7); this one
//! keeps a flood away from it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use sealpost_shared::problem::ProblemCode;

use crate::problem::{Problem, Result};

/// Networks that are remembered at once. Those that have been quiet go first; where none is, all: a flood from so many
/// places is none that counting by network could stop.
const NETWORKS: usize = 20_000;

type Limiter = RateLimiter<Vec<u8>, HashMapStateStore<Vec<u8>>, Told, NoOpMiddleware<Duration>>;

pub struct Floods {
    quota: Quota,
    clock: Told,
    limiter: Mutex<Limiter>,
}

impl Floods {
    /// `per_minute` at once, and as many again over each minute.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let (quota, clock) = (Quota::per_minute(per_minute), Told::default());
        let limiter = Mutex::new(Limiter::hashmap_with_clock(quota, clock.clone()));
        Self { quota, clock, limiter }
    }

    /// One call of this network, or how long it is to wait.
    pub fn take(&self, network: &[u8], now: DateTime<Utc>) -> Result<()> {
        self.clock.tell(now);
        let mut limiter = self.limiter.lock().unwrap_or_else(PoisonError::into_inner);
        if limiter.len() > NETWORKS {
            limiter.retain_recent();
        }
        if limiter.len() > NETWORKS {
            *limiter = Limiter::hashmap_with_clock(self.quota, self.clock.clone());
        }
        limiter.check_key(&network.to_vec()).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now()).as_secs_f64().ceil();
            Problem::new(ProblemCode::RateLimited, "too many calls from this network")
                .retry_after(wait as u64)
        })
    }
}

/// The time of the call that asks; it does not go back.
#[derive(Clone, Default)]
struct Told(Arc<AtomicU64>);

impl Told {
    fn tell(&self, now: DateTime<Utc>) {
        self.0.fetch_max(u64::try_from(now.timestamp_micros()).unwrap_or_default(), Ordering::Relaxed);
    }
}

impl Clock for Told {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn a_network_has_a_minute_s_calls_at_once_and_gets_them_back_over_the_minute() {
        let floods = Floods::new(NonZeroU32::new(60).expect("some"));
        let taken = |network: &[u8], seconds| {
            std::iter::repeat_with(|| floods.take(network, at(seconds))).take_while(Result::is_ok).count()
        };
        assert_eq!(taken(b"one", 0), 60);
        assert_eq!(taken(b"other", 0), 60);
        assert_eq!(taken(b"one", 10), 10);
        assert_eq!(taken(b"one", 600), 60);
    }

    #[test]
    fn so_many_networks_are_remembered_and_no_more() {
        let floods = Floods::new(NonZeroU32::MIN);
        for number in 0..=NETWORKS + 1 {
            assert!(floods.take(&number.to_be_bytes(), at(0)).is_ok());
        }
        assert!(floods.limiter.lock().expect("no test panics with it").len() <= NETWORKS);
    }
}
