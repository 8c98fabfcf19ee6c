//! When the next try is, and when there is none: a table, without a clock or a database.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sealpost_shared::deliveries::FailureCode;

/// No notice is worth sending a day later.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// A link that arrives in its last hour only makes its reader angry.
const LINK_MARGIN: TimeDelta = TimeDelta::hours(1);
/// How long a gateway can make us wait by `Retry-After`; more than that is a broken gateway.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3_600);
/// A schedule of zeros must not become a storm.
const DELAY_MIN: Duration = Duration::from_millis(100);
/// A delay grows by up to a fifth, so that what failed together does not come back together.
const JITTER: f64 = 0.2;

/// What a delivery has behind it and how long it is worth trying.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Tries made, the one that just failed among them.
    pub attempts: u32,
    pub created_at: DateTime<Utc>,
    /// As [`not_after`] said when it was first queued; a notice sent on to a new address keeps it.
    pub not_after: DateTime<Utc>,
    pub has_link: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    At(DateTime<Utc>),
    GiveUp(GiveUp),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// A day of trying.
    TimeUp,
    /// The link is about to end.
    LinkEnds,
}

/// When a notice is not worth sending any more: a day from now, or an hour before its link ends.
pub fn not_after(created_at: DateTime<Utc>, link_expires_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let day = created_at + GIVE_UP_AFTER;
    link_expires_at.map_or(day, |end| day.min(end - LINK_MARGIN))
}

/// The next try after one that failed in passing. `chance` is in `0.0..1.0`.
pub fn next_attempt(
    schedule: &[Duration],
    progress: &Progress,
    now: DateTime<Utc>,
    retry_after: Option<Duration>,
    chance: f64,
) -> Next {
    let delay = planned(schedule, progress, chance).max(retry_after.unwrap_or_default().min(RETRY_AFTER_MAX));
    let at = after(now, delay);
    too_late(progress, at).map_or(Next::At(at), Next::GiveUp)
}

fn planned(schedule: &[Duration], progress: &Progress, chance: f64) -> Duration {
    let place = usize::try_from(progress.attempts).unwrap_or(usize::MAX);
    let planned = schedule.get(place).or(schedule.last()).copied().unwrap_or_default();
    planned.mul_f64(1.0 + JITTER * chance.clamp(0.0, 1.0)).max(DELAY_MIN)
}

fn after(now: DateTime<Utc>, delay: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(delay).unwrap_or(GIVE_UP_AFTER)
}

/// When to ask about a try that was not answered, and when the next one may be. Its callback is waited for first:
/// for `patience`, and not much longer than the schedule would have waited.
pub fn in_doubt(
    schedule: &[Duration],
    progress: &Progress,
    now: DateTime<Utc>,
    patience: Duration,
    chance: f64,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let planned = planned(schedule, progress, chance);
    let wait = patience.min(planned * 2);
    (after(now, wait), after(now, planned.max(wait)))
}

/// Whether a notice is no longer worth sending at `at`. Asked before a try too: the server may have been
/// down since.
pub fn too_late(progress: &Progress, at: DateTime<Utc>) -> Option<GiveUp> {
    if at <= progress.not_after {
        None
    } else if progress.has_link && progress.not_after < progress.created_at + GIVE_UP_AFTER {
        Some(GiveUp::LinkEnds)
    } else {
        Some(GiveUp::TimeUp)
    }
}

impl GiveUp {
    pub const fn code(self) -> FailureCode {
        match self {
            Self::TimeUp => FailureCode::TimeUp,
            Self::LinkEnds => FailureCode::LinkEnded,
        }
    }

