//! What makes a PIN easy to guess, said while it is typed (security.md D4).

use leptos::prelude::*;
use sealpost_shared::contacts::Contact;
use sealpost_shared::pin::{PinWeakness, weaknesses};
use sealpost_shared::text::Pin;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

/// Nothing while there is nothing to say. `about` is whoever is asked for it: their dates and number are easy to guess.
#[component]
pub fn WeakPin(
    #[prop(into)] typed: Signal<String>,
    /// The organization takes no such PINs.
    #[prop(into)]
    refused: Signal<bool>,
    #[prop(optional, into)] about: Signal<Option<Contact>>,
    /// For `aria-describedby` of the field.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let text = Text::from_context();
    let found = Memo::new(move |_| {
        let typed = typed.get();
        if typed.parse::<Pin>().is_err() {
            return Vec::new();
        }
        about.with(|contact| {
            let phone = contact.as_ref().and_then(|c| c.phone.as_ref()).map(|phone| phone.as_str());
            let days = contact.iter().flat_map(|c| c.custom_fields.values()).map(|value| value.as_str());
            weaknesses(&typed, phone, days)
        })
    });
    let sentence = move || {
        let why: Vec<String> = found.get().into_iter().map(|weakness| text.say(key_of(weakness))).collect();
        let key = if refused.get() { "weak-pin-refused" } else { "weak-pin" };
        text.say_with(key, &[("why", why.join(", ").into())])
    };
    view! {
        <p class="weak-pin small" id=id role="status">
            <Show when=move || !found.with(Vec::is_empty)>
                <Icon name=IconName::Alert />
                <span>{sentence}</span>
            </Show>
        </p>
    }
}

const fn key_of(weakness: PinWeakness) -> &'static str {
    match weakness {
        PinWeakness::Short => "weak-short",
        PinWeakness::Repeats => "weak-repeats",
        PinWeakness::Sequence => "weak-sequence",
        PinWeakness::Common => "weak-common",
        PinWeakness::BirthDate => "weak-date",
        PinWeakness::Phone => "weak-phone",
    }
}
