//! Dates and times as the viewer reads them: their zone, their language, through the browser's `Intl`.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use js_sys::{Date, Function, Intl, Object, Reflect};
use leptos::prelude::{on_cleanup, set_interval_with_handle};
use wasm_bindgen::JsValue;

use crate::text::Language;

/// How much of a moment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `3:40 PM`
    Time,
    /// `Monday, November 23`
    Day,
    /// `Nov 23`
    ShortDay,
    /// `Nov 23, 2026`
    Date,
    /// `Mon`
    Weekday,
    /// `Nov 23, 3:40 PM`
    DayTime,
    /// `November 23, 2026, 3:40 PM`
    Full,
    /// `Nov 2026`
    Month,
}

impl Style {
    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
            Self::Day => &[("weekday", "long"), ("month", "long"), ("day", "numeric")],
            Self::ShortDay => &[("month", "short"), ("day", "numeric")],
            Self::Date => &[("dateStyle", "medium")],
            Self::Weekday => &[("weekday", "short")],
            Self::DayTime => {
                &[("month", "short"), ("day", "numeric"), ("hour", "numeric"), ("minute", "2-digit")]
            }
            Self::Month => &[("month", "short"), ("year", "numeric")],
            Self::Full => &[("dateStyle", "long"), ("timeStyle", "short")],
        }
    }
}

thread_local! {
    /// How far this device's clock is behind the server's, in milliseconds.
    static BEHIND: Cell<i64> = const { Cell::new(0) };
    /// Formatters are slow to make and quick to use.
    static FORMATTERS: RefCell<Vec<(Language, Style, Function)>> = const { RefCell::new(Vec::new()) };
}

/// Now by the server's clock, as far as it is known: sessions end by that one.
pub fn now() -> DateTime<Utc> {
    from_millis(Date::now() + BEHIND.get() as f64)
}

/// Takes an answer's `Date` header. It has no fractions and is late by the trip, so small
/// differences mean nothing.
pub fn learn_server_time(date: &str) {
    let server = Date::parse(date);
    if server.is_finite() {
        let behind = server - Date::now();
        BEHIND.set(if behind.abs() > 5_000.0 { behind as i64 } else { 0 });
    }
}

pub fn show(at: DateTime<Utc>, style: Style, language: Language) -> String {
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    let format = FORMATTERS.with_borrow_mut(|known| {
        if let Some((.., format)) = known.iter().find(|(l, s, _)| (*l, *s) == (language, style)) {
            return format.clone();
        }
        let format = formatter(style, language);
        known.push((language, style, format.clone()));
        format
    });
    // Browsers put a narrow no-break space before AM and PM, which some fonts show as a box.
    format
        .call1(&JsValue::UNDEFINED, &date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
        .replace('\u{202f}', " ")
}

fn formatter(style: Style, language: Language) -> Function {
    let options = Object::new();
    for (name, value) in style.options() {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    let locales = js_sys::Array::of1(&locale(language).into());
    Intl::DateTimeFormat::new(&locales, &options).format()
}

/// The browser's own variety of the language where it has one: British English writes 15:40.
fn locale(language: Language) -> String {
    let spoken = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    if Language::parse(&spoken) == Some(language) { spoken } else { language.code().to_owned() }
}

/// As `<time datetime>` wants it.
pub fn iso(at: DateTime<Utc>) -> String {
    Date::new(&JsValue::from_f64(at.timestamp_millis() as f64)).to_iso_string().into()
}

/// The day in the viewer's zone, counted from 1970: equal numbers are the same day, one more is the next.
pub fn local_day(at: DateTime<Utc>) -> i64 {
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    let offset = TimeDelta::minutes(date.get_timezone_offset() as i64);
    (at - offset).timestamp().div_euclid(86_400)
}

/// When a day of a date field (`2026-11-23`) begins in the viewer's zone, or so many days later; as the API
/// reads times.
pub fn start_of_day(day: &str, days_later: u32) -> Option<String> {
    let date = Date::new(&JsValue::from_str(&format!("{day}T00:00")));
    date.set_date(date.get_date() + days_later);
    date.get_time().is_finite().then(|| date.to_iso_string().into())
}

/// A day (`2026-11-23`) or a month (`2026-11`) of somebody's calendar, whatever the viewer's zone.
pub fn period(name: &str, style: Style, language: Language) -> String {
    let first = if name.len() == 7 { "-01" } else { "" };
    let date = Date::new(&JsValue::from_str(&format!("{name}{first}T00:00")));
    if date.get_time().is_finite() {
        show(from_millis(date.get_time()), style, language)
    } else {
        name.to_owned()
    }
}

/// Runs `act` each second for as long as the calling component is in the page.
pub fn every_second(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    let timer = set_interval_with_handle(act, Duration::from_secs(1));
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

fn from_millis(millis: f64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis as i64).unwrap_or_default()
}
