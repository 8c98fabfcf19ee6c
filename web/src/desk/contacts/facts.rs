//! What is known of a contact, for who may look but not change: words, no fields.

use leptos::prelude::*;
use sealpost_shared::contact_fields::ContactFieldKind;
use sealpost_shared::contacts::Contact;
use sealpost_web::text::Text;

use crate::context::Reach;
use crate::own_fields::OwnFields;

#[component]
pub fn Facts(contact: RwSignal<Option<Contact>>) -> impl IntoView {
    let own = OwnFields::from_context();
    own.load();
    move || {
        contact.get().map(|contact| {
            view! {
                <Reach contact=contact.clone() />
                <OwnFacts contact=contact own=own />
            }
        })
    }
}

/// The organization's own fields.
#[component]
fn OwnFacts(contact: Contact, own: OwnFields) -> impl IntoView {
    let text = Text::from_context();
    let said = move |kind: ContactFieldKind, value: Option<&str>| match (kind, value) {
        (_, None) => text.say("not-given"),
        (ContactFieldKind::Boolean, Some(value)) => {
            text.say(if value == "true" { "custom-yes" } else { "custom-no" })
        }
        (_, Some(value)) => value.to_owned(),
    };
    let lines = move || {
        own.all.with(|fields| {
            fields
                .iter()
                .map(|field| {
                    let value = contact.custom_fields.get(field.key.as_str()).map(|value| value.as_str());
                    let value = said(field.kind, value);
                    view! {
                        <dt><bdi>{field.label.as_str().to_owned()}</bdi></dt>
                        <dd><bdi>{value}</bdi></dd>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Show when=move || !own.all.with(Vec::is_empty)>
            <dl>{lines.clone()}</dl>
        </Show>
    }
}
