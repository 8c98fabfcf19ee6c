//! Somebody we know, found while typing.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Contact;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::Avatar;

use super::desk::Desk;
use super::view::phone_words;

/// Long enough that typing a name asks once or twice, not per letter.
const PAUSE: Duration = Duration::from_millis(180);
const SHOWN: u64 = 6;

/// The field and what it finds; the label stands outside, for `id`.
#[component]
pub fn ContactSearch(
    id: &'static str,
    typed: RwSignal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_pick: Callback<Contact>,
) -> impl IntoView {
    let text = Text::from_context();
    let found = RwSignal::new(Vec::<Contact>::new());
    let at = RwSignal::new(0usize);
    look_up(typed, found, at);
    let pick = Callback::new(move |contact: Contact| {
        typed.set(String::new());
        on_pick.run(contact);
    });
    view! {
        <input
            id=id
            class="input"
            type="text"
            role="combobox"
            autocomplete="off"
            aria-autocomplete="list"
            aria-controls=format!("{id}-found")
            aria-expanded=move || found.with(|found| !found.is_empty()).to_string()
            aria-activedescendant=move || {
                found.with(|found| found.get(at.get()).map(|_| format!("{id}-found-{}", at.get())))
            }
            placeholder=move || text.say("compose-to-placeholder")
            bind:value=typed
            on:keydown=move |event| walk(&event, found, at, pick)
        />
        <ul id=format!("{id}-found") class="found" role="listbox" aria-label=move || label.get()>
            {move || {
                found
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(i, contact)| {
                        view! { <Found id=format!("{id}-found-{i}") contact=contact i=i at=at on_pick=pick /> }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

/// The arrow keys walk, Enter picks.
fn walk(
    event: &KeyboardEvent,
    found: RwSignal<Vec<Contact>>,
    at: RwSignal<usize>,
    on_pick: Callback<Contact>,
) {
    let count = found.with_untracked(Vec::len);
    match event.key().as_str() {
        "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
        "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
        "Enter" if count > 0 && !event.ctrl_key() && !event.meta_key() => {
            if let Some(contact) = found.with_untracked(|found| found.get(at.get_untracked()).cloned()) {
                on_pick.run(contact);
            }
        }
        _ => return,
    }
    event.prevent_default();
}

#[component]
fn Found(
    id: String,
    contact: Contact,
    i: usize,
    at: RwSignal<usize>,
    on_pick: Callback<Contact>,
) -> impl IntoView {
    let name = contact.display_name.clone();
    let phone = contact.phone.as_ref().map(|phone| phone_words(phone.as_str()));
    let email = contact.email.as_ref().map(|email| email.as_str().to_owned());
    let detail = phone.or(email).unwrap_or_default();
    view! {
        <li
            id=id
            role="option"
            aria-selected=move || (at.get() == i).to_string()
            // Before the field loses its focus, which would take the list away.
            on:mousedown=move |event| {
                event.prevent_default();
                on_pick.run(contact.clone());
            }
        >
            <Avatar name=name.clone() />
            <bdi class="grow clip">{name}</bdi>
            <span class="small muted">{detail}</span>
        </li>
    }
}

fn look_up(typed: RwSignal<String>, found: RwSignal<Vec<Contact>>, at: RwSignal<usize>) {
    let desk = Desk::from_context();
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        let q = typed.with(|typed| typed.trim().to_owned());
        at.set(0);
        if q.is_empty() {
            found.set(Vec::new());
            return None;
        }
        let ask = move || {
            spawn_local(async move {
                let answer = desk.gate.hear(staff::contacts(Some(q.clone()), SHOWN, None).await);
                // Somebody typed on meanwhile: that question has its own answer.
                if typed.try_with_untracked(|typed| typed.trim() == q) == Some(true) {
                    found.try_set(answer.map(|page| page.data).unwrap_or_default());
                }
            });
        };
        set_timeout_with_handle(ask, PAUSE).ok()
    });
}
