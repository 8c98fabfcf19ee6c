//! Too many wrong PINs: a pause with its end, and somebody to call.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::time::{self, Style};
use sealpost_web::ui::{Icon, IconName};

use super::frame::{CallLineUntil, Heading, Stage};
use super::visit::Visit;

#[component]
pub fn Locked(until: Option<DateTime<Utc>>) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    // Without a time (an answer cut short) the link is asked again in a minute.
    let until = until.unwrap_or_else(|| time::now() + chrono::TimeDelta::minutes(1));
    time::every_second(move || {
        if time::now() >= until {
            visit.ask_link();
        }
    });
    let when = Signal::derive(move || {
        let today = time::local_day(until) == time::local_day(time::now());
        time::show(until, if today { Style::Time } else { Style::DayTime }, text.language())
    });
    view! {
        <Stage>
            <div class="says">
                <p class="sign warn"><Icon name=IconName::Clock class="i large" /></p>
                <Heading key="locked-title" />
                <p class="muted" role="alert"><CallLineUntil key="locked-text" time=when /></p>
            </div>
        </Stage>
    }
}
