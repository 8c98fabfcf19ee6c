//! Quiet hours: from one time of day until another, as the clock on somebody's wall shows them.

use chrono::{DateTime, LocalResult, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use sealpost_shared::settings::QuietHours;
use sealpost_shared::text::TimeOfDay;

/// No clock is ever put forward further than this: Samoa left out a whole day.
const LONGEST_GAP_MINUTES: i64 = 25 * 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: NaiveTime,
    until: NaiveTime,
}

/// A time of day as the clock counts.
pub fn parsed(time: &TimeOfDay) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(time.as_str(), "%H:%M").ok()
}

impl Quiet {
    pub fn of(hours: &QuietHours) -> Option<Self> {
        let (from, until) = (parsed(&hours.from)?, parsed(&hours.until)?);
        (from != until).then_some(Self { from, until })
    }

    fn covers(self, time: NaiveTime) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }

    /// When the quiet hours end in which `at` lies; nothing when it lies in none.
    pub fn ends_after(self, at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&zone).naive_local();
        if !self.covers(local.time()) {
            return None;
        }
        let day = if local.time() < self.until { local.date() } else { local.date().succ_opt()? };
        let end = instant(day.and_time(self.until), zone);
        // Where a whole day was left out, the clock was put into the next night.
        Some(self.ends_after(end, zone).unwrap_or(end))
    }
}

/// When a wall's clock shows this. Where it shows it twice, the second time: the hour before it is quiet both
/// times. Where it never does, the moment to which the clock was put forward.
fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    (0..=LONGEST_GAP_MINUTES)
        .find_map(|minutes| match zone.from_local_datetime(&(local + TimeDelta::minutes(minutes))) {
            LocalResult::Single(at) => Some(at),
            LocalResult::Ambiguous(_, later) => Some(later),
            LocalResult::None => None,
        })
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, until: &str) -> Quiet {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").expect("a time");
        Quiet { from: time(from), until: time(until) }
    }

    #[track_caller]
    fn check(hours: (&str, &str), zone: Tz, cases: &[(&str, Option<&str>)]) {
        for (at, ends) in cases {
            let at: DateTime<Utc> = at.parse().expect("a time");
            let ends = ends.map(|ends| ends.parse::<DateTime<Utc>>().expect("a time"));
            assert_eq!(quiet(hours.0, hours.1).ends_after(at, zone), ends, "{at} in {zone}");
        }
    }

    #[test]
    fn nights_end_in_the_morning_where_somebody_lives() {
        // Chicago in winter: six hours behind.
        let cases = [
            ("2026-01-15T01:59:59Z", None),
            ("2026-01-15T02:00:00Z", Some("2026-01-15T14:00:00Z")),
            ("2026-01-15T06:00:00Z", Some("2026-01-15T14:00:00Z")),
            ("2026-01-15T13:59:59Z", Some("2026-01-15T14:00:00Z")),
            ("2026-01-15T14:00:00Z", None),
        ];
        check(("20:00", "08:00"), chrono_tz::America::Chicago, &cases);
        // The same moments in Kathmandu, five hours and three quarters ahead: morning.
        let cases = [("2026-01-15T02:00:00Z", Some("2026-01-15T02:15:00Z")), ("2026-01-15T02:15:00Z", None)];
        check(("20:00", "08:00"), chrono_tz::Asia::Kathmandu, &cases);
    }

    #[test]
    fn hours_of_one_day_and_hours_until_midnight() {
        let noon = [("2026-07-01T12:30:00Z", Some("2026-07-01T14:00:00Z")), ("2026-07-01T14:00:00Z", None)];
        check(("12:00", "14:00"), Tz::UTC, &noon);
        let late = [
            ("2026-07-01T23:59:00Z", Some("2026-07-02T00:00:00Z")),
            ("2026-07-02T00:00:00Z", None),
            ("2026-07-01T21:59:00Z", None),
        ];
        check(("22:00", "00:00"), Tz::UTC, &late);
    }

    #[test]
    fn the_night_in_which_clocks_go_forward_is_an_hour_shorter() {
        // 8 March 2026: in Chicago 2:00 becomes 3:00.
        let cases = [("2026-03-08T02:30:00Z", Some("2026-03-08T13:00:00Z"))];
        check(("20:00", "08:00"), chrono_tz::America::Chicago, &cases);
        // 2:30 is on no clock: it ends when clocks are put forward, at 3:00, and then nothing is quiet.
        let cases = [
            ("2026-03-08T07:59:00Z", Some("2026-03-08T08:00:00Z")),
            ("2026-03-08T08:00:00Z", None),
            ("2026-03-07T08:15:00Z", Some("2026-03-07T08:30:00Z")),
        ];
        check(("22:00", "02:30"), chrono_tz::America::Chicago, &cases);
    }

    #[test]
    fn the_night_in_which_clocks_go_back_is_an_hour_longer() {
        // 1 November 2026: in Chicago 2:00 becomes 1:00.
        let cases = [("2026-11-01T02:30:00Z", Some("2026-11-01T14:00:00Z"))];
        check(("20:00", "08:00"), chrono_tz::America::Chicago, &cases);
        // 1:30 comes twice; both times the minutes before it are quiet, and the end is the second.
        let cases = [
            ("2026-11-01T06:10:00Z", Some("2026-11-01T07:30:00Z")),
            ("2026-11-01T07:10:00Z", Some("2026-11-01T07:30:00Z")),
            ("2026-11-01T07:30:00Z", None),
        ];
        check(("22:00", "01:30"), chrono_tz::America::Chicago, &cases);
    }

    #[test]
    fn a_day_that_was_left_out_is_stepped_over() {
        // Samoa had no 30 December 2011.
        let cases = [("2011-12-30T09:00:00Z", Some("2011-12-30T18:00:00Z"))];
        check(("20:00", "08:00"), chrono_tz::Pacific::Apia, &cases);
    }

    #[test]
    fn hours_without_length_are_none() {
        let hours = |from: &str, until: &str| QuietHours {
            from: from.parse().expect("a time"),
            until: until.parse().expect("a time"),
        };
        assert_eq!(Quiet::of(&hours("08:00", "08:00")), None);
        assert_eq!(Quiet::of(&hours("20:00", "08:00")), Some(quiet("20:00", "08:00")));
    }
}
