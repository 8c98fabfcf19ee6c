//! What is asked of everybody who works here: a second step, and how long a desk may be left alone.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::settings::{STAFF_IDLE_MINUTES, SecuritySettings, UpdateSecuritySettings};
use sealpost_web::client::{Answer, settings, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, IconName, Segmented, Tone, shown_when};

use super::form::{Draft, Form};
use super::form_page::{FormSwitch, LoadedForm, SavedForm, offered};
use super::forms::Forms;
use super::frame::SettingsFrame;
use crate::desk::Desk;
use crate::view::{Place, SettingsPage, Wrong, settle};

pub type SecurityForm = Form<SecurityDraft>;

/// Offered beside whatever is saved.
const MINUTES: [u32; 4] = [*STAFF_IDLE_MINUTES.start(), 15, 30, *STAFF_IDLE_MINUTES.end()];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecurityDraft {
    required: bool,
    minutes: u32,
}

impl Draft for SecurityDraft {
    type Saved = SecuritySettings;
    type Patch = UpdateSecuritySettings;
    const FIELDS: &'static [(&'static str, &'static str)] =
        &[("/require_second_factor", "security-second"), ("/staff_idle_minutes", "security-idle")];

    fn of(saved: &Self::Saved) -> Self {
        Self { required: saved.require_second_factor, minutes: saved.staff_idle_minutes }
    }

    fn differs(&self, saved: &Self::Saved) -> bool {
        *self != Self::of(saved)
    }

    fn patch(&self, saved: &Self::Saved) -> Result<Self::Patch, Vec<Wrong>> {
        let saved = Self::of(saved);
        Ok(UpdateSecuritySettings {
            require_second_factor: (self.required != saved.required).then_some(self.required),
            staff_idle_minutes: (self.minutes != saved.minutes).then_some(self.minutes),
        })
    }

    fn rebase(&mut self, old: &Self::Saved, new: &Self::Saved) -> Vec<&'static str> {
        let (old, new) = (Self::of(old), Self::of(new));
        let clashes = [
            ("/require_second_factor", settle(&mut self.required, &old.required, &new.required)),
            ("/staff_idle_minutes", settle(&mut self.minutes, &old.minutes, &new.minutes)),
        ];
        clashes.into_iter().filter(|(_, clash)| *clash).map(|(pointer, _)| pointer).collect()
    }

    async fn fetch() -> Answer<Self::Saved> {
        settings::security().await
    }

    async fn store(patch: Self::Patch) -> Answer<Self::Saved> {
        settings::update_security(&patch).await
    }

    /// The warning before the end goes by what the session says.
    fn tell(desk: Desk, _: &Self::Saved) {
        spawn_local(async move {
            if let Ok(session) = desk.gate.hear(staff::session().await) {
                desk.gate.session.try_set(Some(session));
            }
        });
    }
}

#[component]
pub fn SecurityPage() -> impl IntoView {
    let form = Forms::from_context().security;
    view! {
        <SettingsFrame page=SettingsPage::Security>
            <LoadedForm form=form>
                <SavedForm form=form>
                    <SecondStepPanel form=form />
                    <IdlePanel form=form />
                </SavedForm>
            </LoadedForm>
        </SettingsFrame>
    }
}

#[component]
fn SecondStepPanel(form: SecurityForm) -> impl IntoView {
    let text = Text::from_context();
    let gate = form.desk.gate;
    let has = Memo::new(move |_| gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_second_step)));
    let required = form.read(|draft| draft.required);
    let saved = form.known(|saved| saved.require_second_factor);
    let without = form.known(|saved| saved.people_without_second_factor);
    let turns_on = move || required.get() && !saved.get();
    view! {
        <section class="card panel">
            <h3>{text.live("account-second")}</h3>
            <fieldset class="plain" disabled=move || !has.get() && !saved.get()>
                <FormSwitch
                    form=form
                    id="security-second"
                    label="security-second"
                    hint="security-second-hint"
                    pointer="/require_second_factor"
                    read=|draft| draft.required
                    write=|draft, on| draft.required = on
                />
            </fieldset>
            <p class="muted small">
                {move || text.say_with("security-without", &[("n", without.get().into())])}
            </p>
            {shown_when(
                move || !has.get() && !saved.get(),
                move || {
                    view! {
                        <Banner tone=Tone::Info icon=IconName::Lock>
                            <span class="grow">{move || text.say("security-second-first")}</span>
                            <a href=Place::Settings(Some(SettingsPage::Account)).path()>
                                {move || text.say("security-second-own")}
                            </a>
                        </Banner>
                    }
                    .into_any()
                },
            )}
            {shown_when(
                turns_on,
                move || {
                    view! {
                        <Banner tone=Tone::Warn icon=IconName::Alert>{move || text.say("security-second-ends")}</Banner>
                    }
                    .into_any()
                },
            )}
        </section>
    }
}

#[component]
fn IdlePanel(form: SecurityForm) -> impl IntoView {
    let text = Text::from_context();
    let saved = form.saved.with_untracked(|saved| saved.as_ref().map_or(15, |s| s.staff_idle_minutes));
    let words = move |minutes: u32| {
        Signal::derive(move || text.say_with("security-minutes", &[("n", minutes.into())]))
    };
    view! {
        <section class="card panel">
            <Segmented
                name="security-idle"
                legend=text.live("security-idle")
                choices=offered(&MINUTES, saved).into_iter().map(|minutes| (minutes, words(minutes))).collect()
                chosen=form.read(|draft| draft.minutes)
                on_choose=move |minutes| form.change("/staff_idle_minutes", |draft| draft.minutes = minutes)
                hint=text.live("security-idle-hint")
            />
        </section>
    }
}
