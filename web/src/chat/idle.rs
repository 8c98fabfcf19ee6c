//! Two minutes before the session ends, one question; at its end, the conversation leaves the page.

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::time;
use sealpost_web::ui::{Button, Dialog, Look};

use super::view::minutes_and_seconds;
use super::visit::{Screen, Visit};

const WARN_SECONDS: i64 = 120;

#[component]
pub fn IdleWarning() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let left = RwSignal::new(i64::MAX);
    let asked = StoredValue::new(false);
    time::every_second(move || {
        let Some(session) = visit.session.get_untracked() else { return };
        let now = time::now();
        if now >= session.expires_at.min(session.idle_expires_at) {
            return visit.time_is_up();
        }
        let seconds = (session.idle_expires_at - now).num_seconds();
        // Before anybody is warned: another tab may have moved the limit.
        let soon = seconds <= WARN_SECONDS + 5;
        if soon && !asked.get_value() {
            visit.ask_for_session();
        }
        asked.set_value(soon);
        let shown = if seconds <= WARN_SECONDS { seconds } else { i64::MAX };
        if shown != left.get_untracked() {
            left.set(shown);
        }
    });
    // Called by the button, and again when its dialog closes.
    let stay = move || {
        if left.get_untracked() <= WARN_SECONDS {
            left.set(i64::MAX);
            visit.stay();
        }
    };
    let open = Memo::new(move |_| left.get() <= WARN_SECONDS);
    let words = Signal::derive(move || {
        text.say_with("idle-text", &[("time", minutes_and_seconds(left.get()).into())])
    });
    view! {
        <Dialog open=open title=text.live("idle-title") on_close=stay alert=true>
            // A timer is not read aloud each second.
            <p role="timer" aria-live="off">{words}</p>
            <Button look=Look::Primary on_press=stay>{text.live("idle-stay")}</Button>
        </Dialog>
    }
}

impl Visit {
    /// The link may have ended with the session; while its token is here, it says so itself.
    fn time_is_up(self) {
        let link_over = self
            .chat
            .with_untracked(|chat| chat.as_ref().is_some_and(|chat| chat.link.expires_at <= time::now()));
        self.close(true);
        if link_over && self.has_token() {
            self.ask_link();
        } else {
            self.screen.set(Screen::SignedOut);
        }
    }
}
