//! Texts: how many went out, how many a month may hold, and where they may go.

mod countries;
mod form;
mod usage;

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Entry, EntryNode, IconName, Tone, shown_when};

pub use form::TextsForm;

use super::form_page::{Changeable, FormSwitch, LoadedForm, SavedForm};
use super::forms::Forms;
use super::frame::SettingsFrame;
use crate::view::{SettingsPage, as_sentence, refusal};
use countries::Countries;
use usage::Usage;

#[component]
pub fn TextsPage() -> impl IntoView {
    let form = Forms::from_context().texts;
    form.desk.load_texts();
    view! {
        <SettingsFrame page=SettingsPage::Texts>
            <Usage desk=form.desk />
            <LoadedForm form=form>
                <SavedForm form=form>
                    <Changeable>
                        <LimitPanel form=form />
                        <Countries form=form />
                    </Changeable>
                </SavedForm>
            </LoadedForm>
        </SettingsFrame>
    }
}

#[component]
fn LimitPanel(form: TextsForm) -> impl IntoView {
    let text = Text::from_context();
    let limited = form.read(|draft| draft.limited);
    let daily = form.known(|saved| saved.daily_texts_of_contact);
    let refused = form.saving.refused;
    let wrong = Signal::derive(move || {
        refused.with(|errors| refusal(errors, "/monthly_segments").map(|error| as_sentence(&error.detail)))
    });
    let node = NodeRef::new();
    view! {
        <section class="card panel">
            <FormSwitch
                form=form
                id="texts-limit"
                label="texts-limit"
                hint="texts-limit-hint"
                pointer="/limit_monthly_segments"
                read=|draft| draft.limited
                write=|draft, on| draft.limited = on
            >
                <div class="short-field">
                    <Entry
                        id="texts-limit-number"
                        label=text.live("texts-limit-number")
                        hint=text.live("texts-limit-number-hint")
                        value=form.read(|draft| draft.segments.clone())
                        on_input=move |typed| form.change("/monthly_segments", |draft| draft.segments = typed)
                        error=wrong
                        inputmode="numeric"
                        node=EntryNode::Line(node)
                    />
                </div>
            </FormSwitch>
            {shown_when(
                move || !limited.get(),
                move || {
                    view! {
                        <Banner tone=Tone::Warn icon=IconName::Alert>{move || text.say("texts-limit-off")}</Banner>
                    }
                    .into_any()
                },
            )}
            <p class="muted small">{move || text.say_with("texts-daily", &[("n", daily.get().into())])}</p>
        </section>
    }
}
