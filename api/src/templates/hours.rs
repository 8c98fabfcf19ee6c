//! Office hours as a notice says them.

use sealpost_shared::settings::{OfficeHours, Weekday};
use sealpost_shared::text::TimeOfDay;

/// `Mon-Fri 9:00 AM-5:00 PM, Sat 10:00 AM-1:00 PM`: neighbours with the same hours stand together. Nothing for
/// nothing.
pub fn hours_in_words(hours: &[OfficeHours]) -> Option<String> {
    let mut sorted: Vec<_> = hours.iter().collect();
    sorted.sort_by_key(|hours| hours.weekday as u8);
    let mut groups: Vec<(&OfficeHours, &OfficeHours)> = Vec::new();
    for next in sorted {
        match groups.last_mut() {
            Some((first, last)) if follows(last, next) && same(first, next) => *last = next,
            _ => groups.push((next, next)),
        }
    }
    let words = groups.iter().map(|(first, last)| {
        let days = match first.weekday == last.weekday {
            true => day(first.weekday).to_owned(),
            false => format!("{}-{}", day(first.weekday), day(last.weekday)),
        };
        format!("{days} {}-{}", time(&first.opens), time(&first.closes))
    });
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn follows(last: &OfficeHours, next: &OfficeHours) -> bool {
    last.weekday as u8 + 1 == next.weekday as u8
}

fn same(a: &OfficeHours, b: &OfficeHours) -> bool {
    (&a.opens, &a.closes) == (&b.opens, &b.closes)
}

const fn day(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

fn time(time: &TimeOfDay) -> String {
    let (hour, minute) = time.as_str().split_once(':').unwrap_or((time.as_str(), "00"));
    let hour: u32 = hour.parse().unwrap_or(0);
    let half = if hour < 12 { "AM" } else { "PM" };
    let clock = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    format!("{clock}:{minute} {half}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_with_the_same_hours_stand_together() {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let on = |weekday, opens: &str, closes: &str| OfficeHours {
            weekday,
            opens: opens.parse().expect("a time"),
            closes: closes.parse().expect("a time"),
        };
        let day = |weekday| on(weekday, "09:00", "17:00");
        for (hours, words) in [
            (vec![], None),
            (vec![day(Friday)], Some("Fri 9:00 AM-5:00 PM")),
            (
                vec![day(Wednesday), day(Monday), day(Tuesday), day(Thursday), day(Friday)],
                Some("Mon-Fri 9:00 AM-5:00 PM"),
            ),
            (
                vec![
                    day(Monday),
                    day(Wednesday),
                    on(Saturday, "00:30", "12:00"),
                    on(Sunday, "12:15", "23:59"),
                ],
                Some(
                    "Mon 9:00 AM-5:00 PM, Wed 9:00 AM-5:00 PM, Sat 12:30 AM-12:00 PM, Sun 12:15 PM-11:59 PM",
                ),
            ),
        ] {
            assert_eq!(hours_in_words(&hours).as_deref(), words);
        }
    }
}
