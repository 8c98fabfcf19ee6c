//! Where texts may go and how many a month may hold; how many there were. Enforced in `delivery::enqueue`.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::patch::Patch;
use sealpost_shared::text::CountryCode;
use sealpost_shared::texts::{
    DismissTextNotice, MONTHLY_SEGMENTS_RANGE, NOTICE_NEAR, NOTICE_USED_UP, PeriodUsage, TEXTS_OF_CONTACT,
    TextSettings, TextUsage, UpdateTextSettings,
};

use crate::auth::{Caller, StaffMember};
use crate::delivery::notice_due;
use crate::entities::{organization, sending_total, text_notice_seen};
use crate::journal::Journal;
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

/// The months that are shown before this one.
const MONTHS_BEFORE: u32 = 12;

pub async fn get(state: &State, caller: &Caller) -> Result<TextSettings> {
    let db = state.db.of(caller.organization).read().await?;
    Ok(view(&organization::get(&db, caller.organization).await?.ok_or_else(not_found)?))
}

fn view(row: &organization::Model) -> TextSettings {
    TextSettings {
        countries: row.countries(),
        countries_by_default: row.text_countries.is_none(),
        limit_monthly_segments: row.limit_monthly_segments,
        monthly_segments: u32::try_from(row.monthly_segments).unwrap_or(u32::MAX),
        daily_texts_of_contact: TEXTS_OF_CONTACT,
    }
}

pub async fn update(state: &State, caller: &Caller, request: UpdateTextSettings) -> Result<TextSettings> {
    if request.monthly_segments.is_some_and(|number| !MONTHLY_SEGMENTS_RANGE.contains(&number)) {
        let detail =
            format!("must be {} to {}", MONTHLY_SEGMENTS_RANGE.start(), MONTHLY_SEGMENTS_RANGE.end());
        return Err(Problem::field("/monthly_segments", "invalid", detail));
    }
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut row = organization::get_locked(tx, caller.organization).await?.ok_or_else(not_found)?;
            apply(&mut row, request);
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.audit("settings.texts_changed", caller.organization);
            journal.write(tx).await?;
            Ok(view(&row))
        })
        .await
}

fn apply(row: &mut organization::Model, request: UpdateTextSettings) {
    match request.countries {
        Patch::Absent => {}
        Patch::Clear => row.text_countries = None,
        Patch::Set(countries) => row.text_countries = Some(stored(countries)),
    }
    row.limit_monthly_segments = request.limit_monthly_segments.unwrap_or(row.limit_monthly_segments);
    row.monthly_segments = request.monthly_segments.map_or(row.monthly_segments, i64::from);
}

fn stored(mut countries: Vec<CountryCode>) -> String {
    countries.sort();
    countries.dedup();
    countries.iter().map(CountryCode::as_str).collect::<Vec<_>>().join(" ")
}

pub async fn usage(state: &State, caller: &Caller) -> Result<TextUsage> {
    let db = &state.db.of(caller.organization).read().await?;
    let row = organization::get(db, caller.organization).await?.ok_or_else(not_found)?;
    let [month, day] = row.periods(state.now());
    let today: NaiveDate = day.parse().map_err(Problem::internal)?;
    let (months, days) = (months_until(today), days_until(today));
    let totals = sending_total::list(db, row.id, months.iter().chain(&days).cloned()).await?;
    let used = |periods: Vec<String>| periods.into_iter().map(|period| usage_of(&totals, period)).collect();
    Ok(TextUsage {
        notice: notice_for(db, caller, &row, &totals, &month).await?,
        months: used(months),
        days: used(days),
        monthly_segments: row.segments_limit().and_then(|limit| u32::try_from(limit).ok()),
    })
}

fn usage_of(totals: &[sending_total::Model], period: String) -> PeriodUsage {
    let Some(total) = totals.iter().find(|total| total.period == period) else {
        return PeriodUsage { period, ..PeriodUsage::default() };
    };
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    PeriodUsage {
        period,
        texts: number(total.texts),
        segments: number(total.segments),
        emails: number(total.emails),
        held_back: number(total.held_back),
    }
}

fn months_until(today: NaiveDate) -> Vec<String> {
    let before = |months| today.checked_sub_months(chrono::Months::new(months)).unwrap_or(today);
    (0..=MONTHS_BEFORE).rev().map(|months| before(months).format("%Y-%m").to_string()).collect()
}

fn days_until(today: NaiveDate) -> Vec<String> {
    let days = today
        .iter_days()
        .rev()
        .take_while(|day| day.format("%m").to_string() == today.format("%m").to_string());
    let mut days: Vec<_> = days.map(|day| day.to_string()).collect();
    days.reverse();
    days
}

/// For admins in person, until they put it away: each once a month.
async fn notice_for(
    db: &impl ConnectionTrait,
    caller: &Caller,
    row: &organization::Model,
    totals: &[sending_total::Model],
    month: &str,
) -> Result<Option<u32>> {
    let (Some(user), Ok(()), Some(limit)) =
        (caller.actor.user(), caller.may_administer(), row.segments_limit())
    else {
        return Ok(None);
    };
    let used = totals.iter().find(|total| total.period == month).map_or(0, |total| total.segments);
    let seen = text_notice_seen::find(db, row.id, user).await?;
    let seen = seen.filter(|seen| seen.period == month).map_or(0, |seen| seen.notice);
    Ok(notice_due(used, limit).filter(|notice| i64::from(*notice) > seen))
}

/// Whoever has seen that it is used up need not hear that it is nearly so, should the limit be raised.
pub async fn dismiss(state: &State, member: &StaffMember, request: DismissTextNotice) -> Result<()> {
    if ![NOTICE_NEAR, NOTICE_USED_UP].contains(&request.notice) {
        let detail = format!("must be {NOTICE_NEAR} or {NOTICE_USED_UP}");
        return Err(Problem::field("/notice", "invalid", detail));
    }
    let organization = member.user.organization_id;
    state
        .db
        .of(organization)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let row = organization::get(tx, organization).await?.ok_or_else(not_found)?;
            let [period, _] = row.periods(state.now());
            let before = text_notice_seen::find(tx, organization, member.user.id).await?;
            let before = before.filter(|seen| seen.period == period).map_or(0, |seen| seen.notice);
            let notice = before.max(i64::from(request.notice));
            let seen = text_notice_seen::Model {
                organization_id: organization,
                user_id: member.user.id,
                period,
                notice,
            };
            Ok(text_notice_seen::put(tx, seen).await?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_days_until_today_and_a_year_its_months() {
        let today: NaiveDate = "2026-03-31".parse().expect("a day");
        let months = months_until(today);
        assert_eq!(
            (months.len(), &*months[0], &*months[11], &*months[12]),
            (13, "2025-03", "2026-02", "2026-03")
        );
        let days = days_until(today);
        assert_eq!((days.len(), &*days[0], &*days[30]), (31, "2026-03-01", "2026-03-31"));
        assert_eq!(days_until("2026-03-01".parse().expect("a day")), ["2026-03-01"]);
    }

    #[test]
    fn countries_are_kept_once_and_in_order() {
        let codes = ["US", "MX", "CA", "US"].map(|code| code.parse().expect("a country"));
        assert_eq!(stored(codes.to_vec()), "CA MX US");
        assert_eq!(stored(Vec::new()), "");
    }
}
