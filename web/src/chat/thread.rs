//! The messages on screen, and those on their way. Pure: what happens to it comes in as values.
//!
//! An entry keeps its place from the moment it is shown: a reply that is being sent stays where it was
//! written, whatever arrives meanwhile and whatever time the server gives it.

use chrono::{DateTime, Utc};
use sealpost_shared::chat::ChatMessage;
use sealpost_shared::conversations::AuthorKind;
use sealpost_shared::ids::MessageId;
use sealpost_shared::page::Page;
use sealpost_shared::text::MessageText;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The page's own id of a reply, else the message's.
    pub key: Uuid,
    /// What the server calls it; none while it is on its way.
    pub id: Option<MessageId>,
    pub kind: AuthorKind,
    pub author: String,
    pub body: MessageText,
    pub at: DateTime<Utc>,
    pub status: Status,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// From the other side.
    Received,
    Sending,
    Failed(Failure),
    Sent,
    Seen,
}

/// Why a reply did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Offline,
    SignedOut,
    /// A sentence.
    Because(String),
}

impl Entry {
    pub fn is_mine(&self) -> bool {
        self.kind == AuthorKind::Contact
    }

    fn of(message: ChatMessage) -> Self {
        let mine = message.author.kind == AuthorKind::Contact;
        let status = match (mine, message.read_at) {
            (false, _) => Status::Received,
            (true, None) => Status::Sent,
            (true, Some(_)) => Status::Seen,
        };
        Self {
            key: message.client_message_id.unwrap_or_else(|| message.id.uuid()),
            id: Some(message.id),
            kind: message.author.kind,
            author: message.author.name,
            body: message.body,
            at: message.created_at,
            status,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    entries: Vec<Entry>,
    /// Where older messages go on; none when all are here.
    older: Option<String>,
    loaded: bool,
}

impl Thread {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn entry(&self, key: Uuid) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub fn older(&self) -> Option<&str> {
        self.older.as_deref()
    }

    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The newest message from the other side: what has been read once it is on screen.
    pub fn newest_received(&self) -> Option<MessageId> {
        self.entries.iter().rev().find(|entry| entry.status == Status::Received).and_then(|entry| entry.id)
    }

    /// Takes the newest page and says which of its messages are new here, oldest first. When none of
    /// its messages was known and there are older ones, something may be missing between: the second
    /// value is the cursor to go on with.
    pub fn merge_newest(&mut self, page: Page<ChatMessage>) -> (Vec<Uuid>, Option<String>) {
        let first_load = !self.loaded;
        if first_load {
            self.older = page.next_cursor.clone().filter(|_| page.has_more);
            self.loaded = true;
        }
        let gap = self.merge(page);
        (gap.0, gap.1.filter(|_| !first_load))
    }

    /// Takes a page that continues another one.
    pub fn merge(&mut self, page: Page<ChatMessage>) -> (Vec<Uuid>, Option<String>) {
        let (mut new, mut met) = (Vec::new(), false);
        for entry in page.data.into_iter().rev().map(Entry::of) {
            if self.entry(entry.key).is_some() {
                met |= self.confirm(entry);
            } else {
                new.push(entry.key);
                self.insert(entry);
            }
        }
        let gap = page.next_cursor.filter(|_| page.has_more && !met);
        (new, gap)
    }

    /// Takes the page before the oldest one.
    pub fn prepend(&mut self, page: Page<ChatMessage>) {
        self.older = page.next_cursor.clone().filter(|_| page.has_more);
        self.merge(page);
    }

    /// Where it belongs by the server's order among what the server has confirmed; behind everything
    /// when it is the newest.
    fn insert(&mut self, entry: Entry) {
        let place = self
            .entries
            .iter()
            .position(|other| other.id.is_some() && (other.at, other.id) > (entry.at, entry.id));
        self.entries.insert(place.unwrap_or(self.entries.len()), entry);
    }

    /// Updates a known entry in its place; true when the server's copy was known already.
    pub fn confirm(&mut self, fresh: Entry) -> bool {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == fresh.key) else { return false };
        let known = entry.id.is_some();
        *entry = fresh;
        known
    }

    /// The server took a reply.
    pub fn accept(&mut self, message: ChatMessage) {
        self.confirm(Entry::of(message));
    }

    /// A reply begins its way.
    pub fn begin(&mut self, key: Uuid, body: MessageText, at: DateTime<Utc>) {
        self.entries.push(Entry {
            key,
            id: None,
            kind: AuthorKind::Contact,
            author: String::new(),
            body,
            at,
            status: Status::Sending,
        });
    }

    pub fn fail(&mut self, key: Uuid, failure: Failure) {
        self.change(key, Status::Failed(failure));
    }

    /// Tries again, under the same id: should the first try have arrived, it stays one message.
    pub fn retry(&mut self, key: Uuid) {
        self.change(key, Status::Sending);
    }

    fn change(&mut self, key: Uuid, status: Status) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key && entry.id.is_none()) {
            entry.status = status;
        }
    }

    /// Everything that failed for want of a connection is on its way again.
    pub fn retry_offline(&mut self) {
        for entry in &mut self.entries {
            if entry.status == Status::Failed(Failure::Offline) {
                entry.status = Status::Sending;
            }
        }
    }

    /// The reply to send next: one at a time, so that they arrive in the order they were written.
    pub fn next_to_send(&self) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.status == Status::Sending)
    }

    /// Replies that no server has confirmed.
    pub fn unsent(&self) -> Vec<(Uuid, MessageText)> {
        let unsent = self.entries.iter().filter(|entry| entry.id.is_none());
        unsent.map(|entry| (entry.key, entry.body.clone())).collect()
    }
}

#[cfg(test)]
#[path = "thread_tests.rs"]
mod tests;
