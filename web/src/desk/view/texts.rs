//! The settings of texts while they are being changed, and the geometry of their chart.

use chrono::{Datelike, NaiveDate};
use sealpost_shared::patch::Patch;
use sealpost_shared::text::CountryCode;
use sealpost_shared::texts::{MONTHLY_SEGMENTS_RANGE, PeriodUsage, TextSettings, UpdateTextSettings};

use super::drafts::settle;
use super::practice::Wrong;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextsDraft {
    pub countries: Vec<CountryCode>,
    /// Nobody chose, or somebody goes back to that.
    pub by_default: bool,
    pub limited: bool,
    /// As it is typed.
    pub segments: String,
}

impl TextsDraft {
    pub fn of(saved: &TextSettings) -> Self {
        Self {
            countries: saved.countries.clone(),
            by_default: saved.countries_by_default,
            limited: saved.limit_monthly_segments,
            segments: saved.monthly_segments.to_string(),
        }
    }

    /// In or out; the order stays that of the alphabet.
    pub fn toggle(&mut self, country: &CountryCode) {
        self.by_default = false;
        match self.countries.binary_search(country) {
            Ok(at) => drop(self.countries.remove(at)),
            Err(at) => self.countries.insert(at, country.clone()),
        }
    }

    /// The number that is typed, as people write thousands.
    fn number(&self) -> Option<u32> {
        let digits: String =
            self.segments.chars().filter(|c| !matches!(c, ' ' | ',' | '.' | '\u{a0}')).collect();
        digits.parse().ok().filter(|number| MONTHLY_SEGMENTS_RANGE.contains(number))
    }

    pub fn patch(&self, saved: &TextSettings) -> Result<UpdateTextSettings, Vec<Wrong>> {
        let Some(number) = self.number() else {
            return Err(vec![("/monthly_segments", "texts-limit-wrong")]);
        };
        let countries =
            match (self.by_default, self.countries != saved.countries || saved.countries_by_default) {
                (true, _) if !saved.countries_by_default => Patch::Clear,
                (false, true) => Patch::Set(self.countries.clone()),
                _ => Patch::Absent,
            };
        Ok(UpdateTextSettings {
            countries,
            limit_monthly_segments: (self.limited != saved.limit_monthly_segments).then_some(self.limited),
            monthly_segments: (number != saved.monthly_segments).then_some(number),
        })
    }

    pub fn rebase(&mut self, old: &TextSettings, new: &TextSettings) -> Vec<&'static str> {
        let (old, new) = (Self::of(old), Self::of(new));
        let mut mine = (self.countries.clone(), self.by_default);
        let countries = settle(&mut mine, &(old.countries, old.by_default), &(new.countries, new.by_default));
        (self.countries, self.by_default) = mine;
        let clashes = [
            ("/countries", countries),
            ("/limit_monthly_segments", settle(&mut self.limited, &old.limited, &new.limited)),
            ("/monthly_segments", settle(&mut self.segments, &old.segments, &new.segments)),
        ];
        clashes.into_iter().filter(|(_, clash)| *clash).map(|(pointer, _)| pointer).collect()
    }
}

/// A bar of the chart: texts below, emails on them. All in the chart's own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub width: f64,
    pub texts: f64,
    pub emails: f64,
}

/// The chart's own units.
pub const CHART: (f64, f64) = (640.0, 120.0);

/// A bar for each period, side by side over the whole width; the highest is as high as the chart.
pub fn bars(periods: &[PeriodUsage], slots: usize) -> Vec<Bar> {
    let (width, height) = CHART;
    let most = periods.iter().map(|it| it.texts + it.emails).max().unwrap_or(0).max(1);
    let slot = width / slots.max(1) as f64;
    let high = |number: u64| match number {
        0 => 0.0,
        // One of thousands is still seen.
        number => (number as f64 / most as f64 * height).max(2.0),
    };
    let bar = |(at, it): (usize, &PeriodUsage)| Bar {
        x: at as f64 * slot + slot * 0.15,
        width: slot * 0.7,
        texts: high(it.texts),
        emails: high(it.emails).min(height - high(it.texts)),
    };
    periods.iter().enumerate().map(bar).collect()
}

