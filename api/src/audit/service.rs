//! The viewer's list, and how the chain stands.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use sealpost_shared::audit::{AuditBroken, AuditEntry, AuditExportQuery, AuditQuery, AuditState};
use sealpost_shared::ids::{ContactId, KeyId, OrganizationId, UserId};
use sealpost_shared::page::Page;
use sealpost_shared::problem::ProblemCode;
use uuid::Uuid;

use super::verify::verify;
use super::view::views;
use crate::auth::{AdminMember, Caller};
use crate::entities::audit_entry::{self, Column};
use crate::journal::Actor;
use crate::page::{Paging, map, numbered};
use crate::problem::{Problem, Result};
use crate::state::State;

pub use super::export::export;

/// How many of the newest entries a look at the state checks; the command checks all.
const CHECKED: i64 = 10_000;

/// Which entries somebody wants.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    actor: Option<Who>,
    action: Option<String>,
    subject: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
enum Who {
    One(&'static str, Uuid),
    Kind(&'static str),
}

impl Who {
    fn parse(text: &str) -> Result<Self> {
        let somebody = [Actor::LinkHolder, Actor::System].into_iter().find(|actor| actor.kind() == text);
        if let Some(somebody) = somebody {
            return Ok(Self::Kind(somebody.kind()));
        }
        let user = text.parse::<UserId>().map(Actor::Staff);
        let key = || text.parse::<KeyId>().map(Actor::ApiKey);
        let contact = || text.parse::<ContactId>().map(Actor::Contact);
        let actor = user.or_else(|_| key()).or_else(|_| contact()).ok();
        let one = actor.and_then(|actor| Some(Self::One(actor.kind(), actor.id()?)));
        one.ok_or_else(|| {
            let detail = "`actor` must be the id of a person, a key or a contact, `system`, or `link_holder`";
            Problem::new(ProblemCode::BadRequest, detail)
        })
    }
}

impl Filter {
    fn of(query: &AuditQuery) -> Result<Self> {
        Ok(Self {
            actor: query.actor.as_deref().map(Who::parse).transpose()?,
            action: query.action.clone(),
            subject: query.subject.clone(),
            from: query.from,
            to: query.to,
        })
    }

    pub(super) fn of_export(query: &AuditExportQuery) -> Result<Self> {
        Ok(Self {
            actor: query.actor.as_deref().map(Who::parse).transpose()?,
            action: query.action.clone(),
            subject: query.subject.clone(),
            from: query.from,
            to: query.to,
        })
    }

    /// Tells one filter's cursors from another's.
    pub(super) fn name(&self, list: &str) -> String {
        format!("{list} {self:?}")
    }

    pub(super) fn select(&self, organization: OrganizationId) -> Select<audit_entry::Entity> {
        let mut select = audit_entry::find_in(organization);
        match self.actor {
            Some(Who::One(kind, id)) => {
                select = select.filter(Column::ActorId.eq(id)).filter(Column::ActorKind.eq(kind));
            }
            Some(Who::Kind(kind)) => select = select.filter(Column::ActorKind.eq(kind)),
            None => {}
        }
        if let Some(action) = &self.action {
            select = select.filter(Column::Action.eq(action.as_str()));
        }
        if let Some(subject) = &self.subject {
            select = select.filter(Column::Subject.eq(subject.as_str()));
        }
        if let Some(from) = self.from {
            select = select.filter(Column::CreatedAt.gte(from));
        }
        if let Some(to) = self.to {
            select = select.filter(Column::CreatedAt.lt(to));
        }
        select
    }
}

/// Newest first. That somebody looked is written down too.
pub async fn list(state: &State, admin: &AdminMember, query: AuditQuery) -> Result<Page<AuditEntry>> {
    let caller = admin.0.caller();
    let filter = Filter::of(&query)?;
    let name = filter.name("audit");
    let paging = Paging::new(state.secrets.ring(), name, query.limit, query.cursor.as_deref())?;
    let select = paging.apply_by_number(filter.select(caller.organization), Column::Sequence);
    let db = state.db.of(caller.organization).read().await?;
    let page = paging.page(select.all(&db).await?, |row| numbered(row.created_at, row.sequence));
    let data = views(&db, caller.organization, &page.data).await?;
    viewed(state, &caller);
    Ok(map(page, data))
}

pub async fn chain_state(state: &State, admin: &AdminMember) -> Result<AuditState> {
    let caller = admin.0.caller();
    let found = verify(&state.db, state.secrets.ring(), caller.organization, Some(CHECKED)).await?;
    viewed(state, &caller);
    let number = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(AuditState {
        length: number(found.length),
        head: found.head,
        verified: found.first_broken.is_none(),
        checked: number(found.checked),
        first_broken: found
            .first_broken
            .map(|broken| AuditBroken { sequence: number(broken.sequence), fault: broken.fault }),
    })
}

fn viewed(state: &State, caller: &Caller) {
    let organization = caller.organization;
    state.reads.note(organization, caller.actor, "audit.viewed", organization, state.now());
}
