//! "Leave": at once, but not over something that was typed and not sent.

use leptos::prelude::*;
use sealpost_web::leaving::ask_before_leaving;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look};

use super::thread::Thread;
use super::visit::Visit;

#[component]
pub fn Leave() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let asking = RwSignal::new(false);
    let would_lose = move || {
        let typed = visit.draft.with_untracked(|draft| !draft.trim().is_empty());
        typed || !visit.thread.with_untracked(Thread::unsent).is_empty()
    };
    // What was typed is nowhere else: not in the browser's storage either.
    ask_before_leaving(would_lose);
    let leave = move || if would_lose() { asking.set(true) } else { visit.leave() };
    view! {
        <Button look=Look::Quiet on_press=leave>{text.live("leave")}</Button>
        <Dialog
            open=asking
            title=text.live("leave-title")
            on_close=move || asking.set(false)
        >
            <p>{text.live("leave-text")}</p>
            <div class="row spread">
                <Button on_press=move || asking.set(false)>{text.live("leave-stay")}</Button>
                <Button look=Look::Danger on_press=move || visit.leave()>
                    {text.live("leave-anyway")}
                </Button>
            </div>
        </Dialog>
    }
}
