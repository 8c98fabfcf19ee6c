//! How the practice shows itself: logo, colour, phone and hours, beside the page its clients see.

mod color;
mod details;
mod form;
mod hours;
mod logo;
mod picture;

use leptos::prelude::*;

use color::ColorPanel;
use details::DetailsPanel;
pub use form::PracticeForm;
use hours::HoursPanel;
use logo::LogoPanel;
use picture::Picture;

use super::form_page::{Changeable, LoadedForm, SavedForm};
use super::forms::Forms;
use super::frame::SettingsFrame;
use crate::view::SettingsPage;

#[component]
pub fn Practice() -> impl IntoView {
    let form = Forms::from_context().practice;
    view! {
        <SettingsFrame page=SettingsPage::Practice>
            <LoadedForm form=form>
                <SavedForm form=form>
                    <div class="with-picture">
                        <Changeable>
                            <LogoPanel form=form />
                            <ColorPanel form=form />
                            <DetailsPanel form=form />
                            <HoursPanel form=form />
                        </Changeable>
                        <Picture form=form />
                    </div>
                </SavedForm>
            </LoadedForm>
        </SettingsFrame>
    }
}
