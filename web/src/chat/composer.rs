//! Where a reply is written: grows with its text, keeps the focus after a send.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use sealpost_shared::text::MESSAGE_MAX;
use sealpost_web::text::Text;
use sealpost_web::ui::{self, Icon, IconName};
use wasm_bindgen::JsCast;

use super::visit::Visit;

const ID: &str = "reply";
/// The count of characters left shows itself near the limit only.
const NEAR_LIMIT: usize = 500;

/// Puts the focus back where one writes.
pub fn focus() {
    let field =
        document().get_element_by_id(ID).and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(field) = field {
        let _ = field.focus();
    }
}

#[component]
pub fn Composer() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let field = NodeRef::<html::Textarea>::new();
    ui::effect(move || {
        visit.draft.track();
        if let Some(field) = field.get() {
            fit(&field);
        }
    });
    let too_long = move || visit.draft.with(|draft| draft.chars().count() > MESSAGE_MAX);
    let send = move || {
        if !too_long() {
            visit.send_draft();
        }
        focus();
    };
    view! {
        <Limit />
        <form
            class="line"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <label class="hush" for=ID>{text.live("write-reply")}</label>
            <textarea
                id=ID
                node_ref=field
                class="input"
                class:bad=Signal::derive(too_long)
                rows="1"
                dir="auto"
                autocomplete="off"
                aria-describedby="reply-limit"
                aria-invalid=ui::mark(too_long)
                placeholder=text.live("write-reply")
                bind:value=visit.draft
                on:keydown=move |event| {
                    if sends(&event) {
                        event.prevent_default();
                        send();
                    }
                }
            ></textarea>
            <SendButton disabled=Signal::derive(too_long) />
        </form>
    }
}

/// On a phone Enter is a new line and the button sends; elsewhere Shift+Enter is the new line.
fn sends(event: &KeyboardEvent) -> bool {
    let enter = event.key() == "Enter" && !event.is_composing() && !event.shift_key();
    enter && (event.ctrl_key() || event.meta_key() || !is_touch())
}

#[component]
fn SendButton(disabled: Signal<bool>) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <button
            type="submit"
            class="btn primary round"
            aria-label=text.live("send")
            aria-disabled=ui::mark(move || disabled.get())
            // Keeps the focus, and with it a phone's keyboard, in the field.
            on:mousedown=|event| event.prevent_default()
        >
            <Icon name=IconName::Send />
        </button>
    }
}

#[component]
fn Limit() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let length = Memo::new(move |_| visit.draft.with(|draft| draft.chars().count()));
    let words = Signal::derive(move || match MESSAGE_MAX.checked_sub(length.get()) {
        Some(left) if left > NEAR_LIMIT => String::new(),
        Some(left) => text.say_with("characters-left", &[("left", left.into())]),
        None => text.say_with("too-long", &[("over", (length.get() - MESSAGE_MAX).into())]),
    });
    view! {
        <p id="reply-limit" class="limit tiny" class:error=Signal::derive(move || length.get() > MESSAGE_MAX)>
            {words}
        </p>
    }
}

/// As high as its text, up to what the style allows.
fn fit(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    // Sizes set through the CSSOM are allowed by the policy, and well-formed ones are not refused.
    let _ = style.set_property("height", "auto");
    let border = field.offset_height() - field.client_height();
    let _ = style.set_property("height", &format!("{}px", field.scroll_height() + border));
}

fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches())
}
