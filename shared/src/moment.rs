//! Reads the times that the server writes (RFC 3339 in UTC). Chrono's own reader knows every spelling there is,
//! and would be a fortieth of the patients' app: their types are read with this one, in the browser alone.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// For `deserialize_with`.
pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = <Cow<'de, str>>::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("not a time"))
}

/// The same for what may be absent; it wants `default` beside it.
pub fn read_some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = <Option<Cow<'de, str>>>::deserialize(deserializer)?;
    text.map(|text| parse(&text).ok_or_else(|| D::Error::custom("not a time"))).transpose()
}

/// `2026-11-23T15:40:00Z`, with or without a fraction.
fn parse(text: &str) -> Option<DateTime<Utc>> {
    let bytes = text.strip_suffix('Z')?.as_bytes();
    let (whole, fraction) = bytes.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.into_iter().any(|(at, mark)| whole[at] != mark) {
        return None;
    }
    let part = |from: usize, to: usize| number(&whole[from..to]);
    let day = NaiveDate::from_ymd_opt(part(0, 4)? as i32, part(5, 7)?, part(8, 10)?)?;
    let nanos = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            number(digits)? * 10_u32.pow(9 - digits.len() as u32)
        }
        _ => return None,
    };
    Some(day.and_hms_nano_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, nanos)?.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn times_of_the_server_are_read_as_chrono_reads_them() {
        for text in [
            "2026-11-23T15:40:00Z",
            "2026-11-23T15:40:07.5Z",
            "2028-02-29T23:59:59.999999999Z",
            "1999-12-31T00:00:00.000001Z",
        ] {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
            assert!(parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "Z",
            "2026-11-23",
            "2026-11-23T15:40:00",
            "2026-11-23T15:40:00+01:00",
            "2026-02-29T15:40:00Z",
            "2026-11-23T25:00:00Z",
            "2026-11-23T15:40:00.Z",
            "2026-11-23T15:40:00.1234567890Z",
            "2026-11-23T15:4é:00Z",
            "+026-11-23T15:40:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
