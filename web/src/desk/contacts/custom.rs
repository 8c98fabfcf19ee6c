//! What a contact holds in the organization's own fields: one input for each, by its kind.

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::contact_fields::{ContactField, ContactFieldKind};
use sealpost_shared::problem::FieldError;
use sealpost_web::text::Text;
use sealpost_web::ui::{Entry, EntryNode};

use crate::own_fields::OwnFields;
use crate::view::{CustomTyped, as_sentence, custom_wrong, refusal};

/// What is typed, and what the server refused.
#[derive(Clone, Copy)]
pub struct CustomInputs {
    pub fields: OwnFields,
    pub typed: RwSignal<CustomTyped>,
    pub refused: RwSignal<Vec<FieldError>>,
    /// Errors show once somebody tried to save.
    tried: RwSignal<bool>,
}

impl CustomInputs {
    pub fn of(typed: CustomTyped) -> Self {
        let fields = OwnFields::from_context();
        fields.load();
        Self {
            fields,
            typed: RwSignal::new(typed),
            refused: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
        }
    }

    /// False while a value does not fit its kind; its field says so.
    pub fn check(self) -> bool {
        self.tried.set(true);
        self.refused.set(Vec::new());
        self.fields.all.with_untracked(|fields| {
            fields.iter().all(|field| {
                let typed = self.typed.with_untracked(|typed| typed.get(field.key.as_str()).cloned());
                custom_wrong(field.kind, &typed.unwrap_or_default()).is_none()
            })
        })
    }

    fn set(self, key: String, value: String) {
        self.refused.update(|refused| refused.retain(|error| error.pointer != pointer(&key)));
        self.typed.update(|typed| drop(typed.insert(key, value)));
    }
}

fn pointer(key: &str) -> String {
    format!("/custom_fields/{key}")
}

#[component]
pub fn CustomFieldInputs(inputs: CustomInputs) -> impl IntoView {
    view! {
        <For
            each=move || inputs.fields.all.get()
            // A field that was renamed is drawn anew.
            key=|field| (field.id, field.key.clone(), field.label.clone())
            let:field
        >
            <CustomInput inputs=inputs field=field />
        </For>
    }
}

#[component]
fn CustomInput(inputs: CustomInputs, field: ContactField) -> impl IntoView {
    let text = Text::from_context();
    let key = field.key.as_str().to_owned();
    let kind = field.kind;
    let id = format!("custom-{key}");
    let label = Signal::stored(field.label.as_str().to_owned());
    let value = {
        let key = key.clone();
        Memo::new(move |_| inputs.typed.with(|typed| typed.get(&key).cloned().unwrap_or_default()))
    };
    let error = {
        let pointer = pointer(&key);
        Signal::derive(move || {
            let wrong = custom_wrong(kind, &value.read()).filter(|_| inputs.tried.get());
            let refused = || {
                inputs
                    .refused
                    .with(|errors| refusal(errors, &pointer).map(|error| as_sentence(&error.detail)))
            };
            wrong.map(|key| text.say(key)).or_else(refused)
        })
    };
    let set = Callback::new(move |value: String| inputs.set(key.clone(), value));
    let (kind, inputmode) = match kind {
        ContactFieldKind::Boolean => {
            return view! { <YesNo id=id label=label value=value on_choose=set /> }.into_any();
        }
        ContactFieldKind::Text => ("text", "text"),
        ContactFieldKind::Number => ("text", "decimal"),
        ContactFieldKind::Date => ("date", "text"),
    };
    view! {
        <Entry
            id=id
            label=label
            value=value
            on_input=set
            error=error
            kind=kind
            inputmode=inputmode
            node=EntryNode::Line(NodeRef::<html::Input>::new())
        />
    }
    .into_any()
}

/// Yes, no, or not known.
#[component]
fn YesNo(
    id: String,
    label: Signal<String>,
    value: Memo<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let text = Text::from_context();
    let options = [("", "custom-not-given"), ("true", "custom-yes"), ("false", "custom-no")];
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="input" on:change=move |event| on_choose.run(event_target_value(&event))>
                {options
                    .map(|(option, key)| {
                        view! {
                            <option value=option prop:selected=move || value.read().as_str() == option>
                                {text.live(key)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}
