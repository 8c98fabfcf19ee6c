//! When messages go out: seconds to take one back, hours in which nobody is disturbed, reminders, the
//! other channel.

mod fallback;
mod reminders;

use leptos::prelude::*;
use sealpost_shared::patch::Patch;
use sealpost_shared::settings::{
    Fallback, QuietHours, SendingSettings, UNDO_SECONDS_MAX, UpdateSendingSettings,
};
use sealpost_web::client::{Answer, settings};
use sealpost_web::text::Text;
use sealpost_web::ui::{FieldError, Segmented};

use super::form::{Draft, Form};
use super::form_page::{Changeable, FormSwitch, LoadedForm, SavedForm, offered};
use super::forms::Forms;
use super::frame::SettingsFrame;
use crate::desk::Desk;
use crate::view::{SettingsPage, Wrong, settle};
use fallback::FallbackPanel;
use reminders::{Choice, RemindersPanel};

pub type SendingForm = Form<SendingDraft>;

/// Offered beside whatever is saved.
const SECONDS: [u32; 4] = [0, 5, 10, UNDO_SECONDS_MAX];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendingDraft {
    undo: u32,
    quiet: bool,
    from: String,
    until: String,
    remind: Choice,
    fallback: Fallback,
}

impl SendingDraft {
    /// The hours as they would be saved; nothing when they are off or cannot be hours.
    fn hours(&self) -> Option<QuietHours> {
        let hours = QuietHours { from: self.from.parse().ok()?, until: self.until.parse().ok()? };
        self.quiet.then_some(hours)
    }
}

impl Draft for SendingDraft {
    type Saved = SendingSettings;
    type Patch = UpdateSendingSettings;
    const FIELDS: &'static [(&'static str, &'static str)] = &[
        ("/undo_seconds", "sending-undo"),
        ("/quiet_hours", "sending-quiet"),
        ("/reminders", "sending-reminders"),
        ("/fallback", "sending-fallback"),
    ];

    fn of(saved: &Self::Saved) -> Self {
        let time = |time: Option<&str>, usual: &str| time.unwrap_or(usual).to_owned();
        let hours = saved.quiet_hours.as_ref();
        Self {
            undo: saved.undo_seconds,
            quiet: hours.is_some(),
            from: time(hours.map(|hours| hours.from.as_str()), "20:00"),
            until: time(hours.map(|hours| hours.until.as_str()), "08:00"),
            remind: Choice::of(saved),
            fallback: saved.fallback,
        }
    }

    fn differs(&self, saved: &Self::Saved) -> bool {
        let old = Self::of(saved);
        // Times of hours that are off are nobody's.
        let times = self.from != old.from || self.until != old.until;
        self.undo != old.undo
            || self.quiet != old.quiet
            || (self.quiet && times)
            || self.remind.chosen() != saved.reminders
            || self.fallback != saved.fallback
    }

    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>> {
        let hours = self.hours();
        if self.quiet && hours.as_ref().is_none_or(|hours| hours.from == hours.until) {
            return Err(vec![("/quiet_hours", "sending-quiet-wrong")]);
        }
        let quiet_hours = match (hours == saved.quiet_hours, hours) {
            (true, _) => Patch::Absent,
            (false, Some(hours)) => Patch::Set(hours),
            (false, None) => Patch::Clear,
        };
        let undo_seconds = (self.undo != saved.undo_seconds).then_some(self.undo);
        let reminders = match (self.remind.chosen() == saved.reminders, self.remind.chosen()) {
            (true, _) => Patch::Absent,
            (false, Some(reminders)) => Patch::Set(reminders),
            (false, None) => Patch::Clear,
        };
        let fallback = (self.fallback != saved.fallback).then_some(self.fallback);
        Ok(UpdateSendingSettings { undo_seconds, quiet_hours, reminders, fallback })
    }

    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str> {
        let (old, new) = (Self::of(old), Self::of(new));
        let quiet = [
            settle(&mut self.quiet, &old.quiet, &new.quiet),
            settle(&mut self.from, &old.from, &new.from),
            settle(&mut self.until, &old.until, &new.until),
        ];
        let clashes = [
            ("/undo_seconds", settle(&mut self.undo, &old.undo, &new.undo)),
            ("/quiet_hours", quiet.contains(&true)),
            ("/reminders", settle(&mut self.remind, &old.remind, &new.remind)),
            ("/fallback", settle(&mut self.fallback, &old.fallback, &new.fallback)),
        ];
        clashes.into_iter().filter(|(_, clash)| *clash).map(|(pointer, _)| pointer).collect()
    }

    async fn fetch() -> Answer<Self::Saved> {
        settings::sending().await
    }

    async fn store(patch: Self::Patch) -> Answer<Self::Saved> {
        settings::update_sending(&patch).await
    }

    /// Nothing else on the desk shows it.
    fn tell(_: Desk, _: &Self::Saved) {}
}