/// How many periods the chart has room for, and the last of them: of days all of their month.
pub fn whole(periods: &[PeriodUsage]) -> (usize, String) {
    let last = periods.last().map(|it| it.period.clone()).unwrap_or_default();
    let Ok(today) = last.parse::<NaiveDate>() else { return (periods.len(), last) };
    let end = today.iter_days().take_while(|day| day.month() == today.month()).last().unwrap_or(today);
    (end.day() as usize, end.to_string())
}

/// How much of the month's limit is used, in per cent; never more than all of it.
pub fn used(segments: u64, limit: u32) -> u64 {
    (segments * 100 / u64::from(limit.max(1))).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CountryCode {
        text.parse().expect("a country")
    }

    fn saved() -> TextSettings {
        TextSettings {
            countries: vec![code("CA"), code("US")],
            countries_by_default: true,
            limit_monthly_segments: true,
            monthly_segments: 10_000,
            daily_texts_of_contact: 10,
        }
    }

    fn period(texts: u64, emails: u64) -> PeriodUsage {
        PeriodUsage { texts, emails, ..PeriodUsage::default() }
    }

    #[test]
    fn what_differs_is_sent_and_nothing_else() {
        let mut draft = TextsDraft::of(&saved());
        assert_eq!(draft.patch(&saved()), Ok(UpdateTextSettings::default()));
        draft.toggle(&code("MX"));
        draft.segments = "5,000".to_owned();
        let patch = draft.patch(&saved()).expect("a patch");
        assert_eq!(patch.countries, Patch::Set(vec![code("CA"), code("MX"), code("US")]));
        assert_eq!((patch.monthly_segments, patch.limit_monthly_segments), (Some(5_000), None));
        draft.toggle(&code("MX"));
        assert_eq!(draft.countries, [code("CA"), code("US")]);
        // Chosen by hand, the same list stays when the practice moves.
        assert_eq!(draft.patch(&saved()).expect("a patch").countries, Patch::Set(saved().countries));
        let chosen = TextSettings { countries_by_default: false, ..saved() };
        assert_eq!(TextsDraft::of(&saved()).patch(&chosen).expect("a patch").countries, Patch::Clear);
        for wrong in ["", "0", "many", "-5", "10000001"] {
            draft.segments = wrong.to_owned();
            assert_eq!(
                draft.patch(&saved()),
                Err(vec![("/monthly_segments", "texts-limit-wrong")]),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_somebody_else_changed_too_is_a_clash() {
        let mut draft = TextsDraft::of(&saved());
        draft.toggle(&code("MX"));
        let theirs = TextSettings { countries: vec![code("US")], monthly_segments: 7, ..saved() };
        assert_eq!(draft.rebase(&saved(), &theirs), ["/countries"]);
        assert_eq!((draft.countries.len(), &*draft.segments), (3, "7"));
    }

    #[test]
    fn the_highest_bar_fills_the_chart_and_none_is_higher() {
        let drawn = bars(&[period(0, 0), period(30, 10), period(1, 0), period(0, 3_000)], 4);
        assert_eq!((drawn[0].texts, drawn[0].emails), (0.0, 0.0));
        assert_eq!(drawn[2].texts, 2.0);
        assert_eq!(drawn[3].emails, CHART.1);
        assert!(drawn.iter().all(|bar| bar.texts + bar.emails <= CHART.1));
        assert!(drawn.last().is_some_and(|bar| bar.x + bar.width <= CHART.0));
        assert!(bars(&[], 0).is_empty());
    }

    #[test]
    fn days_have_room_for_their_whole_month() {
        let day = |period: &str| PeriodUsage { period: period.to_owned(), ..PeriodUsage::default() };
        assert_eq!(whole(&[day("2028-02-01"), day("2028-02-02")]), (29, "2028-02-29".to_owned()));
        assert_eq!(whole(&[day("2025-12"), day("2026-01")]), (2, "2026-01".to_owned()));
        assert_eq!(whole(&[]), (0, String::new()));
    }

    #[test]
    fn a_share_is_never_more_than_all() {
        assert_eq!((used(0, 10), used(8, 10), used(25, 10), used(5, 0)), (0, 80, 100, 100));
    }
}
