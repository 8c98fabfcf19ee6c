//! The open conversation: who it is with, what was written, and where to write.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{self, Icon, IconName, Logo, Tag};

use super::composer::Composer;
use super::frame::{CallLine, emergency, phone_link, take_focus};
use super::idle::IdleWarning;
use super::leave::Leave;
use super::messages::Messages;
use super::visit::Visit;

#[component]
pub fn Conversation() -> impl IntoView {
    let visit = Visit::from_context();
    // Reading, typing and tapping count as being here; polls and streams do not.
    for handle in [
        window_event_listener(ev::pointerdown, move |_| visit.was_active()),
        window_event_listener(ev::keydown, move |_| visit.was_active()),
        window_event_listener(ev::visibilitychange, move |_| visit.mark_read()),
    ] {
        on_cleanup(move || handle.remove());
    }
    let can_answer = Memo::new(move |_| visit.chat.read().as_ref().is_some_and(|chat| chat.replies_allowed));
    view! {
        <div class="chat">
            <Head />
            <Offline />
            <Messages />
            <footer class="composer">
                {ui::shown(move || {
                    if can_answer.get() {
                        view! { <Composer /> }.into_any()
                    } else {
                        view! { <p class="muted small"><CallLine key="no-replies" /></p> }.into_any()
                    }
                })}
                <p class="tiny muted centered">
                    {emergency(visit)} " " <span class="no-break">{ui::shown(move || phone_link(visit).into_any())}</span>
                </p>
            </footer>
        </div>
        // Outside the thread, so that the history is not read aloud when it mounts.
        <p class="hush" role="status" aria-live="polite">{visit.news}</p>
        <IdleWarning />
    }
}

#[component]
fn Head() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let heading = NodeRef::<html::H1>::new();
    take_focus(heading);
    let sender = Signal::derive(move || visit.sender.get().unwrap_or_default());
    let organization = Signal::derive(move || {
        visit.organization.read().as_ref().map(|card| card.name.as_str().to_owned()).unwrap_or_default()
    });
    let logo =
        Signal::derive(move || visit.organization.read().as_ref().and_then(|card| card.logo_url.clone()));
    view! {
        <header class="head">
            <Logo url=logo name=organization />
            <div class="grow">
                <h1 class="clip" node_ref=heading tabindex="-1"><bdi>{sender}</bdi></h1>
                <p class="muted small clip"><bdi>{organization}</bdi></p>
            </div>
            <span class="only-wide"><Tag icon=IconName::Lock>{text.live("private")}</Tag></span>
            <Leave />
        </header>
        <p class="print-only">{text.live("print-note")}</p>
    }
}

/// Said in words, and gone by itself.
#[component]
fn Offline() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    view! {
        // The region stands before its words do, so that they are announced.
        <div class="news-line" role="status">
            {ui::shown_when(
                move || visit.offline.get(),
                move || {
                    view! {
                        <div class="banner warn">
                            <Icon name=IconName::Alert />
                            <span>{text.live("offline-here")}</span>
                        </div>
                    }
                    .into_any()
                },
            )}
        </div>
    }
}
