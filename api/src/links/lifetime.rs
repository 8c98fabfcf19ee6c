//! When a link ends (security.md D3): counted from the send, in UTC, months and years by the calendar.

use chrono::{DateTime, Months, TimeDelta, Utc};
use sealpost_shared::links::LinkLifetime;

pub fn expires_at(sent_at: DateTime<Utc>, lifetime: LinkLifetime) -> DateTime<Utc> {
    let months = |months| sent_at.checked_add_months(Months::new(months)).unwrap_or(sent_at);
    match lifetime {
        LinkLifetime::Hours24 => sent_at + TimeDelta::hours(24),
        LinkLifetime::Days10 => sent_at + TimeDelta::days(10),
        LinkLifetime::Months6 => months(6),
        LinkLifetime::Year1 => months(12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkLifetime::{Days10, Hours24, Months6, Year1};

    #[test]
    fn lifetimes_end_on_the_right_day() {
        for (sent, lifetime, ends) in [
            ("2026-11-23T15:04:05.123456Z", Hours24, "2026-11-24T15:04:05.123456Z"),
            // The night the clocks change, in UTC it is a day like any other.
            ("2026-03-08T07:30:00Z", Hours24, "2026-03-09T07:30:00Z"),
            ("2028-02-24T10:00:00Z", Days10, "2028-03-05T10:00:00Z"),
            ("2027-02-24T10:00:00Z", Days10, "2027-03-06T10:00:00Z"),
            ("2026-12-25T23:59:59Z", Days10, "2027-01-04T23:59:59Z"),
            ("2026-08-31T12:00:00Z", Months6, "2027-02-28T12:00:00Z"),
            ("2027-08-31T12:00:00Z", Months6, "2028-02-29T12:00:00Z"),
            ("2026-03-31T12:00:00Z", Months6, "2026-09-30T12:00:00Z"),
            ("2026-01-15T12:00:00Z", Months6, "2026-07-15T12:00:00Z"),
            ("2028-02-29T12:00:00Z", Year1, "2029-02-28T12:00:00Z"),
            ("2026-11-23T12:00:00Z", Year1, "2027-11-23T12:00:00Z"),
        ] {
            let sent: DateTime<Utc> = sent.parse().expect("a time");
            let ends: DateTime<Utc> = ends.parse().expect("a time");
            assert_eq!(expires_at(sent, lifetime), ends, "{sent} + {lifetime:?}");
        }
    }
}
