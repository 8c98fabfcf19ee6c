//! Following the log: woken by commits of this process, else looking by itself, which also sees what other
//! processes wrote and whether the session still counts. What ends a session ends its streams within a second.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::Bytes;
use futures_util::Stream;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use sealpost_shared::events::{ChatEvent, ChatEventType, Event, EventType, SESSION_ENDED};
use tokio::time::Instant;

use super::cursor;
use super::listener::Listener;
use crate::conversations::is_visible;
use crate::entities::event;
use crate::problem::Result;
use crate::state::State;
use crate::streams::Place;

/// Below a second: what is asked then takes its own time (security.md, issue 4: "within a second").
const LOOK_EVERY: Duration = Duration::from_millis(800);
/// A comment now and then keeps proxies from closing a quiet stream.
const BEAT_EVERY: Duration = Duration::from_secs(4);
const BATCH: u64 = 100;

/// Where a stream starts: after what the page has seen (`Last-Event-ID`), else from now.
pub async fn start(state: &State, request: &HttpRequest, listener: Listener) -> Result<i64> {
    let seen = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    if let Some(seen) = seen
        && let Some(sequence) = cursor::read(state, listener.organization, seen).await?
    {
        return Ok(sequence);
    }
    Ok(event::last_sequence(&state.db.of(listener.organization).read().await?, listener.organization).await?)
}

struct Following {
    state: State,
    listener: Listener,
    commits: tokio::sync::watch::Receiver<u64>,
    after: i64,
    ready: VecDeque<Bytes>,
    /// When the session was last found to count, and when something was last said.
    found_live: Option<Instant>,
    said: Instant,
    ended: bool,
    _place: Place,
}

/// The stream's body, starting after event number `after`.
pub fn follow(
    state: State,
    listener: Listener,
    after: i64,
    place: Place,
) -> impl Stream<Item = Result<Bytes>> {
    let following = Following {
        commits: state.db.commits(),
        state,
        listener,
        after,
        // Said at once, so that the page knows the stream is open.
        ready: VecDeque::from([Bytes::from_static(b"retry: 2000\n: open\n\n")]),
        found_live: None,
        said: Instant::now(),
        ended: false,
        _place: place,
    };
    futures_util::stream::unfold(following, |mut following| async move {
        loop {
            if let Some(bytes) = following.ready.pop_front() {
                following.said = Instant::now();
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
            return;
        }
        if self.said.elapsed() >= BEAT_EVERY {
            self.ready.push_back(Bytes::from_static(b": beat\n\n"));
            return;
        }
        let next_look = self.until_next_look();
        let mut closing = self.state.closing.subscribe();
        tokio::select! {
            _ = self.commits.changed() => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = tokio::time::sleep(next_look) => {}
        }
    }

    fn end(&mut self) {
        let said = format!("event: {SESSION_ENDED}\ndata: {{\"type\":\"{SESSION_ENDED}\"}}\n\n");
        self.ready.push_back(Bytes::from(said));
        self.ended = true;
    }

    async fn look(&mut self) -> Result<()> {
        if !self.is_live().await? {
            self.end();
            return Ok(());
        }
        let news = event::find_after(self.listener.organization, self.after).limit(BATCH);
        let own = Condition::any().add(event::Column::UserId.is_null());
        let news = match self.listener.user() {
            Some(user) => news.filter(own.add(event::Column::UserId.eq(user))),
            None => news.filter(own),
        };
        let news = match self.listener.conversation() {
            Some(conversation) => news.filter(event::Column::ConversationId.eq(conversation)),
            None => news,
        };
        let news = news.all(&self.state.db.of(self.listener.organization).read().await?).await?;
        // Nothing is told to a session that ended since the last look.
        if !news.is_empty() && !self.listener.is_live(&self.state).await? {
            self.end();
            return Ok(());
        }
        for row in news {
            self.after = row.sequence;
            if let Some(told) = self.tell(&row).await? {
                self.ready.push_back(told);
            }
        }
        Ok(())
    }

    /// A commit that comes between two looks does not put the next one off.
    fn until_next_look(&self) -> Duration {
        self.found_live.map_or(LOOK_EVERY, |then| LOOK_EVERY.saturating_sub(then.elapsed()))
    }

    /// Asked once a look's time, and again before anything is told.
    async fn is_live(&mut self) -> Result<bool> {
        if self.found_live.is_some_and(|then| then.elapsed() < LOOK_EVERY) {
            return Ok(true);
        }
        self.found_live = None;
        let live = self.listener.is_live(&self.state).await?;
        self.found_live = live.then(Instant::now);
        Ok(live)
    }

    async fn tell(&self, row: &event::Model) -> Result<Option<Bytes>> {
        let (name, data) = if self.listener.conversation().is_some() {
            let Some(event) = self.for_patient(row).await? else { return Ok(None) };
            (event.kind.as_str(), serde_json::to_string(&event))
        } else {
            (row.kind.as_str(), serde_json::to_string(&for_staff(row)))
        };
        let data = data.map_err(crate::problem::Problem::internal)?;
        let id = cursor::write(&self.state, self.listener.organization, row.sequence).await?;
        Ok(Some(Bytes::from(format!("id: {id}\nevent: {name}\ndata: {data}\n\n"))))
    }

    /// A message that this session may not see is not told either.
    async fn for_patient(&self, row: &event::Model) -> Result<Option<ChatEvent>> {
        let kind = match (row.kind, row.message_id) {
            (EventType::MessageCreated | EventType::MessageReceived, Some(_)) => {
                ChatEventType::MessageCreated
            }
            (EventType::MessageRead, None) => ChatEventType::MessageRead,
            _ => return Ok(None),
        };
        if let (Some(message), Some((conversation, opened))) = (row.message_id, self.listener.opened()) {
            let organization = self.listener.organization;
            let db = self.state.db.of(organization).read().await?;
            if !is_visible(&db, organization, conversation, opened, message).await? {
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
