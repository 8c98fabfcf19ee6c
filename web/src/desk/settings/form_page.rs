//! What pages of the settings that are one form are made of: loaded, changed and saved as a whole.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Switch, shown_when};

use super::form::{Draft, Form};
use super::frame::{may_change, on_off};
use super::saving::SaveBar;
use crate::desk::Desk;
use crate::loading::Loaded;

/// Asks for what is saved now; shows `children` from when there is something to change.
#[component]
pub fn LoadedForm<D: Draft>(form: Form<D>, children: ChildrenFn) -> impl IntoView {
    form.load();
    view! { <Loaded stage=form.stage() on_retry=move |()| form.load() children=children /> }
}

/// What is saved together, over the bar that says so. Who may only look has no use for the bar.
#[component]
pub fn SavedForm<D: Draft>(
    form: Form<D>,
    /// What else the bar offers.
    #[prop(optional, into)]
    beside: ViewFn,
    children: Children,
) -> impl IntoView {
    let text = Text::from_context();
    let may_change = may_change(form.desk);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.save(text);
    };
    view! {
        <form class="settings-form" on:submit=submit novalidate>
            {children()}
            {shown_when(
                move || may_change.get(),
                move || {
                    let beside = beside.clone();
                    view! {
                        <SaveBar
                            saving=form.saving
                            dirty=form.dirty
                            on_discard=move || form.discard()
                            beside=beside
                        />
                    }
                    .into_any()
                },
            )}
        </form>
    }
}

/// Panels that everybody sees and admins change.
#[component]
pub fn Changeable(children: Children) -> impl IntoView {
    let may_change = may_change(Desk::from_context());
    view! {
        <fieldset class="plain" disabled=move || !may_change.get()>
            {children()}
        </fieldset>
    }
}

/// A switch of the form, by the keys of its words; under it what there is to set while it is on.
#[component]
pub fn FormSwitch<D: Draft>(
    form: Form<D>,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    pointer: &'static str,
    read: fn(&D) -> bool,
    write: fn(&mut D, bool),
    #[prop(optional)] children: Option<ChildrenFn>,
) -> impl IntoView {
    let text = Text::from_context();
    let on = form.read(read);
    view! {
        <Switch
            id=id
            label=text.live(label)
            hint=text.live(hint)
            on=on
            state=on_off(text, on)
            on_change=move |on| form.change(pointer, |draft| write(draft, on))
        />
        {children.map(|children| shown_when(move || on.get(), move || children()))}
    }
}

/// Numbers to choose from: those that are offered, and what was set by other means.
pub fn offered(usual: &[u32], saved: u32) -> Vec<u32> {
    let mut all = usual.to_vec();
    all.push(saved);
    all.sort_unstable();
    all.dedup();
    all
}
