//! The steps and where each is.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::contacts::Channel;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::setup::{Setup, SetupState, SetupStep, SetupStepId};
use sealpost_shared::staff::Role;

use super::PLACEHOLDER_NAME;
use crate::auth::StaffMember;
use crate::channels;
use crate::entities::{invitation, message, organization, second_step, setup, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

/// Whether the wizard comes up by itself: setup began with a setup link and is neither finished nor put away.
pub async fn is_due(state: &State, db: &impl ConnectionTrait, user: &user::Model) -> Result<bool> {
    if user.role != Role::Admin {
        return Ok(false);
    }
    match setup::get(db, user.organization_id).await? {
        Some(row) if row.guided && row.dismissed_at.is_none() => {
            Ok(!view(state, db, user, Some(&row)).await?.finished)
        }
        _ => Ok(false),
    }
}

pub async fn get(state: &State, member: &StaffMember) -> Result<Setup> {
    let db = &state.db.of(member.user.organization_id).read().await?;
    let row = setup::get(db, member.user.organization_id).await?;
    view(state, db, &member.user, row.as_ref()).await
}

/// Leaves a step for later, or for never. The admin's own cannot be: without it nobody comes back.
pub async fn skip(state: &State, member: &StaffMember, step: SetupStepId) -> Result<Setup> {
    if step == SetupStepId::Admin {
        let detail = "cannot be skipped: without an email and a password nobody can sign in again";
        return Err(Problem::field("/step", "invalid", detail));
    }
    let (organization, now) = (member.user.organization_id, state.now());
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let mut row = setup::get_locked(tx, organization, now).await?;
            if !is_skipped(Some(&row), step) {
                row.skipped_steps = format!("{} {}", row.skipped_steps, step.as_str()).trim().to_owned();
            }
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(organization, Actor::Staff(member.user.id), now);
            journal.audit("setup.step_skipped", step.as_str());
            journal.write(tx).await?;
            view(state, tx, &member.user, Some(&row)).await
        })
        .await
}

/// Puts the checklist away. Not while nobody could come back.
pub async fn dismiss(state: &State, member: &StaffMember) -> Result<Setup> {
    let (organization, now) = (member.user.organization_id, state.now());
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            if !user::has_admin_with_password(tx, organization).await? {
                let detail = "Set your email and password first: without them nobody can sign in again.";
                return Err(Problem::new(ProblemCode::AdminDue, detail));
            }
            let mut row = setup::get_locked(tx, organization, now).await?;
            row.dismissed_at = row.dismissed_at.or(Some(now));
            let row = row.into_active_model().reset_all().update(tx).await?;
            let mut journal = Journal::new(organization, Actor::Staff(member.user.id), now);
            journal.audit("setup.dismissed", organization);
            journal.write(tx).await?;
            view(state, tx, &member.user, Some(&row)).await
        })
        .await
}

async fn view(
    state: &State,
    db: &impl ConnectionTrait,
    user: &user::Model,
    row: Option<&setup::Model>,
) -> Result<Setup> {
    let mut steps = Vec::with_capacity(SetupStepId::ALL.len());
    for id in SetupStepId::ALL {
        let step = if is_done(state, db, user, row, id).await? {
            SetupState::Done
        } else if is_skipped(row, id) {
            SetupState::Skipped
        } else {
            SetupState::Due
        };
        steps.push(SetupStep { id, state: step });
    }
    Ok(Setup {
        finished: steps.iter().all(|step| step.state != SetupState::Due),
        steps,
        dismissed: row.is_some_and(|row| row.dismissed_at.is_some()),
        leaving_locks_out: !user::has_admin_with_password(db, user.organization_id).await?,
    })
}

fn is_skipped(row: Option<&setup::Model>, step: SetupStepId) -> bool {
    row.is_some_and(|row| row.skipped_steps.split(' ').any(|name| name == step.as_str()))
}

async fn is_done(
    state: &State,
    db: &impl ConnectionTrait,
    user: &user::Model,
    row: Option<&setup::Model>,
    step: SetupStepId,
) -> Result<bool> {
    let organization = user.organization_id;
    Ok(match step {
        SetupStepId::Admin => user.password_hash.is_some() && !user.email.is_empty(),
        SetupStepId::SecondStep => second_step::find_confirmed(db, organization, user.id).await?.is_some(),
        SetupStepId::Practice => {
            organization::get(db, organization).await?.ok_or_else(not_found)?.name != PLACEHOLDER_NAME
        }
        SetupStepId::Address => {
            let checked = row.and_then(|row| row.checked_address.as_deref());
            checked == Some(state.config.origin().as_str())
        }
        SetupStepId::Sms => channels::is_tested(state, db, Channel::Sms).await?,
        SetupStepId::Email => channels::is_tested(state, db, Channel::Email).await?,
        SetupStepId::Invitations => {
            user::list_active_ids(db, organization).await?.len() > 1
                || invitation::has_any(db, organization).await?
        }
        SetupStepId::FirstMessage => message::has_secure(db, organization).await?,
    })
}
