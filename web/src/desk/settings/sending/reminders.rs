//! Reminders of what nobody opens: after how long, and how many.

use leptos::prelude::*;
use sealpost_shared::settings::{Reminders, SendingSettings};
use sealpost_web::text::Text;
use sealpost_web::ui::Segmented;

use super::SendingForm;
use crate::settings::form_page::{FormSwitch, offered};

/// Offered beside whatever is saved.
const HOURS: [u32; 5] = [4, 12, 24, 48, 72];
const TIMES: [u32; 4] = [0, 1, 2, 3];
const USUAL: Reminders = Reminders { after_hours: 24, times: 3 };

/// As on the page: what was chosen stays while the switch is off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choice {
    on: bool,
    after_hours: u32,
    times: u32,
}

impl Choice {
    pub fn of(saved: &SendingSettings) -> Self {
        let Reminders { after_hours, times } = saved.reminders.unwrap_or(USUAL);
        Self { on: saved.reminders.is_some(), after_hours, times }
    }

    /// As it would be saved.
    pub fn chosen(self) -> Option<Reminders> {
        self.on.then_some(Reminders { after_hours: self.after_hours, times: self.times })
    }
}

#[component]
pub fn RemindersPanel(form: SendingForm) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("sending-reminders")}</h3>
            <FormSwitch
                form=form
                id="sending-remind"
                label="sending-remind-on"
                hint="sending-remind-hint"
                pointer="/reminders"
                read=|draft| draft.remind.on
                write=|draft, on| draft.remind.on = on
            >
                <Chosen form=form />
            </FormSwitch>
        </section>
    }
}

#[component]
fn Chosen(form: SendingForm) -> impl IntoView {
    let text = Text::from_context();
    let saved = form.saved.with_untracked(|saved| saved.as_ref().and_then(|saved| saved.reminders));
    let saved = saved.unwrap_or(USUAL);
    let hours =
        move |n: u32| Signal::derive(move || text.say_with("sending-remind-hours", &[("n", n.into())]));
    let times = move |n: u32| {
        Signal::derive(move || match n {
            0 => text.say("sending-remind-none"),
            n => text.say_with("sending-remind-number", &[("n", n.into())]),
        })
    };
    view! {
        <Segmented
            name="sending-remind-after"
            legend=text.live("sending-remind-after")
            choices=offered(&HOURS, saved.after_hours).into_iter().map(|n| (n, hours(n))).collect()
            chosen=form.read(|draft| draft.remind.after_hours)
            on_choose=move |n| form.change("/reminders", |draft| draft.remind.after_hours = n)
            hint=text.live("sending-remind-after-hint")
        />
        <Segmented
            name="sending-remind-times"
            legend=text.live("sending-remind-times")
            choices=TIMES.into_iter().map(|n| (n, times(n))).collect()
            chosen=form.read(|draft| draft.remind.times)
            on_choose=move |n| form.change("/reminders", |draft| draft.remind.times = n)
            hint=text.live("sending-remind-times-hint")
        />
        <p class="muted small">{text.live("sending-remind-not")}</p>
    }
}
