//! Following the log: woken by commits of this process, else looking once a second, which also sees what
//! other processes wrote and whether the session still counts.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use sealpost_shared::events::{ChatEvent, ChatEventType, Event, EventType, SESSION_ENDED};
use sealpost_shared::ids::{ConversationId, OrganizationId, SessionId, UserId};

use crate::auth::{Caller, find_patient, find_staff};
use crate::conversations::is_visible;
use crate::entities::event;
use crate::problem::Result;
use crate::state::State;

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A comment now and then keeps proxies from closing a quiet stream.
const BEATS: u32 = 15;
const BATCH: u64 = 100;

/// Whose stream it is: decides what is told.
#[derive(Clone, Copy)]
pub enum Listener {
    Staff {
        organization: OrganizationId,
        user: UserId,
        session: SessionId,
    },
    /// A key has no session to end.
    Key {
        organization: OrganizationId,
    },
    Patient {
        organization: OrganizationId,
        conversation: ConversationId,
        session: SessionId,
    },
}

impl Listener {
    pub fn of(caller: &Caller) -> Self {
        let organization = caller.organization;
        match (caller.actor.user(), caller.session) {
            (Some(user), Some(session)) => Self::Staff { organization, user, session },
            _ => Self::Key { organization },
        }
    }

    pub const fn organization(self) -> OrganizationId {
        match self {
            Self::Staff { organization, .. }
            | Self::Key { organization }
            | Self::Patient { organization, .. } => organization,
        }
    }
}

/// Where the log ends now.
pub async fn last_sequence(state: &State, listener: Listener) -> Result<i64> {
    Ok(event::last_sequence(state.db.read(), listener.organization()).await?)
}

struct Following {
    state: State,
    listener: Listener,
    commits: tokio::sync::watch::Receiver<u64>,
    after: i64,
    ready: VecDeque<Bytes>,
    quiet: u32,
    ended: bool,
}

/// The stream's body, starting after event number `after`.
pub fn follow(state: State, listener: Listener, after: i64) -> impl Stream<Item = Result<Bytes>> {
    let commits = state.db.commits();
    // Said at once, so that the page knows the stream is open.
    let ready = VecDeque::from([Bytes::from_static(b"retry: 2000\n: open\n\n")]);
    let following = Following { state, listener, commits, after, ready, quiet: 0, ended: false };
    futures_util::stream::unfold(following, |mut following| async move {
        loop {
            if let Some(bytes) = following.ready.pop_front() {
                return Some((Ok(bytes), following));
            }
            if following.ended || *following.state.closing.borrow() {
                return None;
            }
            following.wait().await;
        }
    })
}

impl Following {
    async fn wait(&mut self) {
        self.commits.mark_unchanged();
        if let Err(problem) = self.look().await {
            tracing::debug!(problem.code = problem.code.as_str(), "an event stream could not look");
        }
        if !self.ready.is_empty() || self.ended {
            self.quiet = 0;
            return;
        }
        self.quiet += 1;
        if self.quiet.is_multiple_of(BEATS) {
            self.ready.push_back(Bytes::from_static(b": beat\n\n"));
        }
        let mut closing = self.state.closing.subscribe();
        tokio::select! {
            _ = self.commits.changed() => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }

    async fn look(&mut self) -> Result<()> {
        if !self.is_live().await? {
            self.ready.push_back(Bytes::from(format!(
                "event: {SESSION_ENDED}\ndata: {{\"type\":\"{SESSION_ENDED}\"}}\n\n"
            )));
            self.ended = true;
            return Ok(());
        }
        let db = self.state.db.read();
        let mut select = event::find_after(self.listener.organization(), self.after).limit(BATCH);
        select = match self.listener {
            Listener::Staff { user, .. } => select.filter(
                Condition::any().add(event::Column::UserId.is_null()).add(event::Column::UserId.eq(user)),
            ),
            Listener::Key { .. } => select.filter(event::Column::UserId.is_null()),
            Listener::Patient { conversation, .. } => select
                .filter(event::Column::ConversationId.eq(conversation))
                .filter(event::Column::UserId.is_null()),
        };
        for row in select.all(db).await? {
            self.after = row.sequence;
            if let Some(told) = self.tell(&row).await? {
                self.ready.push_back(told);
            }
        }
        Ok(())
    }

    async fn is_live(&self) -> Result<bool> {
        let db = self.state.db.read();
        match self.listener {
            Listener::Staff { session, .. } => Ok(find_staff(&self.state, db, session).await?.is_some()),
            Listener::Key { .. } => Ok(true),
            Listener::Patient { session, .. } => match find_patient(&self.state, db, session).await {
                Ok(_) => Ok(true),
                Err(problem) if problem.code.status() < 500 => Ok(false),
                Err(problem) => Err(problem),
            },
        }
    }

    async fn tell(&self, row: &event::Model) -> Result<Option<Bytes>> {
        let (name, data) = match self.listener {
            Listener::Patient { session, .. } => {
                let Some(event) = self.for_patient(row, session).await? else { return Ok(None) };
                (event.kind.as_str(), serde_json::to_string(&event))
            }
            Listener::Staff { .. } | Listener::Key { .. } => {
                (row.kind.as_str(), serde_json::to_string(&for_staff(row)))
            }
        };
        let data = data.map_err(crate::problem::Problem::internal)?;
        Ok(Some(Bytes::from(format!("id: {}\nevent: {name}\ndata: {data}\n\n", row.sequence))))
    }

    /// A message that this session may not see is not told either.
    async fn for_patient(&self, row: &event::Model, session: SessionId) -> Result<Option<ChatEvent>> {
        let kind = match (row.kind, row.message_id) {
            (EventType::MessageCreated | EventType::MessageReceived, Some(_)) => {
                ChatEventType::MessageCreated
            }
            (EventType::MessageRead, None) => ChatEventType::MessageRead,
            _ => return Ok(None),
        };
        if let Some(message) = row.message_id {
            let patient = find_patient(&self.state, self.state.db.read(), session).await?;
            if !is_visible(self.state.db.read(), &patient.session, message).await? {
                return Ok(None);
            }
        }
        Ok(Some(ChatEvent { kind, message_id: row.message_id }))
    }
}

fn for_staff(row: &event::Model) -> Event {
    Event {
        id: row.id,
        kind: row.kind,
        created_at: row.created_at,
        conversation_id: row.conversation_id,
        contact_id: row.contact_id,
        message_id: row.message_id,
        link_id: row.link_id,
    }
}
