//! The ways out: texts and email. Forms that the first start and the settings share.

pub mod email;
pub mod sms;
pub mod test;

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::ShowHide;

fn typed(field: RwSignal<String>) -> String {
    field.get_untracked().trim().to_owned()
}

fn secret_words(text: Text) -> ShowHide {
    ShowHide {
        show: text.live("show"),
        hide: text.live("hide"),
        show_what: text.live("secret-show"),
        hide_what: text.live("secret-hide"),
    }
}

/// For what cannot be changed from here: there is nothing to save before a test.
pub fn as_it_is() -> Callback<Callback<()>> {
    Callback::new(|then: Callback<()>| then.run(()))
}
