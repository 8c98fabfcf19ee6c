//! Another name for a passkey, and its end.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sealpost_shared::passkeys::Passkey;
use sealpost_shared::text::Name;
use sealpost_web::client::passkeys;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look};

use super::{KNOWN, Open, Passkeys};
use crate::account::new_passkey::PasskeyName;
use crate::account::words::CurrentPassword;
use crate::form::{Form, FormError};

/// A dialog closes in whatever way; what was opened meanwhile stays.
fn close(keys: Passkeys) {
    if matches!(keys.open.get_untracked(), Open::Renaming(_) | Open::Removing(_)) {
        keys.close();
    }
}

#[component]
pub(super) fn Rename(keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(KNOWN);
    let name = RwSignal::new(String::new());
    let which = Memo::new(move |_| match keys.open.get() {
        Open::Renaming(passkey) => Some(passkey),
        _ => None,
    });
    Effect::new(move || {
        if let Some(passkey) = which.get() {
            form.clear();
            name.set(passkey.name);
        }
    });
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "passkey-name-wrong");
            Some((which.get_untracked()?.id, name?))
        };
        let call = |(id, name)| passkeys::rename(id, name);
        form.submit(&event, read, call, move |_: Passkey| {
            keys.close();
            keys.load();
        });
    };
    view! {
        <Dialog
            open=Signal::derive(move || which.read().is_some())
            title=text.live("passkey-rename-ask")
            on_close=move || close(keys)
        >
            <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
                <PasskeyName id="passkey-new-name" value=name form=form />
                <FormError form=form id="passkey-rename-error" />
                <div class="dialog-foot">
                    <Button on_press=move || close(keys)>{move || text.say("cancel")}</Button>
                    <Button look=Look::Primary submit=true disabled=form.busy>{move || text.say("contact-save")}</Button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
pub(super) fn Remove(keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(KNOWN);
    let password = RwSignal::new(String::new());
    let which = Memo::new(move |_| match keys.open.get() {
        Open::Removing(passkey) => Some(passkey),
        _ => None,
    });
    let submit = move |event: SubmitEvent| {
        let read = move || Some((which.get_untracked()?.id, password.get_untracked()));
        let call = |(id, password)| passkeys::remove(id, password);
        form.submit(&event, read, call, move |()| {
            password.try_set(String::new());
            keys.close();
            keys.changed();
        });
    };
    let title = Signal::derive(move || {
        let name = which.get().map(|passkey| passkey.name).unwrap_or_default();
        text.say_with("passkey-remove-ask", &[("name", name.as_str().into())])
    });
    view! {
        <Dialog
            open=Signal::derive(move || which.read().is_some())
            title=title
            alert=true
            on_close=move || close(keys)
        >
            <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
                <p>{move || text.say("passkey-remove-what")}</p>
                <CurrentPassword id="passkey-remove-password" value=password form=form pointer="/password" />
                <FormError form=form id="passkey-remove-error" />
                <div class="dialog-foot">
                    <Button on_press=move || close(keys)>{move || text.say("cancel")}</Button>
                    <Button look=Look::Danger submit=true disabled=form.busy>{move || text.say("passkey-remove")}</Button>
                </div>
            </form>
        </Dialog>
    }
}
