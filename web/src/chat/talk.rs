//! The open conversation: its messages, live updates, read marks, and its end.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::chat::Chat;
use sealpost_shared::events::ChatEventType;
use sealpost_shared::ids::ConversationId;
use sealpost_web::client::live::{self, Signal};
use sealpost_web::client::{ClientError, patient};
use sealpost_web::time;
use web_sys::VisibilityState;

use super::thread::{Failure, Status, Thread};
use super::visit::{Kept, Screen, Visit, replace_fragment};

const PAGE: u64 = 50;
/// A drop longer than this many pages is not fetched whole: older messages come on scrolling.
const PAGES_AFTER_DROP: usize = 10;

const EVENTS: &[&str] = &[
    ChatEventType::MessageCreated.as_str(),
    ChatEventType::MessageRead.as_str(),
    ChatEventType::SessionEnded.as_str(),
];

impl Visit {
    pub fn conversation(self) -> Option<ConversationId> {
        self.chat.with_untracked(|chat| chat.as_ref().map(|chat| chat.conversation_id))
    }

    pub fn open_chat(self, chat: Chat) {
        let turn = self.next_turn();
        let id = chat.conversation_id;
        self.organization.set(Some(chat.organization.clone()));
        self.sender.set(Some(chat.sender.name.as_str().to_owned()));
        self.session.set(Some(chat.session));
        self.stayed_at.set_value(time::now());
        self.chat.set(Some(chat));
        if let Some(kept) = self.kept.get_value().filter(|kept| kept.conversation == id) {
            self.draft.set(kept.draft);
        }
        self.screen.set(Screen::Conversation);
        spawn_local(async move {
            self.fetch_newest(id, turn).await;
            if self.is_turn(turn) {
                self.put_back_unsent(id);
            }
        });
        let live = live::listen(patient::events_address(id), EVENTS, move |signal| {
            if self.is_turn(turn) {
                self.hear(id, turn, &signal);
            }
        });
        self.live.set_value(Some(live));
    }

    /// Replies that had not gone when the last session ended. They wait for a person to say "retry":
    /// minutes may have passed.
    fn put_back_unsent(self, id: ConversationId) {
        let Some(kept) = self.kept.get_value().filter(|kept| kept.conversation == id) else { return };
        self.kept.set_value(None);
        self.thread.update(|thread| {
            for (key, body) in kept.unsent {
                if thread.entry(key).is_none() {
                    thread.begin(key, body, time::now());
                    thread.fail(key, Failure::SignedOut);
                }
            }
        });
    }

    fn hear(self, id: ConversationId, turn: u32, signal: &Signal) {
        match signal {
            Signal::Event { name, .. } if *name == ChatEventType::SessionEnded.as_str() => {
                self.check_session();
            }
            Signal::Event { .. } | Signal::Resumed | Signal::Poll => {
                spawn_local(async move { self.fetch_newest(id, turn).await });
            }
        }
    }

    /// Fetches the newest messages, and those between them and what is known.
    async fn fetch_newest(self, id: ConversationId, turn: u32) {
        let mut cursor = None;
        for _ in 0..PAGES_AFTER_DROP {
            let answer = patient::messages(id, PAGE, cursor.clone()).await;
            if !self.is_turn(turn) {
                return;
            }
            let page = match answer {
                Ok(page) => page,
                Err(error) => return self.not_fetched(&error),
            };
            self.offline.set(false);
            let loaded_before = self.thread.with_untracked(Thread::is_loaded);
            let mut found = (Vec::new(), None);
            self.thread.update(|thread| {
                found = if cursor.is_none() { thread.merge_newest(page) } else { thread.merge(page) };
            });
            if loaded_before {
                self.announce(&found.0);
            }
            cursor = found.1;
            if cursor.is_none() {
                break;
            }
        }
        self.mark_read();
    }

    fn not_fetched(self, error: &ClientError) {
        if !self.follow(error) && *error == ClientError::Offline {
            self.offline.set(true);
        }
    }

