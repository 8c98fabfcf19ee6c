//! Time zones, as the browser knows them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::text::Language;

/// The zone of this computer, such as `America/Chicago`; nothing when the browser does not say.
pub fn own() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Every zone, in the order of the alphabet; with `also` among them, which an older browser may not know.
pub fn all(also: &str) -> Vec<String> {
    let mut zones: Vec<String> = known().iter().filter_map(|zone| zone.as_string()).collect();
    for zone in [also, "UTC"] {
        if !zone.is_empty() && !zones.iter().any(|known| known == zone) {
            zones.push(zone.to_owned());
        }
    }
    zones.sort();
    zones
}

/// `Intl.supportedValuesOf` is newer than some browsers: it is asked for, not linked.
fn known() -> Array {
    let ask = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let values: Function = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into().ok()?;
        values.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok()?.dyn_into().ok()
    };
    ask().unwrap_or_default()
}

/// As a person reads it: `America/New York`.
pub fn words(zone: &str) -> String {
    zone.replace('_', " ")
}

/// How a moment in a zone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// `8:00 AM`
    Time,
    /// `Tue, Mar 3, 8:00 AM`
    DayTime,
}

/// A moment as people there read it; nothing for a zone that the browser does not know.
pub fn show(at: DateTime<Utc>, zone: &str, shown: Shown, language: Language) -> Option<String> {
    let day = [("weekday", "short"), ("month", "short"), ("day", "numeric")];
    let time = [("timeZone", zone), ("hour", "numeric"), ("minute", "2-digit")];
    let with_day = if shown == Shown::DayTime { &day[..] } else { &[] };
    let words = format(at, language.code(), with_day.iter().chain(&time))?;
    // Browsers put a narrow no-break space before AM and PM, which some fonts show as a box.
    Some(words.replace('\u{202f}', " "))
}

/// What a clock on a wall there shows.
pub fn wall(at: DateTime<Utc>, zone: &str) -> Option<NaiveDateTime> {
    let options = [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
    ];
    // Swedes write the year first, as computers do.
    let words = format(at, "sv-SE", options.iter())?;
    let mut numbers = words.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
    let mut next = || numbers.next();
    let day = NaiveDate::from_ymd_opt(i32::try_from(next()?).ok()?, next()?, next()?)?;
    day.and_hms_opt(next()?, next()?, next()?)
}

/// When a clock on a wall there shows this. A time that is left out when clocks go forward is taken as the
/// one an hour later.
pub fn instant(local: NaiveDateTime, zone: &str) -> Option<DateTime<Utc>> {
    let mut at = local.and_utc();
    for _ in 0..2 {
        at += local - wall(at, zone)?;
    }
    Some(at)
}

/// What `<input type="datetime-local">` reads and writes.
const FIELD: &str = "%Y-%m-%dT%H:%M";

pub fn to_field(local: NaiveDateTime) -> String {
    local.format(FIELD).to_string()
}

pub fn from_field(value: &str) -> Option<NaiveDateTime> {
    // Some browsers add seconds.
    NaiveDateTime::parse_from_str(value.get(..16)?, FIELD).ok()
}

/// `new Intl.DateTimeFormat` throws for what it does not know: it is asked in a way that can be refused.
fn format<'a>(
    at: DateTime<Utc>,
    locale: &str,
    options: impl Iterator<Item = &'a (&'a str, &'a str)>,
) -> Option<String> {
    let wanted = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&wanted, &(*name).into(), &(*value).into());
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let kind: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let made = Reflect::construct(&kind, &Array::of2(&locale.into(), &wanted)).ok()?;
    let format: Function = Reflect::get(&made, &"format".into()).ok()?.dyn_into().ok()?;
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    format.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()
}
