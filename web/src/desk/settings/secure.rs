//! How the organization sends privately: the notice, the link, the PIN.

mod form;
mod insert;
mod links;
mod notice;
mod pin;
mod power;
mod preview;
mod try_out;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, IconName, Look, shown_when};

pub use form::SecureForm;
use links::LinksPanel;
use notice::NoticePanel;
use pin::PinPanel;
use power::PowerPanel;
use preview::Previewer;
use try_out::TryOut;

use super::forms::Forms;
use super::frame::{SettingsFrame, may_change};
use super::saving::SaveBar;
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::loading::LoadFailed;
use crate::own_fields::OwnFields;
use crate::view::SettingsPage;

#[component]
pub fn SecureMessaging() -> impl IntoView {
    let form = Forms::from_context().secure;
    form.load();
    OwnFields::from_context().load();
    let stage = form.stage();
    view! {
        <SettingsFrame page=SettingsPage::SecureMessaging>
            {move || match stage.get() {
                Ok(()) => view! { <Panels form=form /> }.into_any(),
                Err(Some(error)) => view! { <LoadFailed error=error on_retry=move || form.load() /> }.into_any(),
                Err(None) => view! { <Skeleton /> }.into_any(),
            }}
        </SettingsFrame>
    }
}

#[component]
fn Panels(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let may_change = may_change(desk);
    let preview = Previewer::start(desk, form);
    let testing = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save(text);
    };
    view! {
        <form class="settings-form" on:submit=submit novalidate>
            <fieldset class="plain" disabled=move || !may_change.get()>
                <PowerPanel form=form />
                <NoticePanel form=form preview=preview />
                <LinksPanel form=form />
                <PinPanel form=form preview=preview />
            </fieldset>
            {shown_when(
                move || may_change.get(),
                move || {
                    view! {
                        <SaveBar saving=form.saving dirty=form.dirty on_discard=move || form.discard()>
                            <Button
                                look=Look::Quiet
                                icon=IconName::Send
                                on_press=move || testing.set(true)
                            >
                                {text.live("try-out-open")}
                            </Button>
                        </SaveBar>
                    }
                    .into_any()
                },
            )}
        </form>
        <TryOut form=form open=testing />
    }
}
