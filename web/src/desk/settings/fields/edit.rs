//! A field's name, key and kind. The key follows the name until somebody writes one.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contact_fields::{
    ContactField, ContactFieldKind, CreateContactField, UpdateContactField,
};
use sealpost_shared::problem::FieldError;
use sealpost_shared::text::{FieldKey, Name};
use sealpost_web::client::{ClientError, settings};
use sealpost_web::text::Text;
use sealpost_web::ui::{
    Banner, Button, Entry, EntryNode, IconName, Look, Segmented, Switch, Tone, shown_when,
};
use uuid::Uuid;

use super::super::frame::on_off;
use super::super::saving::why;
use super::kind_key;
use crate::desk::Desk;
use crate::view::{as_sentence, custom_code, key_of, refusal};

#[derive(Clone, Copy)]
struct Typed {
    known: StoredValue<Option<ContactField>>,
    label: RwSignal<String>,
    /// Empty while the key follows the name.
    key: RwSignal<Option<String>>,
    kind: RwSignal<ContactFieldKind>,
    in_notices: RwSignal<bool>,
    wrong: RwSignal<Vec<FieldError>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    attempt: StoredValue<Uuid>,
}

impl Typed {
    fn of(field: Option<ContactField>) -> Self {
        Self {
            label: RwSignal::new(field.as_ref().map_or("", |field| field.label.as_str()).to_owned()),
            key: RwSignal::new(field.as_ref().map(|field| field.key.as_str().to_owned())),
            kind: RwSignal::new(field.as_ref().map_or(ContactFieldKind::Text, |field| field.kind)),
            in_notices: RwSignal::new(field.as_ref().is_some_and(|field| field.in_notices)),
            wrong: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            attempt: StoredValue::new(Uuid::new_v4()),
            known: StoredValue::new(field),
        }
    }

    fn key(self) -> String {
        self.key.get().unwrap_or_else(|| key_of(&self.label.read()))
    }

    /// Another field is another request.
    fn touched(self, pointer: &str) {
        self.wrong.update(|wrong| wrong.retain(|error| error.pointer != pointer));
        self.trouble.set(None);
        self.attempt.set_value(Uuid::new_v4());
    }

    fn error_at(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|wrong| refusal(wrong, pointer).map(|error| as_sentence(&error.detail)))
        })
    }

    /// What is typed, or nothing while it is not right; the fields say which.
    fn parse(self, text: Text) -> Option<(Name, FieldKey)> {
        let (label, key) = untrack(|| (self.label.get().parse().ok(), self.key().parse().ok()));
        let mut wrong = Vec::new();
        for (missing, pointer, words) in
            [(label.is_none(), "/label", "field-label-wrong"), (key.is_none(), "/key", "field-key-wrong")]
        {
            if missing {
                let detail = text.say(words);
                let (pointer, code) = (pointer.to_owned(), "invalid".to_owned());
                wrong.push(FieldError { pointer, code, detail, line: None, column: None });
            }
        }
        self.wrong.set(wrong);
        label.zip(key)
    }

    fn failed(self, text: Text, error: &ClientError) {
        self.busy.try_set(false);
        let errors = match error {
            ClientError::Problem(problem) => problem.errors.clone(),
            ClientError::Offline | ClientError::Unexpected => Vec::new(),
        };
        let here = errors.iter().any(|error| ["/label", "/key"].contains(&error.pointer.as_str()));
        self.wrong.try_set(errors);
        if !here {
            self.trouble.try_set(Some(why(text, error)));
        }
    }
}

async fn store(typed: Typed, label: Name, key: FieldKey) -> Result<ContactField, ClientError> {
    let in_notices = typed.in_notices.get_untracked();
    match typed.known.get_value() {
        None => {
            let kind = typed.kind.get_untracked();
            let field = CreateContactField { key, label, kind, position: None, in_notices };
            settings::create_contact_field(&field, typed.attempt.get_value()).await
        }
        Some(known) => {
            let patch = UpdateContactField {
                key: (key != known.key).then_some(key),
                label: (label != known.label).then_some(label),
                in_notices: (in_notices != known.in_notices).then_some(in_notices),
                position: None,
            };
            settings::update_contact_field(known.id, &patch).await
        }
    }
}

#[component]
pub fn FieldForm(
    field: Option<ContactField>,
    #[prop(into)] on_done: Callback<()>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let is_new = field.is_none();
    let typed = Typed::of(field);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((label, key)) = typed.parse(text) else { return };
        if typed.busy.get_untracked() {
            return;
        }
        typed.busy.set(true);
        typed.trouble.set(None);
        spawn_local(async move {
            match desk.gate.hear(store(typed, label, key).await) {
                Ok(_) => {
                    let _ = on_done.try_run(());
                }
                Err(error) => typed.failed(text, &error),
            }
        });
    };
    view! {
        <form class="compose" on:submit=submit novalidate>
            <Names typed=typed />
            <Kind typed=typed is_new=is_new />
            <Switch
                id="field-in-notices"
                label=text.live("field-in-notices-label")
                hint=text.live("field-in-notices-hint")
                on=typed.in_notices
                state=on_off(text, typed.in_notices.into())
                on_change=move |on| typed.in_notices.set(on)
            />
            {move || {
                typed
                    .trouble
                    .get()
                    .map(|words| view! { <Banner tone=Tone::Bad icon=IconName::Alert>{words}</Banner> })
            }}
            <div class="dialog-foot">
                <Button on_press=on_cancel>{text.live("cancel")}</Button>
                <Button look=Look::Primary submit=true disabled=typed.busy>
                    {text.live(if is_new { "field-add-yes" } else { "settings-save" })}
                </Button>
            </div>
        </form>
    }
}

#[component]
fn Names(typed: Typed) -> impl IntoView {
    let text = Text::from_context();
    let key = Signal::derive(move || typed.key());
    let hint = Signal::derive(move || match key.get() {
        none if none.is_empty() => String::new(),
        key => text.say_with("field-key-hint", &[("code", custom_code(&key).into())]),
    });
    view! {
        <Entry
            id="field-label"
            label=text.live("field-label")
            placeholder=text.live("field-label-example")
            value=typed.label
            on_input=move |label| {
                typed.touched("/label");
                typed.label.set(label);
            }
            error=typed.error_at("/label")
            node=EntryNode::Line(NodeRef::<html::Input>::new())
        />
        <Entry
            id="field-key"
            label=text.live("field-key")
            value=key
            on_input=move |key| {
                typed.touched("/key");
                typed.key.set(Some(key));
            }
            error=typed.error_at("/key")
            hint=hint
            verbatim=true
            node=EntryNode::Line(NodeRef::<html::Input>::new())
        />
    }
}

/// A known field keeps its kind: contacts hold values of it.
#[component]
fn Kind(typed: Typed, is_new: bool) -> impl IntoView {
    let text = Text::from_context();
    let kinds = || ContactFieldKind::ALL.map(|kind| (kind, text.live(kind_key(kind)))).to_vec();
    if is_new {
        view! {
            <Segmented
                name="field-kind"
                legend=text.live("field-kind")
                choices=kinds()
                chosen=typed.kind
                on_choose=move |kind| {
                    typed.touched("/kind");
                    typed.kind.set(kind);
                }
            />
        }
        .into_any()
    } else {
        shown_when(
            || true,
            move || {
                let kind = text.say(kind_key(typed.kind.get()));
                let words = text.say_with("field-kind-stays", &[("kind", kind.into())]);
                view! { <p class="small muted">{words}</p> }.into_any()
            },
        )
    }
}