    pub const fn detail(self) -> &'static str {
        match self {
            Self::TimeUp => "We tried for 24 hours. Send it again, or use the other channel.",
            Self::LinkEnds => "The link would have ended too soon after arriving. Send a new one.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DeliveryConfig;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    const CREATED: &str = "2026-03-01T10:00:00Z";

    fn next(attempts: u32, now: &str, link: Option<&str>, retry_after: Option<u64>) -> Next {
        let not_after = not_after(at(CREATED), link.map(at));
        let progress = Progress { created_at: at(CREATED), attempts, not_after, has_link: link.is_some() };
        let schedule = DeliveryConfig::default().schedule;
        next_attempt(&schedule, &progress, at(now), retry_after.map(Duration::from_secs), 0.0)
    }

    #[test]
    fn the_table() {
        use GiveUp::{LinkEnds, TimeUp};
        let day = Some("2026-03-02T10:00:00Z");
        let year = Some("2027-03-01T10:00:00Z");
        for (attempts, now, link, retry_after, wanted) in [
            // The schedule, from the second try on; its last delay repeats.
            (1, "2026-03-01T10:00:00Z", day, None, Ok("2026-03-01T10:00:10Z")),
            (2, "2026-03-01T10:00:10Z", day, None, Ok("2026-03-01T10:00:40Z")),
            (3, "2026-03-01T10:00:40Z", day, None, Ok("2026-03-01T10:02:40Z")),
            (8, "2026-03-01T13:00:00Z", day, None, Ok("2026-03-01T17:00:00Z")),
            (9, "2026-03-01T17:00:00Z", day, None, Ok("2026-03-01T21:00:00Z")),
            (4_000_000_000, "2026-03-01T17:00:00Z", day, None, Ok("2026-03-01T21:00:00Z")),
            // The gateway may ask for more time, not for less, and not for a day.
            (1, "2026-03-01T10:00:00Z", day, Some(5), Ok("2026-03-01T10:00:10Z")),
            (1, "2026-03-01T10:00:00Z", day, Some(90), Ok("2026-03-01T10:01:30Z")),
            (1, "2026-03-01T10:00:00Z", day, Some(86_400), Ok("2026-03-01T11:00:00Z")),
            // An hour before the link ends is the end.
            (9, "2026-03-02T05:00:00Z", day, None, Ok("2026-03-02T09:00:00Z")),
            (9, "2026-03-02T05:00:01Z", day, None, Err(LinkEnds)),
            // So is a day of trying, with a long link or none.
            (9, "2026-03-02T06:00:00Z", year, None, Ok("2026-03-02T10:00:00Z")),
            (9, "2026-03-02T06:00:01Z", year, None, Err(TimeUp)),
            (9, "2026-03-02T06:00:01Z", None, None, Err(TimeUp)),
        ] {
            let wanted = wanted.map_or_else(Next::GiveUp, |time| Next::At(at(time)));
            assert_eq!(next(attempts, now, link, retry_after), wanted, "{attempts} {now} {link:?}");
        }
    }

    #[test]
    fn a_message_without_a_link_is_never_late_for_one() {
        let (first, moved) = (at(CREATED), at(CREATED) + TimeDelta::hours(5));
        let progress =
            Progress { attempts: 3, created_at: moved, not_after: not_after(first, None), has_link: false };
        assert_eq!(too_late(&progress, first + TimeDelta::hours(25)), Some(GiveUp::TimeUp));
    }

    #[test]
    fn a_callback_is_waited_for_as_long_as_it_may_take_and_no_longer() {
        let not_after = not_after(at(CREATED), None);
        let schedule = DeliveryConfig::default().schedule;
        let patience = DeliveryConfig::default().callback_wait;
        let wait = |attempts, schedule: &[Duration]| {
            let progress = Progress { created_at: at(CREATED), attempts, not_after, has_link: false };
            let (ask, retry) = in_doubt(schedule, &progress, at(CREATED), patience, 0.0);
            ((ask - at(CREATED)).num_seconds(), (retry - at(CREATED)).num_seconds())
        };
        assert_eq!(wait(1, &schedule), (20, 20));
        assert_eq!(wait(2, &schedule), (20, 30), "the schedule goes on");
        assert_eq!(wait(8, &schedule), (20, 14_400));
        assert_eq!(
            wait(1, &[Duration::ZERO, Duration::from_secs(1)]),
            (2, 2),
            "who is in a hurry stays in one"
        );
    }

    #[test]
    fn a_delay_grows_by_chance_and_by_a_fifth_at_most() {
        let schedule = [Duration::ZERO, Duration::from_secs(100)];
        let not_after = not_after(at(CREATED), None);
        let progress = Progress { created_at: at(CREATED), attempts: 1, not_after, has_link: false };
        for (chance, seconds) in [(0.0, 100), (0.5, 110), (1.0, 120), (9.0, 120), (-1.0, 100)] {
            let wanted = Next::At(at(CREATED) + TimeDelta::seconds(seconds));
            assert_eq!(next_attempt(&schedule, &progress, at(CREATED), None, chance), wanted, "{chance}");
        }
    }
}
