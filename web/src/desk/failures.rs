//! What fails while somebody is at the desk: a notice of it. And what of it somebody puts aside, with a way back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::{Conversation, Folder, UpdateConversation};
use sealpost_shared::ids::{ContactId, ConversationId};
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, IconName, Tone};

use super::desk::Desk;
use super::live::News;
use super::view::Place;

/// How long what was put aside can be brought back.
const SECOND_THOUGHTS: Duration = Duration::from_secs(10);

/// Whose message did not go out, and where that is dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure {
    conversation: ConversationId,
    name: String,
    folder: Folder,
}

#[derive(Clone, Copy)]
pub struct Failures {
    desk: Desk,
    /// The newest last; one per conversation.
    notices: RwSignal<Vec<Failure>>,
    /// Put aside, but not for good yet.
    aside: RwSignal<Option<(ConversationId, String)>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Failures {
    /// With the desk, and gone with it.
    pub fn provide(desk: Desk) {
        let failures = Self {
            desk,
            notices: RwSignal::new(Vec::new()),
            aside: RwSignal::new(None),
            timer: StoredValue::new(None),
        };
        provide_context(failures);
        Effect::new(move || {
            for contact in desk.news.with(|news: &News| news.failed.clone()) {
                failures.look_at(contact);
            }
        });
        // Whoever opens the conversation has seen it.
        Effect::new(move || {
            if let Some(open) = desk.place.get().conversation() {
                failures.drop_notice(open);
            }
        });
        on_cleanup(move || failures.stop_timer());
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// Is it still so? Something else may have taken its place at once.
    fn look_at(self, contact: ContactId) {
        spawn_local(async move {
            for folder in [Folder::Failed, Folder::Scheduled] {
                let Ok(page) = self.desk.gate.hear(staff::in_folder(folder, contact).await) else { return };
                if let Some(row) = page.data.into_iter().find(|row| is_stuck(row, folder)) {
                    self.tell(row, folder);
                    return;
                }
            }
        });
    }

    fn tell(self, row: Conversation, folder: Folder) {
        // Who looks at it sees it there.
        if self.desk.place.try_get_untracked().is_none_or(|place| place.conversation() == Some(row.id)) {
            return;
        }
        let fresh = Failure { conversation: row.id, name: row.contact.display_name, folder };
        self.notices.try_update(|notices| {
            notices.retain(|known| known.conversation != fresh.conversation);
            notices.push(fresh);
        });
    }

    fn drop_notice(self, conversation: ConversationId) {
        let known = |notices: &Vec<Failure>| notices.iter().any(|it| it.conversation == conversation);
        if self.notices.with_untracked(known) {
            self.notices.update(|notices| notices.retain(|it| it.conversation != conversation));
        }
    }

    /// Takes a conversation out of the folder, unless it is brought back in time.
    pub fn put_aside(self, conversation: ConversationId, name: String) {
        self.settle();
        self.drop_notice(conversation);
        self.aside.set(Some((conversation, name)));
        let timer = set_timeout_with_handle(move || self.settle(), SECOND_THOUGHTS).ok();
        self.timer.set_value(timer);
    }

    pub fn is_aside(self, conversation: ConversationId) -> bool {
        self.aside.with(|aside| aside.as_ref().is_some_and(|(id, _)| *id == conversation))
    }

    /// Something is put aside that the server still counts.
    pub fn has_aside(self) -> bool {
        self.aside.with(Option::is_some)
    }

    fn bring_back(self) {
        self.stop_timer();
        self.aside.set(None);
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// For good.
    fn settle(self) {
        self.stop_timer();
        let Some((conversation, _)) = self.aside.try_get_untracked().flatten() else { return };
        let desk = self.desk;
        let patch = UpdateConversation { failed: Some(false), ..Default::default() };
        spawn_local(async move {
            let answer = desk.gate.hear(staff::update_conversation(conversation, &patch).await);
            if let Err(error) = answer {
                desk.trouble.try_set(Some(error));
            }
            desk.load_counts();
            // What the server says now is what is shown.
            desk.news.try_set(News { conversations: [conversation].into(), ..News::default() });
            self.aside.try_update(|aside| {
                aside.take_if(|(id, _)| *id == conversation);
            });
        });
    }
}

fn is_stuck(row: &Conversation, folder: Folder) -> bool {
    match folder {
        Folder::Failed => row.failed,
        _ => row.next_scheduled.as_ref().is_some_and(|next| next.failure.is_some()),
    }
}

/// Banners of the whole desk: they take no focus, and are said once, politely.
#[component]
pub fn FailureNews() -> impl IntoView {
    let failures = Failures::from_context();
    move || {
        let notices = failures.notices.get();
        let aside = failures.aside.get();
        view! {
            {(!notices.is_empty()).then(|| view! { <Notice failures=failures notices=notices /> })}
            {aside.map(|(_, name)| view! { <Aside failures=failures name=name /> })}
        }
    }
}

#[component]
fn Notice(failures: Failures, notices: Vec<Failure>) -> impl IntoView {
    let text = Text::from_context();
    let (words, place) = match notices.as_slice() {
        [one] => {
            let key = if one.folder == Folder::Failed { "failed-notice" } else { "unsent-notice" };
            let words = text.say_with(key, &[("name", one.name.clone().into())]);
            (words, Place::Folder(one.folder, Some(one.conversation)))
        }
        several => {
            let n = several.len().to_string();
            (text.say_with("failed-notice-several", &[("n", n.into())]), Place::Folder(Folder::Failed, None))
        }
    };
    let close = move || failures.notices.set(Vec::new());
    view! {
        <Banner tone=Tone::Warn icon=IconName::Alert>
            <span class="grow">{words}</span>
            <a class="btn small" href=place.path() on:click=move |_| close()>
                {text.say("failed-notice-look")}
            </a>
            <Button small=true on_press=close>{text.say("close")}</Button>
        </Banner>
    }
}

#[component]
fn Aside(failures: Failures, name: String) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Banner tone=Tone::Info icon=IconName::Check>
            <span class="grow">{text.say_with("aside-done", &[("name", name.into())])}</span>
            <Button small=true on_press=move || failures.bring_back()>{text.say("undo")}</Button>
        </Banner>
    }
}
