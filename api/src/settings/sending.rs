//! When an organization's messages go out.

use sea_orm::{ActiveModelTrait, IntoActiveModel};
use sealpost_shared::patch::Patch;
use sealpost_shared::settings::{
    Fallback, REMIND_AFTER_HOURS, REMINDERS_MAX, Reminders, SendingSettings, UNDO_SECONDS_MAX,
    UpdateSendingSettings,
};

use crate::auth::Caller;
use crate::entities::sending_policy;
use crate::journal::Journal;
use crate::problem::{Problem, Result};
use crate::sending::Quiet;
use crate::state::State;

pub async fn get(state: &State, caller: &Caller) -> Result<SendingSettings> {
    let db = state.db.of(caller.organization).read().await?;
    Ok(view(&sending_policy::get(&db, caller.organization).await?))
}

fn view(row: &sending_policy::Model) -> SendingSettings {
    SendingSettings {
        undo_seconds: u32::try_from(row.undo_seconds).unwrap_or_default(),
        quiet_hours: row.quiet_hours(),
        reminders: row.reminders(),
        fallback: row.fallback(),
    }
}

fn check(request: &UpdateSendingSettings) -> Result<()> {
    if request.undo_seconds.is_some_and(|seconds| seconds > UNDO_SECONDS_MAX) {
        let detail = format!("must be at most {UNDO_SECONDS_MAX}");
        return Err(Problem::field("/undo_seconds", "invalid", detail));
    }
    if let Patch::Set(reminders) = &request.reminders {
        check_reminders(reminders)?;
    }
    match &request.quiet_hours {
        Patch::Set(hours) if Quiet::of(hours).is_none() => {
            Err(Problem::field("/quiet_hours/until", "invalid", "must be another time than `from`"))
        }
        _ => Ok(()),
    }
}

fn check_reminders(reminders: &Reminders) -> Result<()> {
    if !REMIND_AFTER_HOURS.contains(&reminders.after_hours) {
        let (least, most) = (REMIND_AFTER_HOURS.start(), REMIND_AFTER_HOURS.end());
        let detail = format!("must be from {least} to {most}");
        return Err(Problem::field("/reminders/after_hours", "invalid", detail));
    }
    if reminders.times > REMINDERS_MAX {
        let detail = format!("must be at most {REMINDERS_MAX}");
        return Err(Problem::field("/reminders/times", "invalid", detail));
    }
    Ok(())
}

/// What waits already keeps the time it was told; what comes due asks again.
pub async fn update(
    state: &State,
    caller: &Caller,
    request: UpdateSendingSettings,
) -> Result<SendingSettings> {
    check(&request)?;
    let organization = caller.organization;
    state
        .db
        .of(organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let now = state.now();
            let before = sending_policy::get_locked(tx, organization, now).await?;
            let mut row = before.clone();
            row.undo_seconds = request.undo_seconds.map_or(row.undo_seconds, i64::from);
            let hours = request.quiet_hours.apply(row.quiet_hours());
            row.quiet_from = hours.as_ref().map(|hours| hours.from.as_str().to_owned());
            row.quiet_until = hours.as_ref().map(|hours| hours.until.as_str().to_owned());
            let reminders = request.reminders.apply(row.reminders());
            row.remind_after_hours = reminders.map(|reminders| i64::from(reminders.after_hours));
            row.remind_times = reminders.map(|reminders| i64::from(reminders.times));
            let Fallback { to_email, to_sms, plain } = request.fallback.unwrap_or_else(|| row.fallback());
            (row.fallback_to_email, row.fallback_to_sms, row.fallback_plain) = (to_email, to_sms, plain);
            if row == before {
                return Ok(view(&row));
            }
            row.updated_at = now;
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(organization, caller.actor, now);
            journal.audit("settings.sending_changed", organization);
            journal.write(tx).await?;
            Ok(view(&row))
        })
        .await
}
