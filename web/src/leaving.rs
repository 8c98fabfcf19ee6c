//! Closing the tab, or reloading, over something that would be lost.

use leptos::prelude::{on_cleanup, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::BeforeUnloadEvent;

/// Has the browser ask, in its own words, while `holds`; for as long as the calling component is in the page.
pub fn ask_before_leaving(holds: impl Fn() -> bool + 'static) {
    let leaving = window_event_listener_untyped("beforeunload", move |event| {
        if !holds() {
            return;
        }
        event.prevent_default();
        // Older browsers look at this alone.
        if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
            event.set_return_value("unsaved");
        }
    });
    on_cleanup(move || leaving.remove());
}