    /// Tells the live region what came from the other side.
    fn announce(self, new: &[uuid::Uuid]) {
        let said = self.thread.with_untracked(|thread| {
            let received = new.iter().filter_map(|key| thread.entry(*key));
            let received = received.filter(|entry| entry.status == Status::Received);
            let said = received.map(|entry| {
                let (sender, body) = (entry.author.as_str().into(), entry.body.as_str().into());
                self.text.say_with("new-message-from", &[("sender", sender), ("body", body)])
            });
            said.collect::<Vec<_>>().join(" ")
        });
        if !said.is_empty() {
            self.news.set(said);
        }
    }

    pub fn load_older(self) {
        let (Some(id), turn) = (self.conversation(), self.this_turn()) else { return };
        let cursor = self.thread.with_untracked(|thread| thread.older().map(str::to_owned));
        // One at a time: the cursor is taken out while its page is on the way.
        let Some(cursor) = cursor.filter(|_| !self.loading_older.get_untracked()) else { return };
        self.loading_older.set(true);
        spawn_local(async move {
            let answer = patient::messages(id, PAGE, Some(cursor)).await;
            if !self.is_turn(turn) {
                return;
            }
            self.loading_older.set(false);
            match answer {
                Ok(page) => self.thread.update(|thread| thread.prepend(page)),
                Err(error) => self.not_fetched(&error),
            }
        });
    }

    /// What is on screen counts as read: the newest messages are at the bottom.
    pub fn mark_read(self) {
        let visible = document().visibility_state() == VisibilityState::Visible;
        let newest = self.thread.with_untracked(Thread::newest_received);
        let (Some(id), Some(newest)) = (self.conversation(), newest) else { return };
        if !visible || !self.at_bottom.get_untracked() || self.marked_read.get_value() == Some(newest) {
            return;
        }
        self.marked_read.set_value(Some(newest));
        let turn = self.this_turn();
        spawn_local(async move {
            let answer = patient::mark_read(id, newest).await;
            if !self.is_turn(turn) {
                return;
            }
            if let Err(error) = answer {
                self.marked_read.set_value(None);
                self.follow(&error);
            }
        });
    }

    pub fn back_online(self) {
        self.offline.set(false);
        if let Some(id) = self.conversation() {
            let turn = self.this_turn();
            self.thread.update(Thread::retry_offline);
            self.send_next();
            spawn_local(async move { self.fetch_newest(id, turn).await });
        }
    }

    /// Takes the conversation out of the page and of memory. What was typed may be kept for coming back.
    pub fn close(self, keep: bool) {
        self.next_turn();
        self.live.set_value(None);
        if let Some(conversation) = self.conversation() {
            let (draft, unsent) = (self.draft.get_untracked(), self.thread.with_untracked(Thread::unsent));
            let before = self.kept.get_value().filter(|kept| kept.conversation == conversation);
            let unsent = if unsent.is_empty() { before.map_or(unsent, |kept| kept.unsent) } else { unsent };
            let something = !draft.trim().is_empty() || !unsent.is_empty();
            self.kept.set_value(something.then_some(Kept { conversation, draft, unsent }));
        }
        if !keep {
            self.kept.set_value(None);
        }
        self.screen.set(Screen::Loading);
        self.chat.set(None);
        self.session.set(None);
        self.thread.set(Thread::default());
        self.draft.set(String::new());
        self.news.set(String::new());
        self.at_bottom.set(true);
        self.loading_older.set(false);
        self.marked_read.set_value(None);
        self.in_flight.set_value(false);
    }

    /// Ends the visit for good: nothing of it stays, in the page, in memory, or behind the back button.
    pub fn leave(self) {
        let Some(id) = self.conversation() else { return };
        self.close(false);
        self.forget_token();
        replace_fragment("");
        let turn = self.this_turn();
        spawn_local(async move {
            let answer = patient::leave(id).await;
            if self.is_turn(turn) {
                self.screen.set(Screen::Left { told: answer != Err(ClientError::Offline) });
            }
        });
    }
}
