//! A contact's fields, for somebody new and for somebody known.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::{Contact, CreateContact, UpdateContact};
use sealpost_shared::ids::ContactId;
use sealpost_shared::patch::Patch;
use sealpost_web::client::{ClientError, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, FieldError, Look, Tone};
use uuid::Uuid;

use super::custom::{CustomFieldInputs, CustomInputs};
use crate::desk::Desk;
use crate::said;
use crate::view::{CustomTyped, custom_patch, custom_typed, custom_values};

/// What is typed into the form; one text per field, and what is wrong with it.
#[derive(Clone, Copy)]
struct Fields {
    first_name: RwSignal<String>,
    last_name: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    language: RwSignal<String>,
    phone_error: RwSignal<Option<String>>,
    email_error: RwSignal<Option<String>>,
    custom: CustomInputs,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Fields {
    fn of(contact: Option<&Contact>) -> Self {
        let text = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        Self {
            first_name: text(contact.and_then(|c| c.first_name.as_ref()).map(|v| v.as_str())),
            last_name: text(contact.and_then(|c| c.last_name.as_ref()).map(|v| v.as_str())),
            phone: text(contact.and_then(|c| c.phone.as_ref()).map(|v| v.as_str())),
            email: text(contact.and_then(|c| c.email.as_ref()).map(|v| v.as_str())),
            language: text(contact.and_then(|c| c.language.as_deref())),
            phone_error: RwSignal::new(None),
            email_error: RwSignal::new(None),
            custom: CustomInputs::of(
                contact.map_or_else(CustomTyped::new, |c| custom_typed(&c.custom_fields)),
            ),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// What is typed as a contact of its own, or nothing while a field is not right; the fields say which.
    fn parse(self, text: Text) -> Option<CreateContact> {
        let phone = parsed(self.phone, self.phone_error, || text.say("phone-wrong"));
        let email = parsed(self.email, self.email_error, || text.say("email-wrong"));
        let language = self.language.get_untracked().trim().to_owned();
        if !self.custom.check() {
            return None;
        }
        Some(CreateContact {
            // A name is wrong only when it is empty or far too long.
            first_name: self.first_name.get_untracked().parse().ok(),
            last_name: self.last_name.get_untracked().parse().ok(),
            phone: phone.ok()?,
            email: email.ok()?,
            language: (!language.is_empty()).then_some(language),
            custom_fields: self.custom.fields.all.with_untracked(|fields| {
                self.custom.typed.with_untracked(|typed| custom_values(fields, typed))
            }),
            ..CreateContact::default()
        })
    }

    /// A refusal of an own field lands there, any other is said for the whole form.
    fn refused(self, text: Text, error: &ClientError) {
        let errors = match error {
            ClientError::Problem(problem) => problem.errors.clone(),
            ClientError::Offline | ClientError::Unexpected => Vec::new(),
        };
        if !errors.iter().any(|error| error.pointer.starts_with("/custom_fields/")) {
            self.error.try_set(Some(said::sentence(text, error)));
        }
        self.custom.refused.try_set(errors);
    }
}

fn parsed<T: std::str::FromStr>(
    field: RwSignal<String>,
    error: RwSignal<Option<String>>,
    wrong: impl FnOnce() -> String,
) -> Result<Option<T>, ()> {
    let typed = field.get_untracked();
    error.set(None);
    if typed.trim().is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| error.set(Some(wrong())))
}

/// Only what differs: absent fields stay, emptied ones are cleared.
fn patch_between(before: &Contact, typed: CreateContact) -> UpdateContact {
    fn field<T: PartialEq>(before: &Option<T>, typed: Option<T>) -> Patch<T> {
        match typed {
            Some(value) if before.as_ref() != Some(&value) => Patch::Set(value),
            None if before.is_some() => Patch::Clear,
            _ => Patch::Absent,
        }
    }
    UpdateContact {
        first_name: field(&before.first_name, typed.first_name),
        last_name: field(&before.last_name, typed.last_name),
        phone: field(&before.phone, typed.phone),
        email: field(&before.email, typed.email),
        language: field(&before.language, typed.language),
        ..UpdateContact::default()
    }
}

#[component]
fn Inputs(fields: Fields) -> impl IntoView {
    let text = Text::from_context();
    let word = move |key: &'static str| Signal::derive(move || text.say(key));
    view! {
        <div class="two">
            <Field id="contact-first" label=word("contact-first") value=fields.first_name />
            <Field id="contact-last" label=word("contact-last") value=fields.last_name />
        </div>
        <Field
            id="contact-phone"
            label=word("reach-phone")
            value=fields.phone
            kind="tel"
            placeholder=word("phone-example")
            error=fields.phone_error
        />
        <Field id="contact-email" label=word("reach-email") value=fields.email kind="email" error=fields.email_error />
        <Field
            id="contact-language"
            label=word("reach-language")
            value=fields.language
            hint=word("language-hint")
        />
        <CustomFieldInputs inputs=fields.custom />
        <FieldError id="contact-error".to_owned() error=fields.error />
    }
}

#[component]
pub fn NewContact(
    #[prop(into)] on_created: Callback<ContactId>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let fields = Fields::of(None);
    // One form makes one contact, however often its button is pressed.
    let key = StoredValue::new((String::new(), Uuid::new_v4()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(contact) = fields.parse(text) else { return };
        if fields.busy.get_untracked() {
            return;
        }
        fields.busy.set(true);
        fields.error.set(None);
        let body = serde_json::to_string(&contact).unwrap_or_default();
        if key.with_value(|(before, _)| *before != body) {
            key.set_value((body, Uuid::new_v4()));
        }
        spawn_local(async move {
            let answer = desk.gate.hear(staff::create_contact(&contact, key.get_value().1).await);
            fields.busy.try_set(false);
            match answer {
                Ok(contact) => {
                    let _ = on_created.try_run(contact.id);
                }
                Err(error) => fields.refused(text, &error),
            }
        });
    };
    view! {
        <form class="compose" on:submit=submit novalidate>
            <Inputs fields=fields />
            <div class="dialog-foot">
                <Button on_press=on_cancel>{move || text.say("cancel")}</Button>
                <Button look=Look::Primary submit=true disabled=fields.busy>{move || text.say("contact-add")}</Button>
            </div>
        </form>
    }
}

#[component]
pub fn EditContact(contact: Contact, #[prop(into)] on_saved: Callback<Contact>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let fields = Fields::of(Some(&contact));
    let before = StoredValue::new(contact);
    let saved = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(typed) = fields.parse(text) else { return };
        if fields.busy.get_untracked() {
            return;
        }
        fields.busy.set(true);
        fields.error.set(None);
        saved.set(false);
        let (id, mut patch) = before.with_value(|before| (before.id, patch_between(before, typed)));
        patch.custom_fields = fields.custom.fields.all.with_untracked(|known| {
            let typed = fields.custom.typed.get_untracked();
            before.with_value(|before| custom_patch(known, &before.custom_fields, &typed))
        });
        spawn_local(async move {
            let answer = desk.gate.hear(staff::update_contact(id, &patch).await);
            fields.busy.try_set(false);
            match answer {
                Ok(contact) => {
                    before.try_set_value(contact.clone());
                    saved.try_set(true);
                    on_saved.try_run(contact);
                }
                Err(error) => fields.refused(text, &error),
            }
        });
    };
    view! {
        <form class="compose" on:submit=submit novalidate>
            <Inputs fields=fields />
            <Show when=move || saved.get()>
                <Banner tone=Tone::Info>{move || text.say("contact-saved")}</Banner>
            </Show>
            <div class="row">
                <Button look=Look::Primary small=true submit=true disabled=fields.busy>
                    {move || text.say("contact-save")}
                </Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_holds_only_what_changed() {
        let before: Contact = serde_json::from_value(serde_json::json!({
            "id": "ctc_01h455vb4pex5vsknk084sn02q", "display_name": "Jordan Reyes", "first_name": "Jordan",
            "email": "j@example.org", "has_pin": true, "pin_disabled": false,
            "created_at": "2026-11-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z",
        }))
        .expect("a contact");
        let typed = CreateContact {
            first_name: "Jordan".parse().ok(),
            last_name: "Reyes".parse().ok(),
            ..CreateContact::default()
        };
        let patch = patch_between(&before, typed);
        let json = serde_json::to_value(&patch).expect("json");
        assert_eq!(json, serde_json::json!({"last_name": "Reyes", "email": null}));
    }
}
