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
use crate::loading::Loaded;
use crate::own_fields::OwnFields;
use crate::view::{SettingsPage, custom_code};

/// What the dialog is open for.
#[derive(Clone, PartialEq, Eq)]
enum Editing {
    New,
    Known(Box<ContactField>),
}

#[component]
pub fn ContactFields() -> impl IntoView {
    let desk = Desk::from_context();
    let fields = OwnFields::from_context();
    fields.load();
    let may_change = may_change(desk);
    let editing = RwSignal::new(None::<Editing>);
    let removing = RwSignal::new(None::<ContactField>);
    view! {
        <SettingsFrame page=SettingsPage::ContactFields>
            <Loaded stage=fields.stage() on_retry=move |()| fields.load()>
                <FieldList fields=fields may_change=may_change editing=editing removing=removing />
            </Loaded>
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
            {shown_when(
                move || may_change.get(),
                move || view! { <p class="muted">{text.live("fields-what")}</p> }.into_any(),
            )}
            {shown_when(
                move || fields.all.with(Vec::is_empty),
                move || view! { <div class="empty"><p>{text.live("fields-empty")}</p></div> }.into_any(),
            )}
            <ul class="field-list">
                <For each=move || fields.all.get() key=|field| field.id let:field>
                    <FieldLine fields=fields field=field may_change=may_change editing=editing removing=removing />
                </For>
            </ul>
            <div class="row">{shown_when(move || may_change.get(), add)}</div>
        </section>
    }
}

/// Follows its field, so that whoever changed it finds its button again.
#[component]
fn FieldLine(
    fields: OwnFields,
    field: ContactField,
    may_change: Memo<bool>,
    editing: RwSignal<Option<Editing>>,
    removing: RwSignal<Option<ContactField>>,
) -> impl IntoView {
    let text = Text::from_context();
    let (id, kind) = (field.id, kind_key(field.kind));
    let field = Memo::new(move |_| {
        fields
            .all
            .with(|all| all.iter().find(|known| known.id == id).cloned())
            .unwrap_or_else(|| field.clone())
    });
    let label = Signal::derive(move || field.read().label.as_str().to_owned());
    let named =
        move |key: &'static str| Signal::derive(move || text.say_with(key, &[("name", label.get().into())]));
    let acts = move || {
        view! {
            <span class="row">
                <Button
                    small=true
                    label=named("field-edit-of")
                    on_press=move || editing.set(Some(Editing::Known(Box::new(field.get_untracked()))))
                >
                    {text.live("field-change")}
                </Button>
                <Button
                    small=true
                    look=Look::Danger
                    label=named("field-remove-of")
                    on_press=move || removing.set(Some(field.get_untracked()))
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
                    {shown_when(
                        move || field.read().in_notices,
                        move || view! { <Tag tone=TagTone::Warn>{text.live("field-in-notices")}</Tag> }.into_any(),
                    )}
                </p>
                <code>{move || custom_code(field.read().key.as_str())}</code>
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
