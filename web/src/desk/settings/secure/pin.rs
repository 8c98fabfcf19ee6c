//! Whether links ask for a PIN, and which one those get who have none of their own.

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::settings::{DefaultPinKind, PinSource};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Entry, EntryNode, Icon, IconName, Segmented, shown_when};

use super::SecureForm;
use super::insert::{Lines, Piece, TemplateField};
use super::notice::piece;
use super::preview::Previewer;
use crate::own_fields::OwnFields;
use crate::settings::form_page::FormSwitch;
use crate::weak_pin::WeakPin;

/// What a PIN can be made of, with the key of its words.
const FIELDS: &[(&str, &str)] = &[
    ("contact.phone | slice: -4, 4", "piece-phone-end"),
    ("contact.last_name | downcase", "piece-last-name"),
    ("contact.external_id", "piece-external-id"),
];

#[component]
pub fn PinPanel(form: SecureForm, preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    let kind = form.read(|draft| draft.pin.kind);
    let kinds = vec![
        (DefaultPinKind::None, text.live("pins-none")),
        (DefaultPinKind::Text, text.live("pins-text")),
        (DefaultPinKind::Template, text.live("pins-template")),
    ];
    view! {
        <section class="card panel">
            <h3>{text.live("pins-title")}</h3>
            <FormSwitch
                form=form
                id="pin-enabled"
                label="pins-on"
                hint="pins-on-hint"
                pointer="/pin_enabled"
                read=|draft| draft.pin_enabled
                write=|draft, on| draft.pin_enabled = on
            >
                <Segmented
                    name="pin-kind"
                    legend=text.live("pins-default")
                    choices=kinds.clone()
                    chosen=kind
                    on_choose=move |kind| form.change("/default_pin", |draft| draft.pin.kind = kind)
                    hint=text.live("pins-default-hint")
                />
                {move || match kind.get() {
                    DefaultPinKind::None => ().into_any(),
                    DefaultPinKind::Text => view! { <OnePin form=form /> }.into_any(),
                    DefaultPinKind::Template => view! { <MadePin form=form preview=preview /> }.into_any(),
                }}
                <PinFor preview=preview />
                <FormSwitch
                    form=form
                    id="refuse-weak-pins"
                    label="pins-refuse-weak"
                    hint="pins-refuse-weak-hint"
                    pointer="/refuse_weak_pins"
                    read=|draft| draft.refuse_weak_pins
                    write=|draft, on| draft.refuse_weak_pins = on
                />
            </FormSwitch>
        </section>
    }
}

/// One PIN for everybody: the saved one is never shown again, only replaced.
#[component]
fn OnePin(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    let is_saved = Memo::new(move |_| {
        form.saved
            .with(|saved| saved.as_ref().is_some_and(|saved| saved.default_pin.kind == DefaultPinKind::Text))
    });
    let typing = form.read(|draft| draft.pin.text.is_some());
    let set = move |typed: Option<String>| form.change("/default_pin", |draft| draft.pin.text = typed);
    view! {
        {move || match is_saved.get() && !typing.get() {
            true => view! {
                <p class="pin-set">
                    <Icon name=IconName::Lock />
                    <span>{text.live("pins-is-set")}</span>
                    <Button small=true on_press=move || set(Some(String::new()))>{text.live("pins-change")}</Button>
                </p>
            }
            .into_any(),
            false => view! {
                <div class="pin-new">
                    <Entry
                        id="default-pin"
                        label=text.live("pins-new")
                        value=form.read(|draft| draft.pin.text.clone().unwrap_or_default())
                        on_input=move |typed| set(Some(typed))
                        error=form.saving.error_at("/default_pin/value")
                        hint=text.live("pins-new-hint")
                        verbatim=true
                        node=EntryNode::Line(NodeRef::<html::Input>::new())
                    />
                    {shown_when(
                        move || is_saved.get(),
                        move || {
                            view! {
                                <Button small=true on_press=move || set(None)>{text.live("pins-keep")}</Button>
                            }
                            .into_any()
                        },
                    )}
                </div>
            }
            .into_any(),
        }}
        <WeakPin
            typed=form.read(|draft| draft.pin.text.clone().unwrap_or_default())
            refused=form.read(|draft| draft.refuse_weak_pins)
            id="default-pin-weak"
        />
    }
}

/// A PIN made of each contact's fields.
#[component]
fn MadePin(form: SecureForm, preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <TemplateField
            id="pin-template"
            lines=Lines::One
            label=text.live("pins-template-label")
            value=form.read(|draft| draft.pin.template.clone())
            on_input=move |typed| form.change("/default_pin", |draft| draft.pin.template = typed)
            error=preview.problem(form, "/default_pin/value")
            pieces=pieces(text)
            hint=text.live("pins-template-hint")
        />
    }
}

fn pieces(text: Text) -> Signal<Vec<Piece>> {
    let fields = OwnFields::from_context();
    Signal::derive(move || {
        let own = fields.all.get().into_iter();
        let own = own
            .map(|field| piece(&format!("custom.{}", field.key.as_str()), field.label.as_str().to_owned()));
        own.chain(FIELDS.iter().map(|(name, key)| piece(name, text.say(key)))).collect()
    })
}

/// Which PIN the person of the preview would be asked for.
#[component]
fn PinFor(preview: Previewer) -> impl IntoView {
    let text = Text::from_context();
    let words = move || {
        preview.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let key = match (shown.pin.source, shown.pin.resolves) {
                (PinSource::None, _) => "pin-for-none",
                (PinSource::Contact, _) => "pin-for-contact",
                (PinSource::Text, _) => "pin-for-text",
                (PinSource::Template, true) => "pin-for-template",
                (PinSource::Template, false) => "pin-for-nobody",
            };
            Some(text.say_with(key, &[("name", shown.contact_name.as_str().into())]))
        })
    };
    view! { <p class="hint">{words}</p> }
}
