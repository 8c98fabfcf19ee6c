//! How the organization sends privately: the notice, the link, the PIN.

mod form;
mod insert;
mod links;
mod notice;
mod pin;
mod power;
mod preview;
mod try_out;

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, IconName, Look};

pub use form::SecureForm;
use links::LinksPanel;
use notice::NoticePanel;
use pin::PinPanel;
use power::PowerPanel;
use preview::Previewer;
use try_out::TryOut;

use super::form_page::{Changeable, LoadedForm, SavedForm};
use super::forms::Forms;
use super::frame::SettingsFrame;
use crate::own_fields::OwnFields;
use crate::view::SettingsPage;

#[component]
pub fn SecureMessaging() -> impl IntoView {
    let form = Forms::from_context().secure;
    OwnFields::from_context().load();
    view! {
        <SettingsFrame page=SettingsPage::SecureMessaging>
            <LoadedForm form=form>
                <Panels form=form />
            </LoadedForm>
        </SettingsFrame>
    }
}

#[component]
fn Panels(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    let preview = Previewer::start(form.desk, form);
    let testing = RwSignal::new(false);
    let try_out = move || {
        view! {
            <Button look=Look::Quiet icon=IconName::Send on_press=move || testing.set(true)>
                {text.live("try-out-open")}
            </Button>
        }
    };
    view! {
        <SavedForm form=form beside=try_out>
            <Changeable>
                <PowerPanel form=form />
                <NoticePanel form=form preview=preview />
                <LinksPanel form=form />
                <PinPanel form=form preview=preview />
            </Changeable>
        </SavedForm>
        <TryOut form=form open=testing />
    }
}
