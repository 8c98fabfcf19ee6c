//! The practice's page as it is being changed: what differs, what cannot be saved, and its office hours.

use sealpost_shared::patch::Patch;
use sealpost_shared::settings::{OfficeHours, OrganizationSettings, UpdateOrganizationSettings, Weekday};
use sealpost_shared::text::{Color, Name, TimeOfDay};

use super::drafts::settle;

pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const PHONE_MAX: usize = 40;
const EMERGENCY_MAX: usize = 200;

/// One day; the times stay while it is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayDraft {
    pub open: bool,
    pub opens: String,
    pub closes: String,
}

impl DayDraft {
    /// Open, and until before it begins, or at no time.
    pub fn is_wrong(&self) -> bool {
        self.open && self.times().is_none()
    }

    fn times(&self) -> Option<(TimeOfDay, TimeOfDay)> {
        let (opens, closes): (TimeOfDay, TimeOfDay) = (self.opens.parse().ok()?, self.closes.parse().ok()?);
        (opens < closes).then_some((opens, closes))
    }
}

/// When the practice can be called: said or not, and each day from Monday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoursDraft {
    pub said: bool,
    pub days: Vec<DayDraft>,
}

impl Default for HoursDraft {
    fn default() -> Self {
        Self::of(None)
    }
}

impl HoursDraft {
    /// Where nothing is said yet, Monday to Friday from nine to five are put ready.
    fn of(saved: Option<&[OfficeHours]>) -> Self {
        let day = |weekday: Weekday| {
            let known = saved.and_then(|hours| hours.iter().find(|hours| hours.weekday == weekday));
            let weekend = matches!(weekday, Weekday::Saturday | Weekday::Sunday);
            DayDraft {
                open: if saved.is_some() { known.is_some() } else { !weekend },
                opens: known.map_or("09:00", |hours| hours.opens.as_str()).to_owned(),
                closes: known.map_or("17:00", |hours| hours.closes.as_str()).to_owned(),
            }
        };
        Self { said: saved.is_some(), days: WEEKDAYS.map(day).to_vec() }
    }

    /// Nothing when a day's times are not right.
    fn parse(&self) -> Option<Vec<OfficeHours>> {
        let open = WEEKDAYS.into_iter().zip(&self.days).filter(|(_, day)| day.open);
        open.map(|(weekday, day)| {
            let (opens, closes) = day.times()?;
            Some(OfficeHours { weekday, opens, closes })
        })
        .collect()
    }
}

/// What cannot be saved: the field, and the key of the sentence that says why.
pub type Wrong = (&'static str, &'static str);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PracticeDraft {
    pub name: String,
    pub phone: String,
    pub time_zone: String,
    /// Empty: the house colour.
    pub accent_color: String,
    pub emergency_notice: String,
    pub hours: HoursDraft,
}

impl PracticeDraft {
    pub fn of(saved: &OrganizationSettings) -> Self {
        Self {
            name: saved.name.clone(),
            phone: saved.phone.clone().unwrap_or_default(),
            time_zone: saved.time_zone.clone(),
            accent_color: saved
                .accent_color
                .as_ref()
                .map(|color| color.as_str().to_owned())
                .unwrap_or_default(),
            emergency_notice: saved.emergency_notice.clone().unwrap_or_default(),
            hours: HoursDraft::of(saved.office_hours.as_deref()),
        }
    }

    pub fn differs(&self, saved: &OrganizationSettings) -> bool {
        *self != Self::of(saved)
    }

    /// Only what differs from what is saved, or all that is wrong.
    pub fn patch(&self, saved: &OrganizationSettings) -> Result<UpdateOrganizationSettings, Vec<Wrong>> {
        let before = Self::of(saved);
        let mut wrong = Vec::new();
        let mut patch = UpdateOrganizationSettings::default();
        if self.name != before.name {
            match self.name.parse::<Name>() {
                Ok(name) => patch.name = Some(name),
                Err(_) => wrong.push(("/name", "practice-name-wrong")),
            }
        }
        if self.phone != before.phone {
            match line(&self.phone, PHONE_MAX) {
                Some(phone) => patch.phone = phone,
                None => wrong.push(("/phone", "practice-phone-wrong")),
            }
        }
        if self.time_zone != before.time_zone {
            patch.time_zone = Some(self.time_zone.clone());
        }
        if self.accent_color != before.accent_color {
            match color(&self.accent_color) {
                Some(color) => patch.accent_color = color,
                None => wrong.push(("/accent_color", "color-wrong")),
            }
        }
        if self.emergency_notice != before.emergency_notice {
            match line(&self.emergency_notice, EMERGENCY_MAX) {
                Some(words) => patch.emergency_notice = words,
                None => wrong.push(("/emergency_notice", "practice-emergency-wrong")),
            }
        }
        if self.hours != before.hours {
            match (self.hours.said, self.hours.parse()) {
                (false, _) => patch.office_hours = Patch::Clear,
                (true, Some(hours)) => patch.office_hours = Patch::Set(hours),
                (true, None) => wrong.push(("/office_hours", "hours-wrong")),
            }
        }
        if wrong.is_empty() { Ok(patch) } else { Err(wrong) }
    }

