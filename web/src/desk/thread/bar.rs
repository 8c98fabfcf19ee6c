//! The head of a thread: who it is with, and what can be done with it as a whole.

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::conversations::Folder;
use sealpost_web::text::Text;
use sealpost_web::ui::{Avatar, Button, Icon, IconName};

use super::Thread;
use crate::failures::Failures;
use crate::places::Go;
use crate::view::{Place, masked_phone};

#[component]
pub fn Bar(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let heading = NodeRef::<html::H2>::new();
    let name = Signal::derive(move || {
        thread.conversation.with(|c| c.as_ref().map(|c| c.contact.display_name.clone())).unwrap_or_default()
    });
    // On a phone the list is gone now, and with it the row that had the focus.
    Effect::new(move || {
        let narrow = window().match_media("(max-width: 720px)").ok().flatten().is_some_and(|m| m.matches());
        if let (true, Some(heading)) = (narrow, heading.get()) {
            let _ = heading.focus();
        }
    });
    view! {
        <header class="bar thread-bar">
            <a
                class="btn round quiet back"
                href=move || Place::Folder(thread.folder.get(), None).path()
                aria-label=move || text.say("back-to-list")
            >
                <Icon name=IconName::Back />
            </a>
            <Avatar name=name />
            <div class="grow">
                <h2 class="clip" tabindex="-1" node_ref=heading>
                    <bdi>{name}</bdi>
                </h2>
                <p class="tiny muted clip"><Reach thread=thread /></p>
            </div>
            <Actions thread=thread />
        </header>
    }
}

/// The number or address, half hidden: enough to tell two people apart, not enough for a glance over
/// the shoulder.
#[component]
fn Reach(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    move || {
        thread.contact.with(|contact| {
            contact.as_ref().map(|contact| {
                let reach = match (&contact.phone, &contact.email) {
                    (Some(phone), _) => masked_phone(phone.as_str()),
                    (None, Some(email)) => email.as_str().to_owned(),
                    (None, None) => text.say("reach-none"),
                };
                let pin = if contact.has_pin { "pin-on" } else { "pin-off" };
                let pin = text.say(pin);
                text.say_with("thread-reach", &[("reach", reach.into()), ("pin", pin.into())])
            })
        })
    }
}

#[component]
fn Actions(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let go = Go::from_context();
    let archived = Memo::new(move |_| thread.conversation.with(|c| c.as_ref().is_some_and(|c| c.archived)));
    let unread = Memo::new(move |_| thread.conversation.with(|c| c.as_ref().is_some_and(|c| c.unread)));
    let archive_key = move || if archived.get() { "move-to-inbox" } else { "archive" };
    let failures = Failures::from_context();
    let failed = Memo::new(move |_| {
        thread.conversation.with(|c| c.as_ref().is_some_and(|c| c.failed)) && !failures.is_aside(thread.id)
    });
    let put_aside = move || {
        let name = thread.conversation.with_untracked(|c| c.as_ref().map(|c| c.contact.display_name.clone()));
        failures.put_aside(thread.id, name.unwrap_or_default());
        // It is no longer in the list one looks at.
        if thread.folder.get_untracked() == Folder::Failed {
            go.to(Place::Folder(Folder::Failed, None));
        }
    };
    view! {
        <Show when=move || failed.get() && thread.desk.may_write()>
            <Button
                small=true
                icon=IconName::Check
                label=Signal::derive(move || text.say("put-aside-label"))
                on_press=put_aside
            >
                <span class="wide-word">{move || text.say("put-aside")}</span>
            </Button>
        </Show>
        <Show when=move || !unread.get()>
            <Button
                small=true
                icon=IconName::Mail
                label=Signal::derive(move || text.say("mark-unread"))
                on_press=move || {
                    thread.set_unread(true);
                    go.to(Place::Folder(thread.folder.get_untracked(), None));
                }
            >
                <span class="wide-word">{move || text.say("mark-unread")}</span>
            </Button>
        </Show>
        <Show when=move || thread.desk.may_write()>
            <Button
                small=true
                icon=IconName::Archive
                label=Signal::derive(move || text.say(archive_key()))
                on_press=move || thread.set_archived(!archived.get_untracked(), go)
            >
                <span class="wide-word">{move || text.say(archive_key())}</span>
            </Button>
        </Show>
        <div class="context-toggle">
            <Button
                small=true
                icon=IconName::User
                label=Signal::derive(move || text.say("context-open"))
                pressed=Signal::derive(move || thread.desk.context_open.get())
                on_press=move || thread.desk.context_open.update(|open| *open = !*open)
            />
        </div>
    }
}
