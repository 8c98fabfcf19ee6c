//! The organization's own contact fields: a list, and a dialog to add or change one.

mod edit;
mod remove;

use leptos::prelude::*;
use sealpost_shared::contact_fields::{ContactField, ContactFieldKind};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, IconName, Look, Tag, TagTone, shown_when};

use edit::FieldForm;
use remove::RemoveField;

use super::frame::{SettingsFrame, may_change};
use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::own_fields::OwnFields;
use crate::said;
use crate::view::{SettingsPage, custom_code};

/// What the dialog is open for.
#[derive(Clone, PartialEq, Eq)]
enum Editing {
    New,
    Known(Box<ContactField>),
}

#[component]
pub fn ContactFields() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let fields = OwnFields::from_context();
    fields.load();
    let may_change = may_change(desk);
    let editing = RwSignal::new(None::<Editing>);
    let removing = RwSignal::new(None::<ContactField>);
    view! {
        <SettingsFrame page=SettingsPage::ContactFields>
            {move || match (fields.loaded.get(), fields.trouble.get()) {
                (true, _) => view! {
                    <FieldList fields=fields may_change=may_change editing=editing removing=removing />
                }
                .into_any(),
                (false, Some(error)) => view! {
                    <div class="empty" role="alert">
                        <p>{said::sentence(text, &error)}</p>
                        <Button on_press=move || fields.load()>{text.say("try-again")}</Button>
                    </div>
                }
                .into_any(),
                (false, None) => view! { <Skeleton /> }.into_any(),
            }}
        </SettingsFrame>
        <EditDialog fields=fields editing=editing />
        <RemoveField fields=fields removing=removing />
    }
}

#[component]
fn EditDialog(fields: OwnFields, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let text = Text::from_context();
    let title = move || match editing.get() {
        Some(Editing::Known(_)) => text.say("field-edit"),
        _ => text.say("field-add"),
    };
    let done = move || {
        editing.set(None);
        fields.load();
    };
    view! {
        <Dialog
            open=Signal::derive(move || editing.with(Option::is_some))
            title=Signal::derive(title)
            on_close=move || editing.set(None)
        >
            {move || {
                editing
                    .get()
                    .map(|editing_now| {
                        let field = match editing_now {
                            Editing::New => None,
                            Editing::Known(field) => Some(*field),
                        };
                        view! { <FieldForm field=field on_done=done on_cancel=move || editing.set(None) /> }
                    })
            }}
        </Dialog>
    }
}

#[component]
fn FieldList(
    fields: OwnFields,
    may_change: Memo<bool>,
    editing: RwSignal<Option<Editing>>,
    removing: RwSignal<Option<ContactField>>,
) -> impl IntoView {
    let text = Text::from_context();
    let add = move || {
        view! {
            <Button
                look=Look::Primary
                icon=IconName::Plus
                on_press=move || editing.set(Some(Editing::New))
            >
                {text.live("field-add")}
            </Button>
        }
        .into_any()
    };
    view! {
        <section class="card panel">
            <p class="muted">{text.live("fields-what")}</p>
            {move || match fields.all.with(Vec::is_empty) {
                true => view! {
                    <div class="empty">
                        <p>{text.say("fields-empty")}</p>
                    </div>
                }
                .into_any(),
                false => view! {
                    <ul class="field-list">
                        {fields
                            .all
                            .get()
                            .into_iter()
                            .map(|field| {
                                view! {
                                    <FieldLine field=field may_change=may_change editing=editing removing=removing />
                                }
                            })
                            .collect_view()}
                    </ul>
                }
                .into_any(),
            }}
            <div class="row">{shown_when(move || may_change.get(), add)}</div>
        </section>
    }
}

#[component]
fn FieldLine(
    field: ContactField,
    may_change: Memo<bool>,
    editing: RwSignal<Option<Editing>>,
    removing: RwSignal<Option<ContactField>>,
) -> impl IntoView {
    let text = Text::from_context();
    let label = field.label.as_str().to_owned();
    let named = {
        let label = label.clone();
        move |key: &str| text.say_with(key, &[("name", label.clone().into())])
    };
    let (edit_label, remove_label) = (named("field-edit-of"), named("field-remove-of"));
    let code = custom_code(field.key.as_str());
    let (kind, in_notices) = (kind_key(field.kind), field.in_notices);
    let acts = move || {
        let (known, gone) = (field.clone(), field.clone());
        view! {
            <span class="row">
                <Button
                    small=true
                    label=Signal::stored(edit_label.clone())
                    on_press=move || editing.set(Some(Editing::Known(Box::new(known.clone()))))
                >
                    {text.live("field-change")}
                </Button>
                <Button
                    small=true
                    look=Look::Danger
                    label=Signal::stored(remove_label.clone())
                    on_press=move || removing.set(Some(gone.clone()))
                >
                    {text.live("field-remove")}
                </Button>
            </span>
        }
        .into_any()
    };
    view! {
        <li class="field-line">
            <div class="grow">
                <p class="field-name">
                    <bdi class="strong">{label}</bdi>
                    <Tag tone=TagTone::Plain>{text.live(kind)}</Tag>
                    {in_notices.then(|| view! { <Tag tone=TagTone::Warn>{text.live("field-in-notices")}</Tag> })}
                </p>
                <code>{code}</code>
            </div>
            {shown_when(move || may_change.get(), acts)}
        </li>
    }
}

const fn kind_key(kind: ContactFieldKind) -> &'static str {
    match kind {
        ContactFieldKind::Text => "kind-text",
        ContactFieldKind::Number => "kind-number",
        ContactFieldKind::Date => "kind-date",
        ContactFieldKind::Boolean => "kind-boolean",
    }
}