    /// Takes what somebody else saved meanwhile. The pointers of what both changed.
    pub fn rebase(&mut self, old: &OrganizationSettings, new: &OrganizationSettings) -> Vec<&'static str> {
        let (old, new) = (Self::of(old), Self::of(new));
        let clashes = [
            ("/name", settle(&mut self.name, &old.name, &new.name)),
            ("/phone", settle(&mut self.phone, &old.phone, &new.phone)),
            ("/time_zone", settle(&mut self.time_zone, &old.time_zone, &new.time_zone)),
            ("/accent_color", settle(&mut self.accent_color, &old.accent_color, &new.accent_color)),
            (
                "/emergency_notice",
                settle(&mut self.emergency_notice, &old.emergency_notice, &new.emergency_notice),
            ),
            ("/office_hours", settle(&mut self.hours, &old.hours, &new.hours)),
        ];
        clashes.into_iter().filter(|(_, clash)| *clash).map(|(pointer, _)| pointer).collect()
    }
}

/// An emptied field is cleared; nothing when it is too long.
fn line(typed: &str, longest: usize) -> Option<Patch<String>> {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match typed.chars().count() {
        0 => Some(Patch::Clear),
        n if n > longest => None,
        _ => Some(Patch::Set(typed)),
    }
}

fn color(typed: &str) -> Option<Patch<Color>> {
    match typed.trim() {
        "" => Some(Patch::Clear),
        typed => typed.parse().ok().map(Patch::Set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> OrganizationSettings {
        serde_json::from_value(serde_json::json!({
            "id": "org_01h455vb4pex5vsknk084sn02q", "name": "Riverside", "phone": "(555) 010-0100",
            "time_zone": "America/Chicago", "has_logo": false,
            "office_hours": [{ "weekday": "monday", "opens": "08:30", "closes": "12:00" }],
        }))
        .expect("settings")
    }

    #[test]
    fn a_practice_is_changed_where_it_differs() {
        let mut draft = PracticeDraft::of(&saved());
        assert!(!draft.differs(&saved()));
        draft.phone = "  ".to_owned();
        draft.accent_color = "#7A3E9D".to_owned();
        draft.hours.days[1].open = true;
        let patch = serde_json::to_value(draft.patch(&saved()).expect("a patch")).expect("json");
        let hours = serde_json::json!([
            { "weekday": "monday", "opens": "08:30", "closes": "12:00" },
            { "weekday": "tuesday", "opens": "09:00", "closes": "17:00" },
        ]);
        let expected = serde_json::json!({ "phone": null, "accent_color": "#7a3e9d", "office_hours": hours });
        assert_eq!(patch, expected);
    }

    #[test]
    fn what_cannot_be_saved_is_named_before_it_is_sent() {
        let mut draft = PracticeDraft::of(&saved());
        draft.name = " ".to_owned();
        draft.accent_color = "teal".to_owned();
        draft.emergency_notice = "a".repeat(201);
        draft.hours.days[0].closes = "08:00".to_owned();
        let wrong: Vec<_> =
            draft.patch(&saved()).expect_err("wrong").into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(wrong, ["/name", "/accent_color", "/emergency_notice", "/office_hours"]);
    }

    #[test]
    fn hours_that_are_not_said_are_cleared_and_come_ready_for_a_working_week() {
        let mut draft = PracticeDraft::of(&saved());
        draft.hours.said = false;
        let patch = serde_json::to_value(draft.patch(&saved()).expect("a patch")).expect("json");
        assert_eq!(patch, serde_json::json!({ "office_hours": null }));
        let fresh = HoursDraft::default();
        assert!(!fresh.said);
        let open: Vec<bool> = fresh.days.iter().map(|day| day.open).collect();
        assert_eq!(open, [true, true, true, true, true, false, false]);
    }

    #[test]
    fn a_practice_takes_what_somebody_else_saved() {
        let mut draft = PracticeDraft::of(&saved());
        draft.name = "Mine".to_owned();
        let mut theirs = saved();
        theirs.name = "Theirs".to_owned();
        theirs.phone = None;
        assert_eq!(draft.rebase(&saved(), &theirs), ["/name"]);
        assert_eq!((draft.name.as_str(), draft.phone.as_str()), ("Mine", ""));
    }
}
