//! The patients' app: a private link, its PIN, and the conversation behind it.
//!
//! Everything lives in memory: a reload goes on with the session's cookie, a closed tab leaves nothing.

mod composer;
mod conversation;
mod disabled;
mod expired;
mod frame;
mod gate;
mod idle;
mod language;
mod leave;
mod locked;
mod messages;
mod notices;
mod outgoing;
mod pin;
mod relink;
mod scroll;
mod talk;
mod thread;
mod view;
mod visit;

use leptos::ev;
use leptos::mount::mount_to;
use leptos::prelude::*;
use sealpost_web::text::{Language, SHARED_EN, SHARED_ES, Sources, Text};
use sealpost_web::ui;
use wasm_bindgen::JsCast;

use visit::{Screen, Visit};

const WORDS: Sources = &[
    (Language::En, &[SHARED_EN, include_str!("../../locales/en/chat.ftl")]),
    (Language::Es, &[SHARED_ES, include_str!("../../locales/es/chat.ftl")]),
];

fn main() {
    console_error_panic_hook::set_once();
    if let Some(root) = document().get_element_by_id("app") {
        // What the page showed until now (web/chat.html) makes room.
        root.set_text_content(None);
        mount_to(root.unchecked_into(), App).forget();
    }
}

#[component]
fn App() -> impl IntoView {
    let text = Text::provide(WORDS, language::first());
    language::follow(text);
    let visit = Visit::provide(text);
    visit.start();
    window_event_listener(ev::hashchange, move |_| visit.start());
    window_event_listener(ev::online, move |_| visit.back_online());
    window_event_listener(ev::offline, move |_| visit.offline.set(true));
    // A page that comes back from the browser's memory may show what has ended long ago.
    window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            visit.check_session();
        }
    });
    ui::shown(move || match visit.screen.get() {
        Screen::Loading => view! { <frame::Waiting /> }.into_any(),
        Screen::Gate => view! { <gate::Gate /> }.into_any(),
        Screen::Pin(pin) => view! { <pin::PinGate pin=pin /> }.into_any(),
        Screen::Locked(until) => view! { <locked::Locked until=until /> }.into_any(),
        Screen::Expired(offer, lifetime) => {
            view! { <expired::Expired offer=offer lifetime=lifetime /> }.into_any()
        }
        Screen::Disabled(offer) => view! { <disabled::Disabled offer=offer /> }.into_any(),
        Screen::NotAvailable => view! { <notices::NotAvailable /> }.into_any(),
        Screen::SignedOut => view! { <notices::SignedOut /> }.into_any(),
        Screen::Replaced => view! { <notices::Replaced /> }.into_any(),
        Screen::Left { told } => view! { <notices::Left told=told /> }.into_any(),
        Screen::Trouble(why) => view! { <notices::Trouble why=why /> }.into_any(),
        Screen::Conversation => view! { <conversation::Conversation /> }.into_any(),
    })
}
