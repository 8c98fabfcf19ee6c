//! Sending later: the time, on the practice's clocks and on the contact's where they differ.

use chrono::{DateTime, Days, NaiveTime, Utc};
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::time::now;
use sealpost_web::ui::{Button, IconName, Look, shown_when};
use sealpost_web::zones::{self, Shown, from_field, instant, to_field, wall};

use super::desk::Desk;
use super::outgoing::Outgoing;

/// What the button that sends says.
pub fn send_key(out: Outgoing) -> &'static str {
    match (out.busy.get(), out.later.with(Option::is_some)) {
        (true, _) => "composer-busy",
        (false, true) => "later-send",
        (false, false) => "composer-send",
    }
}

/// Opens the field for the time, with tomorrow morning in it.
#[component]
pub fn LaterButton(out: Outgoing) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let press = move || {
        let tomorrow = morning(&desk.zone.get_untracked());
        out.later.update(|later| {
            *later = if later.is_some() { None } else { Some(tomorrow) };
        });
        out.trouble.set(None);
    };
    let pressed = Signal::derive(move || out.later.with(Option::is_some));
    view! {
        <Button look=Look::Quiet small=true icon=IconName::Clock pressed=pressed on_press=press>
            {move || text.say("later")}
        </Button>
    }
}

fn morning(zone: &str) -> String {
    let today = wall(now(), zone).unwrap_or_else(|| now().naive_utc());
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let tomorrow = today.date().checked_add_days(Days::new(1)).unwrap_or_else(|| today.date());
    to_field(tomorrow.and_time(nine))
}

/// The time, while it is to go later.
#[component]
pub fn LaterField(
    out: Outgoing,
    id: &'static str,
    theirs: Signal<Option<String>>,
    name: Signal<String>,
) -> impl IntoView {
    let text = Text::from_context();
    shown_when(
        move || out.later.with(Option::is_some),
        move || {
            let value = Signal::derive(move || out.later.get().unwrap_or_default());
            view! {
                <div class="later">
                    <TimeField
                        id=format!("{id}-later")
                        value=value
                        on_change=move |value| {
                            out.later.set(Some(value));
                            out.trouble.set(None);
                        }
                        theirs=theirs
                        name=name
                    />
                    <Button
                        look=Look::Round
                        icon=IconName::Close
                        label=text.live("later-not")
                        on_press=move || out.later.set(None)
                    />
                </div>
            }
            .into_any()
        },
    )
}

/// A day and a time of day, and what that is where the contact is.
#[component]
pub fn TimeField(
    id: String,
    value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    theirs: Signal<Option<String>>,
    name: Signal<String>,
) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let soonest = move || wall(now(), &desk.zone.get()).map(to_field);
    let hint = move || {
        let zone = desk.zone.get();
        let at = from_field(&value.get()).and_then(|local| instant(local, &zone));
        let there = at.and_then(|at| their_time(text, at, &zone, theirs.get(), &name.get()));
        let own = text.say_with("later-zone", &[("zone", zones::words(&zone).into())]);
        there.map_or_else(|| own.clone(), |there| format!("{own} {there}"))
    };
    view! {
        <div class="field later-field">
            <label for=id.clone()>{move || text.say("later-at")}</label>
            <input
                id=id.clone()
                class="input compact"
                type="datetime-local"
                min=soonest
                prop:value=value
                aria-describedby=format!("{id}-hint")
                on:input=move |event| on_change.run(event_target_value(&event))
            />
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
        </div>
    }
}

/// "That is 9:00 AM for Jordan", where their clocks show another time than ours.
fn their_time(
    text: Text,
    at: DateTime<Utc>,
    ours: &str,
    theirs: Option<String>,
    name: &str,
) -> Option<String> {
    let there = theirs.filter(|zone| wall(at, zone) != wall(at, ours))?;
    let time = zones::show(at, &there, Shown::DayTime, text.language())?;
    Some(text.say_with("later-theirs", &[("time", time.into()), ("name", name.to_owned().into())]))
}

/// `today at 8:00 AM`, `tomorrow at 8:00 AM`, `Tue, Mar 3, 8:00 AM`; in the practice's time zone, and the contact's
/// beside it where it differs.
pub fn goes_out(text: Text, at: DateTime<Utc>, ours: &str, theirs: Option<String>, name: &str) -> String {
    let days = |at| wall(at, ours).map(|local| local.date());
    let away = days(at).zip(days(now())).map(|(day, today)| (day - today).num_days());
    let show = |shown| zones::show(at, ours, shown, text.language()).unwrap_or_else(|| at.to_rfc3339());
    let own = match away {
        Some(0) => text.say_with("later-today", &[("time", show(Shown::Time).into())]),
        Some(1) => text.say_with("later-tomorrow", &[("time", show(Shown::Time).into())]),
        _ => show(Shown::DayTime),
    };
    let there = theirs.filter(|zone| wall(at, zone) != wall(at, ours));
    match there.and_then(|zone| zones::show(at, &zone, Shown::Time, text.language())) {
        Some(time) => {
            let values = [("own", own.into()), ("time", time.into()), ("name", name.to_owned().into())];
            text.say_with("later-both", &values)
        }
        None => own,
    }
}
