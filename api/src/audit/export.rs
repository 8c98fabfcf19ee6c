//! The log as a table: written while it is read, so that its length does not matter.

use futures_util::Stream;
use futures_util::stream::unfold;
use sealpost_shared::audit::{AuditEntry, AuditExportQuery};
use sealpost_shared::page::MAX_LIMIT;

use super::csv;
use super::service::Filter;
use super::view::views;
use crate::auth::{AdminMember, Caller};
use crate::entities::audit_entry::Column;
use crate::journal::Journal;
use crate::page::{Paging, numbered};
use crate::problem::Result;
use crate::state::State;

const COLUMNS: [&str; 9] = [
    "sequence",
    "created_at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "subject",
    "subject_name",
    "id",
];

/// Where the table goes on.
enum Next {
    From(Option<String>),
    End,
}

/// Written down before the first line leaves.
pub async fn export(
    state: &State,
    admin: &AdminMember,
    query: &AuditExportQuery,
) -> Result<impl Stream<Item = Result<String>> + use<>> {
    let caller = admin.0.caller();
    let filter = Filter::of_export(query)?;
    state
        .db
        .of(caller.organization)
        .write(async |tx| {
            caller.still_counts(state, tx).await?;
            let mut journal = Journal::new(caller.organization, caller.actor, state.now());
            journal.audit("audit.exported", caller.organization);
            Ok(journal.write(tx).await?)
        })
        .await?;
    let state = state.clone();
    Ok(unfold(Next::From(None), move |next| {
        let (state, caller, filter) = (state.clone(), caller.clone(), filter.clone());
        async move {
            let Next::From(cursor) = next else { return None };
            match part(&state, &caller, &filter, cursor).await {
                Ok((lines, next)) => Some((Ok(lines), next)),
                Err(problem) => Some((Err(problem), Next::End)),
            }
        }
    }))
}

async fn part(
    state: &State,
    caller: &Caller,
    filter: &Filter,
    cursor: Option<String>,
) -> Result<(String, Next)> {
    let name = filter.name("audit export");
    let paging = Paging::new(state.secrets.ring(), name, Some(MAX_LIMIT), cursor.as_deref())?;
    let select = paging.apply_by_number(filter.select(caller.organization), Column::Sequence);
    let db = state.db.of(caller.organization).read().await?;
    caller.still_counts(state, &db).await?;
    let page = paging.page(select.all(&db).await?, |row| numbered(row.created_at, row.sequence));
    let entries = views(&db, caller.organization, &page.data).await?;
    let mut lines = if cursor.is_none() { csv::line(COLUMNS)? } else { String::new() };
    for entry in &entries {
        lines.push_str(&line(entry)?);
    }
    Ok((lines, page.next_cursor.map_or(Next::End, |cursor| Next::From(Some(cursor)))))
}

fn line(entry: &AuditEntry) -> Result<String> {
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        entry.sequence.to_string(),
        entry.created_at.to_rfc3339(),
        entry.actor.kind.clone(),
        or_nothing(&entry.actor.id),
        or_nothing(&entry.actor.name),
        entry.action.clone(),
        entry.subject.clone(),
        or_nothing(&entry.subject_name),
        entry.id.to_string(),
    ];
    csv::line(cells.iter().map(String::as_str))
}
