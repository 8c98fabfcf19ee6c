//! An open conversation: its messages, the composer under them, and the context beside them.

mod bar;
mod bubble;
mod event;
mod log;
mod meta;
mod undelivered;
mod waiting;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::{Channel, Contact};
use sealpost_shared::conversations::{Conversation, Folder, Message, UpdateConversation};
use sealpost_shared::ids::{ContactId, ConversationId, LinkId, MessageId};
use sealpost_shared::links::Link;
use sealpost_shared::texts::TextStanding;
use sealpost_web::client::{ClientError, staff, texts};
use sealpost_web::text::Text;
use uuid::Uuid;

use super::composer::Composer;
use super::context::ContextPane;
use super::desk::Desk;
use super::paged::{Paged, Stage};
use super::places::Go;
use super::said;
use super::view::{Place, first_new};
use bar::Bar;
use event::LockedOut;
use log::Log;

/// What the parts of an open conversation share.
#[derive(Clone, Copy)]
pub struct Thread {
    pub desk: Desk,
    pub id: ConversationId,
    pub folder: Memo<Folder>,
    pub conversation: RwSignal<Option<Conversation>>,
    pub contact: RwSignal<Option<Contact>>,
    /// Whether a text can go to them now.
    pub standing: RwSignal<Option<TextStanding>>,
    pub messages: Paged<Message>,
    pub links: RwSignal<Vec<Link>>,
    /// What has not gone out, the first to go first.
    pub scheduled: RwSignal<Vec<Message>>,
    /// The first message that was new when the conversation was opened.
    pub first_new: RwSignal<Option<MessageId>>,
    /// The one message that is being sent again.
    pub resending: RwSignal<Option<MessageId>>,
    /// What did not arrive and is going out once more, by which channel.
    pub retrying: RwSignal<Option<(MessageId, Channel)>>,
    /// Why that did not work.
    pub retry_trouble: RwSignal<Option<(MessageId, ClientError)>>,
    missing: RwSignal<Option<ClientError>>,
    /// Whoever pressed "Mark unread" means it: looking on does not read it again.
    kept_unread: StoredValue<bool>,
}

impl Thread {
    fn new(desk: Desk, id: ConversationId, folder: Memo<Folder>, row: Option<Conversation>) -> Self {
        let thread = Self {
            desk,
            id,
            folder,
            conversation: RwSignal::new(row),
            contact: RwSignal::new(None),
            standing: RwSignal::new(None),
            messages: Paged::new(desk.gate),
            links: RwSignal::new(Vec::new()),
            scheduled: RwSignal::new(Vec::new()),
            first_new: RwSignal::new(None),
            resending: RwSignal::new(None),
            retrying: RwSignal::new(None),
            retry_trouble: RwSignal::new(None),
            missing: RwSignal::new(None),
            kept_unread: StoredValue::new(false),
        };
        thread.messages.open(move |limit, cursor| staff::messages(id, limit, cursor));
        thread
    }

    /// Everything but the messages.
    fn load(self) {
        spawn_local(async move {
            match self.desk.gate.hear(staff::conversation(self.id).await) {
                Ok(conversation) => {
                    let contact = conversation.contact.id;
                    self.conversation.try_set(Some(conversation));
                    // First: what cannot go by text is not offered for a moment.
                    if let Ok(standing) = self.desk.gate.hear(texts::standing(contact).await) {
                        self.standing.try_set(Some(standing));
                    }
                    if let Ok(contact) = self.desk.gate.hear(staff::contact(contact).await) {
                        self.contact.try_set(Some(contact));
                    }
                }
                Err(error) if error.code().is_some() => {
                    self.missing.try_set(Some(error));
                }
                Err(_) => {}
            }
        });
        self.load_links();
        self.load_scheduled();
    }

    fn load_scheduled(self) {
        spawn_local(async move {
            if let Ok(page) = self.desk.gate.hear(staff::scheduled(self.id).await) {
                self.scheduled.try_set(page.data);
            }
        });
    }

