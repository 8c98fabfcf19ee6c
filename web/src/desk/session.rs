//! The session's end by idleness: put off while somebody works, announced two minutes before.

use std::time::Duration;

use chrono::TimeDelta;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::time;
use sealpost_web::ui::{Button, Dialog, Look};

use super::desk::Desk;

const WARN_BEFORE: TimeDelta = TimeDelta::minutes(2);
/// An open desk asks for its session this often, for the cookie is worth 15 minutes and the limit may be an hour.
/// Asking does not move the limit; a limit that was changed meanwhile is learned.
const ASK_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Input puts the end off, but not more often than this.
const STAY_EVERY: TimeDelta = TimeDelta::minutes(1);

#[component]
pub fn IdleWarning(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let warned = RwSignal::new(false);
    let stayed = StoredValue::new(time::now());
    let stay = move || {
        stayed.set_value(time::now());
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::stay().await) {
                desk.gate.session.set(Some(session));
                warned.try_set(false);
            }
        });
    };
    watch(desk, warned);
    let on_input = move || {
        if !warned.get_untracked() && time::now() - stayed.get_value() >= STAY_EVERY {
            stay();
        }
    };
    let handles = [
        window_event_listener(leptos::ev::pointerdown, move |_| on_input()),
        window_event_listener(leptos::ev::keydown, move |_| on_input()),
    ];
    on_cleanup(move || handles.map(WindowListenerHandle::remove).into_iter().collect());
    view! {
        <Dialog
            open=warned
            title=Signal::derive(move || text.say("idle-title"))
            alert=true
            // Closing the warning is a sign of life like any other.
            on_close=move || {
                if warned.get_untracked() {
                    stay();
                }
            }
        >
            <div class="dialog-body">
                <p>{move || text.say("idle-body")}</p>
            </div>
            <div class="dialog-foot">
                <Button look=Look::Primary on_press=stay>{move || text.say("idle-stay")}</Button>
            </div>
        </Dialog>
    }
}

/// Looks at the clock every second; a laptop that slept notices at once.
fn watch(desk: Desk, warned: RwSignal<bool>) {
    let asked = StoredValue::new(None);
    let heard = StoredValue::new(time::now());
    let ask = move || {
        heard.set_value(time::now());
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                desk.gate.session.set(Some(session));
            }
        });
    };
    let look = move || {
        let Some(ends) =
            desk.gate.session.with_untracked(|s| s.as_ref().map(|s| s.idle_expires_at.min(s.expires_at)))
        else {
            return;
        };
        let left = ends - time::now();
        let soon = left <= WARN_BEFORE;
        if warned.get_untracked() != soon {
            warned.set(soon);
        }
        // The server decides; another tab may have put the end off.
        let over = left <= TimeDelta::zero() && asked.get_value() != Some(ends);
        if over {
            asked.set_value(Some(ends));
        }
        if over || time::now() - heard.get_value() >= ASK_EVERY {
            ask();
        }
    };
    if let Ok(timer) = set_interval_with_handle(look, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
}
