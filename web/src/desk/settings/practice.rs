//! How the practice shows itself: logo, colour, phone and hours, beside the page its clients see.

mod color;
mod details;
mod form;
mod hours;
mod logo;
mod picture;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::shown_when;

use color::ColorPanel;
use details::DetailsPanel;
pub use form::PracticeForm;
use hours::HoursPanel;
use logo::LogoPanel;
use picture::Picture;

use super::forms::Forms;
use super::frame::{SettingsFrame, may_change};
use super::saving::SaveBar;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::loading::LoadFailed;
use crate::view::SettingsPage;

#[component]
pub fn Practice() -> impl IntoView {
    let form = Forms::from_context().practice;
    form.load();
    let stage = form.stage();
    view! {
        <SettingsFrame page=SettingsPage::Practice>
            {move || match stage.get() {
                Ok(()) => view! { <Panels form=form /> }.into_any(),
                Err(Some(error)) => view! { <LoadFailed error=error on_retry=move || form.load() /> }.into_any(),
                Err(None) => view! { <Skeleton /> }.into_any(),
            }}
        </SettingsFrame>
    }
}

#[component]
fn Panels(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let may_change = may_change(desk);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save(text);
    };
    view! {
        <form class="settings-form" on:submit=submit novalidate>
            <div class="with-picture">
                <fieldset class="plain" disabled=move || !may_change.get()>
                    <LogoPanel form=form />
                    <ColorPanel form=form />
                    <DetailsPanel form=form />
                    <HoursPanel form=form />
                </fieldset>
                <Picture form=form />
            </div>
            {shown_when(
                move || may_change.get(),
                move || {
                    view! { <SaveBar saving=form.saving dirty=form.dirty on_discard=move || form.discard() /> }
                        .into_any()
                },
            )}
        </form>
    }
}
