//! Single keys: `j` and `k` walk the list, `c` writes a new message. Never while somebody types.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::desk::Desk;

pub fn listen(desk: Desk) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if is_typing(&event) || dialog_is_open() {
            return;
        }
        match event.key().as_str() {
            "j" => walk(&event, 1),
            "k" => walk(&event, -1),
            "c" => {
                event.prevent_default();
                desk.compose(None);
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target
        .is_some_and(|element| element.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
}

fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// From the row that has the focus, else from the open one, else from the start.
fn walk(event: &KeyboardEvent, by: i32) {
    let Ok(rows) = document().query_selector_all("[data-row]") else { return };
    let focused = document().active_element();
    let at = |found: &dyn Fn(&Element) -> bool| {
        (0..rows.length()).find(|i| {
            rows.get(*i).and_then(|node| node.dyn_into::<Element>().ok()).is_some_and(|row| found(&row))
        })
    };
    let here = at(&|row| Some(row) == focused.as_ref()).map(|i| i as i32 + by);
    let here = here.or_else(|| at(&|row| row.has_attribute("aria-current")).map(|i| i as i32 + by));
    let next = here.unwrap_or(0).clamp(0, (rows.length() as i32 - 1).max(0));
    if let Some(row) = rows.get(next as u32).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = row.focus();
    }
}