    /// Takes back what waits. With its text, which then stands in the composer again.
    pub fn take_back(self, id: MessageId, body: Option<String>) {
        self.desk.trouble.set(None);
        spawn_local(async move {
            match self.desk.gate.hear(staff::cancel_scheduled(id).await) {
                Ok(()) => {
                    self.scheduled.try_update(|waiting| waiting.retain(|message| message.id != id));
                    if let Some(body) = body {
                        self.desk.draft(self.id).body.try_update(|draft| {
                            *draft = if draft.is_empty() { body } else { format!("{body}\n\n{draft}") };
                        });
                    }
                }
                // It has gone out meanwhile.
                Err(error) => {
                    self.desk.trouble.try_set(Some(error));
                }
            }
            self.refresh();
        });
    }

    pub fn send_waiting(self, id: MessageId) {
        self.desk.act(staff::send_scheduled(id), move |message| {
            self.scheduled.try_update(|waiting| waiting.retain(|it| it.id != id));
            self.sent(message);
        });
    }

    fn load_links(self) {
        spawn_local(async move {
            if let Ok(page) = self.desk.gate.hear(staff::links(self.id).await) {
                self.links.try_set(page.data);
            }
        });
    }

    pub fn refresh(self) {
        self.messages.refresh();
        self.load();
    }

    /// Shows a message that was just sent without waiting for the news of it.
    pub fn sent(self, message: Message) {
        // Whoever answers has read what was there, and the divider has done its work.
        self.first_new.try_set(None);
        if message.waiting.is_some() {
            self.scheduled.try_update(|waiting| {
                waiting.push(message);
                waiting.sort_by_key(|message| message.send_at);
            });
        } else {
            self.messages.put_first(message);
        }
        self.load();
    }

    /// How staff call the contact in a sentence.
    pub fn short_name(self) -> String {
        self.conversation
            .with(|conversation| {
                conversation.as_ref().map(|c| {
                    let first = c.contact.first_name.as_ref().map(|name| name.as_str().to_owned());
                    first.unwrap_or_else(|| c.contact.display_name.clone())
                })
            })
            .unwrap_or_default()
    }

    pub fn resend(self, message: MessageId) {
        if self.resending.get_untracked().is_some() {
            return;
        }
        self.resending.set(Some(message));
        let key = Uuid::new_v4();
        self.desk.trouble.set(None);
        spawn_local(async move {
            let answer = self.desk.gate.hear(staff::resend(message, key).await);
            self.resending.try_set(None);
            match answer {
                Ok(_) => self.refresh(),
                Err(error) => {
                    self.desk.trouble.try_set(Some(error));
                }
            }
        });
    }

    /// What did not arrive goes out once more; why it cannot stands with the message.
    pub fn retry(self, text: Text, message: MessageId, channel: Channel) {
        if self.retrying.get_untracked().is_some() {
            return;
        }
        self.retrying.set(Some((message, channel)));
        self.retry_trouble.set(None);
        spawn_local(async move {
            let answer = self.desk.gate.hear(staff::retry(message, channel, Uuid::new_v4()).await);
            self.retrying.try_set(None);
            match answer {
                Ok(_) => {
                    // The button is gone: whoever pressed it goes on in the thread.
                    log::focus();
                    let by = text.say(said::by_key(channel));
                    self.desk.said.try_set(text.say_with("retry-done", &[("channel", by.into())]));
                }
                Err(error) => {
                    self.retry_trouble.try_set(Some((message, error)));
                }
            }
            self.refresh();
            self.desk.load_counts();
        });
    }

    pub fn unlock(self, link: LinkId) {
        self.desk.act(staff::unlock_link(link), move |_| self.refresh());
    }

    pub fn unlock_contact(self, contact: ContactId) {
        self.desk.act(staff::unlock_contact(contact), move |()| self.refresh());
    }

    pub fn revoke(self, link: LinkId) {
        self.desk.act(staff::revoke_link(link), move |_| self.refresh());
    }

    pub fn set_archived(self, archived: bool, go: Go) {
        let patch = UpdateConversation { archived: Some(archived), ..Default::default() };
        let (desk, folder) = (self.desk, self.folder.get_untracked());
        desk.act(update(self.id, patch), move |_| {
            desk.load_counts();
            // It is no longer in the list one looks at.
            go.to(Place::Folder(folder, None));
        });
    }

