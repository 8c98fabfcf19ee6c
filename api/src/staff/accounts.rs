//! The people of an organization, as its admins see them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};
use sealpost_shared::ids::{OrganizationId, UserId};
use sealpost_shared::page::{Page, PageQuery};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{Account, Role, UpdateAccount};

use super::own_mails::{self, Change};
use super::sign_in::user_view;
use super::tries;
use crate::auth::StaffMember;
use crate::entities::{invitation, passkey, recovery_code, second_step, staff_session, user};
use crate::journal::{Actor, Journal};
use crate::page::{Paging, map};
use crate::problem::{Problem, Result, not_found};
use crate::state::State;

pub async fn list(state: &State, member: &StaffMember, query: PageQuery) -> Result<Page<Account>> {
    let organization = member.user.organization_id;
    let list = format!("users {organization}");
    let paging = Paging::new(state.secrets.ring(), list, query.limit, query.cursor.as_deref())?;
    let select = user::of_organization(organization);
    let select = paging.apply(select, user::Column::CreatedAt, user::Column::Id);
    let db = &state.db.of(member.user.organization_id).read().await?;
    let page = paging.page(select.all(db).await?, |row| (row.created_at, row.id.uuid()));
    let accounts = views(state, db, member, &page.data).await?;
    Ok(map(page, accounts))
}

async fn views(
    state: &State,
    db: &impl ConnectionTrait,
    member: &StaffMember,
    rows: &[user::Model],
) -> Result<Vec<Account>> {
    let organization = member.user.organization_id;
    let ids = || rows.iter().map(|row| row.id);
    let active: HashMap<_, _> =
        staff_session::last_active(db, organization, ids()).await?.into_iter().collect();
    let steps = second_step::list_confirmed(db, organization, ids()).await?;
    let owners = passkey::list_owners(db, organization, ids()).await?;
    let steps: HashSet<UserId> = steps.into_iter().map(|row| row.user_id).chain(owners).collect();
    let locked = tries::locked(state, db, rows).await?;
    let view = |row: &user::Model| Account {
        user: user_view(row),
        has_second_step: steps.contains(&row.id),
        created_at: row.created_at,
        active_at: active.get(&row.id).copied(),
        disabled_at: row.disabled_at,
        sign_in_locked: locked.contains(&row.id),
    };
    Ok(rows.iter().map(view).collect())
}

/// Role, whether they may sign in, and the way back for who lost the phone. Ends their sessions.
pub async fn update(
    state: &State,
    member: &StaffMember,
    id: UserId,
    request: UpdateAccount,
) -> Result<Account> {
    let organization = member.user.organization_id;
    if request.has_second_step == Some(true) {
        let detail = "can only be turned off for somebody else; they turn it on themselves";
        return Err(Problem::field("/has_second_step", "invalid", detail));
    }
    if request.has_second_step.is_some() && id == member.user.id {
        // Taking one's own away asks for the password: `POST /session/totp/remove`.
        let detail = "can only be turned off for somebody else; yours is turned off in your own account";
        return Err(Problem::field("/has_second_step", "invalid", detail));
    }
    let row = state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let everybody = user::list_locked(tx, organization).await?;
            let mut row = everybody.iter().find(|row| row.id == id).cloned().ok_or_else(not_found)?;
            let mut journal = Journal::new(organization, Actor::Staff(member.user.id), state.now());
            change(&mut row, &request, &mut journal, state.now());
            if request.has_second_step == Some(false) && remove_all(tx, organization, id).await? {
                recovery_code::remove_all(tx, organization, id).await?;
                tries::clear_codes(tx, id).await?;
                journal.audit("user.second_step_reset", id);
                own_mails::tell(state, tx, &row, Change::SecondStepTakenAway).await?;
            }
            let others = everybody.iter().filter(|other| other.id != id).any(can_administer);
            if !others && !can_administer(&row) {
                let detail = "This is the last admin who can sign in. Make somebody else an admin first.";
                return Err(Problem::new(ProblemCode::LastAdmin, detail));
            }
            if !can_administer(&row) {
                // Who may not invite any more has not invited anybody: no way back in by a link kept aside.
                invitation::withdraw_of_inviter(tx, organization, id, state.now()).await?;
            }
            row.session_version += 1;
            let row = row.into_active_model().reset_all().update(tx).await?;
            journal.write(tx).await?;
            Ok(row)
        })
        .await?;
    let account = views(state, &state.db.of(organization).read().await?, member, &[row]).await?;
    account.into_iter().next().ok_or_else(not_found)
}

/// Every kind of second step; false when there was none.
async fn remove_all(tx: &impl ConnectionTrait, organization: OrganizationId, user: UserId) -> Result<bool> {
    let app = second_step::remove(tx, organization, user).await?;
    Ok(passkey::remove_all(tx, organization, user).await? > 0 || app)
}

fn change(
    row: &mut user::Model,
    request: &UpdateAccount,
    journal: &mut Journal,
    now: chrono::DateTime<chrono::Utc>,
) {
    if let Some(role) = request.role.filter(|role| *role != row.role) {
        row.role = role;
        journal.audit("user.role_changed", row.id);
    }
    match request.disabled {
        Some(true) if row.disabled_at.is_none() => {
            row.disabled_at = Some(now);
            journal.audit("user.disabled", row.id);
        }
        Some(false) if row.disabled_at.is_some() => {
            row.disabled_at = None;
            journal.audit("user.enabled", row.id);
        }
        _ => {}
    }
}

fn can_administer(row: &user::Model) -> bool {
    row.role == Role::Admin && row.disabled_at.is_none() && row.password_hash.is_some()
}
