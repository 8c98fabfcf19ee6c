//! Live events, gathered: a burst of them becomes one bundle and one round of fetching.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::events::{Event, EventType, SESSION_ENDED};
use sealpost_shared::ids::{ContactId, ConversationId};
use sealpost_shared::paths;
use sealpost_web::client::live::{Signal as Heard, listen};
use sealpost_web::client::staff;

use super::desk::Desk;
use super::gate::Out;

/// What changed since the bundle before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Something may have been missed: everything on screen is fetched again.
    pub everything: bool,
    pub conversations: HashSet<ConversationId>,
    pub contacts: HashSet<ContactId>,
    /// Whom a message did not reach.
    pub failed: HashSet<ContactId>,
}

impl News {
    pub fn touches(&self, conversation: ConversationId) -> bool {
        self.everything || self.conversations.contains(&conversation)
    }

    pub fn touches_contact(&self, contact: ContactId) -> bool {
        self.everything || self.contacts.contains(&contact)
    }

    /// Rows of a conversation list may look different now.
    pub fn rows(&self) -> bool {
        self.everything || !self.conversations.is_empty() || !self.contacts.is_empty()
    }

    fn add(&mut self, event: &Event) {
        self.conversations.extend(event.conversation_id);
        self.contacts.extend(event.contact_id);
        if event.kind == EventType::MessageFailed {
            self.failed.extend(event.contact_id);
        }
        // An event that names nothing we know of may be about anything.
        self.everything |= event.conversation_id.is_none() && event.contact_id.is_none();
    }
}

/// Long enough to gather what one send causes (it is written at once), short enough to feel immediate.
const GATHER: Duration = Duration::from_millis(60);

/// Listens until the desk goes.
pub fn start(desk: Desk) {
    let pending = Rc::new(RefCell::new(None::<News>));
    let hear = move |heard: Heard| match heard {
        // A new password ends every session and begins one in its place.
        Heard::Event { name: SESSION_ENDED, .. } => spawn_local(async move {
            match staff::session().await {
                Ok(session) => desk.gate.session.set(Some(session)),
                Err(_) => desk.gate.close(Out::Ended),
            }
        }),
        Heard::Event { data, .. } => {
            if let Ok(event) = serde_json::from_str::<Event>(&data) {
                gather(desk, &pending, |news| news.add(&event));
            }
        }
        Heard::Resumed | Heard::Poll => {
            // A stream that does not come back may mean that the session has ended.
            spawn_local(async move {
                let _ = desk.gate.hear(staff::session().await);
            });
            gather(desk, &pending, |news| news.everything = true);
        }
    };
    let live = StoredValue::new_local(Some(listen(paths::EVENTS.to_owned(), names(), hear)));
    let back = window_event_listener(leptos::ev::online, move |_| back_online(desk));
    let gone = window_event_listener(leptos::ev::offline, move |_| desk.gate.offline.set(true));
    on_cleanup(move || {
        live.try_update_value(Option::take);
        back.remove();
        gone.remove();
    });
}

/// Sooner than the stream notices by itself.
fn back_online(desk: Desk) {
    spawn_local(async move {
        if desk.gate.hear(staff::session().await).is_ok() {
            desk.news.try_set(News { everything: true, ..News::default() });
        }
    });
}

fn gather(desk: Desk, pending: &Rc<RefCell<Option<News>>>, add: impl FnOnce(&mut News)) {
    let first = pending.borrow().is_none();
    add(pending.borrow_mut().get_or_insert_default());
    if first {
        let pending = Rc::clone(pending);
        set_timeout(
            move || {
                if let Some(news) = pending.borrow_mut().take() {
                    desk.news.try_set(news);
                }
            },
            GATHER,
        );
    }
}

fn names() -> &'static [&'static str] {
    thread_local! {
        static NAMES: &'static [&'static str] = Vec::leak(
            EventType::ALL.iter().map(|kind| kind.as_str()).chain([SESSION_ENDED]).collect(),
        );
    }
    NAMES.with(|names| *names)
}
