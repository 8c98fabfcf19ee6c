//! What the organization asks of those who work there. Enforced where sessions are looked at: `auth::find_staff`.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::settings::{STAFF_IDLE_MINUTES, SecuritySettings, UpdateSecuritySettings};

use crate::auth::{StaffMember, has_second_factor};
use crate::entities::{organization, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

pub async fn get(state: &State, member: &StaffMember) -> Result<SecuritySettings> {
    let db = state.db.of(member.user.organization_id).read().await?;
    let row = organization::get(&db, member.user.organization_id).await?.ok_or_else(not_found)?;
    view(&db, &row).await
}

async fn view(db: &impl ConnectionTrait, row: &organization::Model) -> Result<SecuritySettings> {
    let mut without = 0;
    for person in user::list_active(db, row.id).await? {
        without += u32::from(!has_second_factor(db, &person).await?);
    }
    Ok(SecuritySettings {
        require_second_factor: row.require_second_factor,
        staff_idle_minutes: u32::try_from(row.staff_idle_minutes).unwrap_or_default(),
        people_without_second_factor: without,
    })
}

pub async fn update(
    state: &State,
    member: &StaffMember,
    request: UpdateSecuritySettings,
) -> Result<SecuritySettings> {
    if request.staff_idle_minutes.is_some_and(|minutes| !STAFF_IDLE_MINUTES.contains(&minutes)) {
        let detail = format!("must be {} to {}", STAFF_IDLE_MINUTES.start(), STAFF_IDLE_MINUTES.end());
        return Err(Problem::field("/staff_idle_minutes", "invalid", detail));
    }
    let organization = member.user.organization_id;
    state
        .db
        .of(organization)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let mut row = organization::get_locked(tx, organization).await?.ok_or_else(not_found)?;
            let turns_on = request.require_second_factor == Some(true) && !row.require_second_factor;
            // Whoever demands it would end their own session with it.
            if turns_on && !has_second_factor(tx, &member.user).await? {
                let detail = "Turn on your own second step first, in your account.";
                return Err(Problem::new(ProblemCode::SecondStepState, detail));
            }
            let mut journal = Journal::new(organization, Actor::Staff(member.user.id), state.now());
            if let Some(required) =
                request.require_second_factor.filter(|it| *it != row.require_second_factor)
            {
                row.require_second_factor = required;
                let action = if required {
                    "settings.second_factor_required"
                } else {
                    "settings.second_factor_optional"
                };
                journal.audit(action, organization);
            }
            let minutes = request.staff_idle_minutes.map(i64::from);
            if let Some(minutes) = minutes.filter(|it| *it != row.staff_idle_minutes) {
                row.staff_idle_minutes = minutes;
                journal.audit("settings.staff_idle_changed", organization);
            }
            let row = row.into_active_model().reset_all().update(tx).await?;
            journal.write(tx).await?;
            view(tx, &row).await
        })
        .await
}
