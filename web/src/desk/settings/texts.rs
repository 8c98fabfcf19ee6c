//! Texts: how many went out, how many a month may hold, and where they may go.

mod countries;
mod form;
mod usage;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Entry, EntryNode, IconName, Switch, Tone, shown_when};

pub use form::TextsForm;

use super::forms::Forms;
use super::frame::{SettingsFrame, may_change, on_off};
use super::saving::SaveBar;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::loading::LoadFailed;
use crate::view::{SettingsPage, as_sentence, refusal};
use countries::Countries;
use usage::Usage;

#[component]
pub fn TextsPage() -> impl IntoView {
    let form = Forms::from_context().texts;
    form.load();
    form.desk.load_texts();
    let stage = form.stage();
    view! {
        <SettingsFrame page=SettingsPage::Texts>
            <Usage desk=form.desk />
            {move || match stage.get() {
                Ok(()) => view! { <Panels form=form /> }.into_any(),
                Err(Some(error)) => view! { <LoadFailed error=error on_retry=move || form.load() /> }.into_any(),
                Err(None) => view! { <Skeleton /> }.into_any(),
            }}
        </SettingsFrame>
    }
}

#[component]
fn Panels(form: TextsForm) -> impl IntoView {
    let text = Text::from_context();
    let may_change = may_change(Desk::from_context());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save(text);
    };
    view! {
        <form class="settings-form" on:submit=submit novalidate>
            <fieldset class="plain" disabled=move || !may_change.get()>
                <LimitPanel form=form />
                <Countries form=form />
            </fieldset>
            {shown_when(
                move || may_change.get(),
                move || {
                    view! {
                        <SaveBar saving=form.saving dirty=form.dirty on_discard=move || form.discard() />
                    }
                    .into_any()
                },
            )}
        </form>
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
            <Switch
                id="texts-limit"
                label=text.live("texts-limit")
                hint=text.live("texts-limit-hint")
                on=limited
                state=on_off(text, limited)
                on_change=move |on| form.change("/limit_monthly_segments", |draft| draft.limited = on)
            />
            {shown_when(
                move || limited.get(),
                move || {
                    view! {
                        <div class="short-field">
                            <Entry
                                id="texts-limit-number"
                                label=text.live("texts-limit-number")
                                hint=text.live("texts-limit-number-hint")
                                value=form.read(|draft| draft.segments.clone())
                                on_input=move |typed| {
                                    form.change("/monthly_segments", |draft| draft.segments = typed)
                                }
                                error=wrong
                                inputmode="numeric"
                                node=EntryNode::Line(node)
                            />
                        </div>
                    }
                    .into_any()
                },
            )}
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
