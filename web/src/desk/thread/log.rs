//! The messages, oldest first, as they are read. The pane is laid out from its end, so that older
//! messages can be put above without moving what one reads.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::time::local_day;
use sealpost_web::ui::{Button, IconName, Look};

use super::Thread;
use super::bubble::Bubble;
use super::event::{EventLine, NotOpenedLine};
use super::waiting::WaitingMessages;
use crate::folder::Skeleton;
use crate::loading::LoadFailed;
use crate::paged::Stage;
use crate::said;
use crate::shell::Now;
use crate::steady::Steady;
use crate::view::{Entry, timeline};

/// Closer to the end than this counts as being there.
const AT_END: i32 = 80;

const LOG: &str = "thread-log";

/// Where the keyboard goes when what it was on has gone.
pub fn focus() {
    use wasm_bindgen::JsCast;
    let pane = document().get_element_by_id(LOG);
    if let Some(pane) = pane.and_then(|pane| pane.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = pane.focus();
    }
}

#[component]
pub fn Log(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let pane = NodeRef::<html::Div>::new();
    let at_end = RwSignal::new(true);
    let steady = Steady::new();
    Effect::new(move || {
        thread.messages.items.track();
        thread.links.track();
        steady.settle(pane);
    });
    let on_scroll = move |_| {
        let Some(pane) = pane.get_untracked() else { return };
        // Laid out from the end: the position is 0 there and falls on the way up.
        let from_end = -pane.scroll_top();
        at_end.set(from_end < AT_END);
        if from_end < AT_END {
            steady.let_go();
        } else {
            steady.look(&pane);
        }
        if pane.scroll_height() - pane.client_height() - from_end < 400 {
            thread.messages.more();
        }
    };
    let jump = move || {
        if let Some(pane) = pane.get_untracked() {
            pane.set_scroll_top(0);
        }
    };
    view! {
        <div class="log-frame">
            <div
                class="log"
                id=LOG
                node_ref=pane
                on:scroll=on_scroll
                tabindex="0"
                role="region"
                aria-label=move || text.say("thread-messages")
            >
                <Content thread=thread />
            </div>
            <Show when=move || !at_end.get()>
                <div class="jump">
                    <Button small=true icon=IconName::Down on_press=jump>{move || text.say("jump-to-latest")}</Button>
                </div>
            </Show>
        </div>
        <Arrivals thread=thread />
    }
}

#[component]
fn Content(thread: Thread) -> impl IntoView {
    move || match thread.messages.stage.get() {
        Stage::Loading => view! { <Skeleton /> }.into_any(),
        Stage::Failed(error) => {
            view! { <LoadFailed error=error on_retry=move || thread.messages.again() /> }.into_any()
        }
        Stage::Ready => view! { <Lines thread=thread /> }.into_any(),
    }
}

#[component]
fn Lines(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let entries = Memo::new(move |_| {
        thread.messages.items.with(|messages| {
            thread.links.with(|links| {
                timeline(messages, links, thread.first_new.get(), thread.messages.has_more.get(), local_day)
            })
        })
    });
    view! {
        <ol class="lines">
            <Show when=move || thread.messages.has_more.get()>
                <li class="more">
                    <Button look=Look::Quiet small=true on_press=move || thread.messages.more()>
                        {move || {
                            text.say(if thread.messages.loading_more.get() { "loading" } else { "show-older" })
                        }}
                    </Button>
                </li>
            </Show>
            <For each=move || entries.get() key=|entry| *entry let:entry>
                {match entry {
                    Entry::Day(at) => view! { <DayLine at=at /> }.into_any(),
                    Entry::New => {
                        view! { <li class="new-line"><span>{move || text.say("new-messages")}</span></li> }.into_any()
                    }
                    Entry::Message(id) => view! { <Bubble thread=thread id=id /> }.into_any(),
                    Entry::Event(link, event) => {
                        view! { <EventLine thread=thread link=link event=event /> }.into_any()
                    }
                    Entry::NotOpened(id) => view! { <NotOpenedLine thread=thread id=id /> }.into_any(),
                }}
            </For>
            <WaitingMessages thread=thread />
        </ol>
    }
}

#[component]
fn DayLine(at: chrono::DateTime<chrono::Utc>) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    view! { <li class="day">{move || said::day(text, now.get(), at)}</li> }
}

/// Says what arrives, once and politely, to those who cannot see it; not what was there before.
#[component]
fn Arrivals(thread: Thread) -> impl IntoView {
    use sealpost_shared::conversations::Direction;
    let text = Text::from_context();
    Effect::new(move |before: Option<Option<sealpost_shared::ids::MessageId>>| {
        let newest = thread.messages.items.with(|messages| messages.first().cloned());
        let id = newest.as_ref().map(|message| message.id);
        if let (Some(Some(before)), Some(newest)) = (before, newest)
            && before != newest.id
            && newest.direction == Direction::Inbound
        {
            let values =
                [("name", newest.author.name.into()), ("body", newest.body.as_str().to_owned().into())];
            thread.desk.said.set(text.say_with("arrived", &values));
        }
        id
    });
}