    pub fn set_unread(self, unread: bool) {
        self.kept_unread.set_value(unread);
        let patch = UpdateConversation { unread: Some(unread), ..Default::default() };
        let desk = self.desk;
        desk.act(update(self.id, patch), move |fresh| {
            self.conversation.try_set(Some(fresh));
            desk.load_counts();
        });
    }
}

async fn update(id: ConversationId, patch: UpdateConversation) -> sealpost_web::client::Answer<Conversation> {
    staff::update_conversation(id, &patch).await
}

/// `list` gives the header's words at once, before the conversation itself has come.
#[component]
pub fn ConversationView(
    id: ConversationId,
    folder: Memo<Folder>,
    list: Paged<Conversation>,
) -> impl IntoView {
    let desk = Desk::from_context();
    let row = list.items.with_untracked(|rows| rows.iter().find(|row| row.id == id).cloned());
    let thread = Thread::new(desk, id, folder, row);
    thread.load();
    desk.context_open.set(false);
    let first = StoredValue::new(true);
    Effect::new(move || {
        let touched = desk.news.with(|news| news.touches(id) || contact_touched(thread, news));
        // The first run is no news.
        if !first.get_value() && touched {
            thread.refresh();
        }
        first.set_value(false);
    });
    mark_new(thread);
    read_after_a_second(thread);
    view! {
        <ThreadPane thread=thread />
        <ContextPane thread=thread />
    }
}

fn contact_touched(thread: Thread, news: &super::live::News) -> bool {
    thread
        .conversation
        .with_untracked(|c| c.as_ref().map(|c| c.contact.id))
        .is_some_and(|contact| news.touches_contact(contact))
}

#[component]
fn ThreadPane(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let label = move || text.say_with("thread-label", &[("name", thread.short_name().into())]);
    view! {
        <main class="thread" aria-label=label>
            {move || match thread.missing.get() {
                Some(error) => view! {
                    <div class="empty" role="alert">
                        <p>{said::sentence(text, &error)}</p>
                        <a class="btn small" href=move || Place::Folder(thread.folder.get(), None).path()>
                            {move || text.say("back-to-list")}
                        </a>
                    </div>
                }
                .into_any(),
                None => view! {
                    <Bar thread=thread />
                    <LockedOut thread=thread />
                    <Log thread=thread />
                    <Composer thread=thread />
                }
                .into_any(),
            }}
        </main>
    }
}

/// Decides once, with the first page, where the new messages start; and again for what arrives while
/// nobody looks at the page.
fn mark_new(thread: Thread) {
    let decided = StoredValue::new(false);
    Effect::new(move || {
        let ready = thread.messages.stage.get() == Stage::Ready;
        let unread = thread.conversation.with(|c| c.as_ref().map(|c| c.unread));
        let (true, Some(unread)) = (ready, unread) else { return };
        let away = document().hidden();
        if unread && (away || !decided.get_value()) {
            thread.first_new.set(thread.messages.items.with_untracked(|messages| first_new(messages)));
        }
        decided.set_value(true);
    });
}

/// A conversation that was in view for a second is read. A tab in the background is not in view.
fn read_after_a_second(thread: Thread) {
    let visible = RwSignal::new(!document().hidden());
    let handle =
        window_event_listener(leptos::ev::Custom::<leptos::ev::Event>::new("visibilitychange"), move |_| {
            visible.set(!document().hidden());
        });
    on_cleanup(move || handle.remove());
    let unread = Memo::new(move |_| thread.conversation.with(|c| c.as_ref().is_some_and(|c| c.unread)));
    let newest = Memo::new(move |_| thread.messages.items.with(|m| m.first().map(|m| m.id)));
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        let due = unread.get() && newest.get().is_some() && visible.get() && !thread.kept_unread.get_value();
        let read = move || {
            // Gone by now, when the thread was left within the second.
            if thread.kept_unread.try_get_value() == Some(false) {
                thread.set_unread(false);
            }
        };
        due.then(|| set_timeout_with_handle(read, Duration::from_secs(1)).ok()).flatten()
    });
}
