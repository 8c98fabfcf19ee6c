//! The browsers in which a person is signed in, and signing out of them from afar.

use chrono::{DateTime, Utc};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait};
use sealpost_shared::ids::SessionId;
use sealpost_shared::page::Page;
use sealpost_shared::sessions::{EndedSessions, OwnSession};

use crate::auth::StaffMember;
use crate::entities::{organization, staff_session};
use crate::journal::{Actor, Journal};
use crate::problem::{Result, not_found};
use crate::state::State;

pub async fn list(state: &State, member: &StaffMember) -> Result<Page<OwnSession>> {
    let now = state.now();
    let db = state.db.of(member.user.organization_id).read().await?;
    let idle_since = idle_since(state, &db, member).await?;
    let rows = staff_session::list_live_of(&db, &member.user, now, idle_since).await?;
    let data = rows.into_iter().map(|row| view(row, member.session.id)).collect();
    Ok(Page { data, has_more: false, next_cursor: None })
}

/// Sessions in which nobody has done anything since then have ended.
async fn idle_since(state: &State, db: &impl ConnectionTrait, member: &StaffMember) -> Result<DateTime<Utc>> {
    let organization = organization::get(db, member.user.organization_id).await?.ok_or_else(not_found)?;
    Ok(state.now() - organization.staff_idle())
}

fn view(row: staff_session::Model, current: SessionId) -> OwnSession {
    OwnSession {
        id: row.id,
        created_at: row.created_at,
        active_at: row.active_at,
        current: row.id == current,
        browser: row.browser,
        system: row.system,
    }
}

/// Ends one of one's own; somebody else's is not found.
pub async fn end(state: &State, member: &StaffMember, session: SessionId) -> Result<()> {
    let ended = revoke(state, member, staff_session::Column::Id.eq(session)).await?;
    if ended == 0 { Err(not_found()) } else { Ok(()) }
}

/// Ends all but the one that asks.
pub async fn end_others(state: &State, member: &StaffMember) -> Result<EndedSessions> {
    let ended = revoke(state, member, staff_session::Column::Id.ne(member.session.id)).await?;
    Ok(EndedSessions { ended })
}

async fn revoke(state: &State, member: &StaffMember, which: Expr) -> Result<u64> {
    let (own, now) = (&member.user, state.now());
    state
        .db
        .of(member.user.organization_id)
        .write(async |tx| {
            member.caller().still_counts(state, tx).await?;
            let idle_since = idle_since(state, tx, member).await?;
            let ended = staff_session::revoke_of(tx, own, which, now, idle_since).await?;
            let mut journal = Journal::new(own.organization_id, Actor::Staff(own.id), now);
            for session in &ended {
                journal.audit("session.ended_remotely", session);
            }
            journal.write(tx).await?;
            Ok(ended.len() as u64)
        })
        .await
}