#[component]
pub fn SendingPage() -> impl IntoView {
    let form = Forms::from_context().sending;
    view! {
        <SettingsFrame page=SettingsPage::Sending>
            <LoadedForm form=form>
                <SavedForm form=form>
                    <Changeable>
                        <UndoPanel form=form />
                        <QuietPanel form=form />
                        <RemindersPanel form=form />
                        <FallbackPanel form=form />
                    </Changeable>
                </SavedForm>
            </LoadedForm>
        </SettingsFrame>
    }
}

#[component]
fn UndoPanel(form: SendingForm) -> impl IntoView {
    let text = Text::from_context();
    let saved = form.saved.with_untracked(|saved| saved.as_ref().map_or(10, |saved| saved.undo_seconds));
    let words = move |seconds: u32| {
        Signal::derive(move || match seconds {
            0 => text.say("sending-undo-none"),
            n => text.say_with("sending-seconds", &[("n", n.into())]),
        })
    };
    view! {
        <section class="card panel">
            <h3>{text.live("sending-undo-title")}</h3>
            <Segmented
                name="sending-undo"
                legend=text.live("sending-undo")
                choices=offered(&SECONDS, saved).into_iter().map(|seconds| (seconds, words(seconds))).collect()
                chosen=form.read(|draft| draft.undo)
                on_choose=move |seconds| form.change("/undo_seconds", |draft| draft.undo = seconds)
                hint=text.live("sending-undo-hint")
            />
        </section>
    }
}

#[component]
fn QuietPanel(form: SendingForm) -> impl IntoView {
    let text = Text::from_context();
    let error = form.saving.error_at("/quiet_hours");
    view! {
        <section class="card panel">
            <h3>{text.live("sending-quiet")}</h3>
            <FormSwitch
                form=form
                id="sending-quiet"
                label="sending-quiet-on"
                hint="sending-quiet-hint"
                pointer="/quiet_hours"
                read=|draft| draft.quiet
                write=|draft, on| draft.quiet = on
            >
                <div class="quiet-hours">
                    <TimeOfDay
                        id="sending-from"
                        label=text.live("sending-from")
                        value=form.read(|draft| draft.from.clone())
                        on_change=move |time| form.change("/quiet_hours", |draft| draft.from = time)
                    />
                    <TimeOfDay
                        id="sending-until"
                        label=text.live("sending-until")
                        value=form.read(|draft| draft.until.clone())
                        on_change=move |time| form.change("/quiet_hours", |draft| draft.until = time)
                    />
                </div>
                <FieldError id="sending-quiet-error".to_owned() error=error />
                <p class="muted small">{text.live("sending-quiet-not")}</p>
            </FormSwitch>
        </section>
    }
}

#[component]
fn TimeOfDay(
    id: &'static str,
    label: Signal<String>,
    value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            <input
                id=id
                class="input"
                type="time"
                prop:value=value
                aria-describedby="sending-quiet-error"
                on:change=move |event| on_change.run(event_target_value(&event))
            />
        </div>
    }
}
