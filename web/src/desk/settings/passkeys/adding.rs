//! A new passkey: its name and the password, the browser's own dialog, and with the first the codes to keep.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::passkeys::PasskeyRegistration;
use sealpost_shared::text::Name;
use sealpost_web::client::passkeys;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look, shown};

use super::{KNOWN, Open, Passkeys};
use crate::account::new_passkey::{PasskeyName, make};
use crate::account::second_step::Keep;
use crate::account::words::CurrentPassword;
use crate::authenticator;
use crate::form::{Form, FormError, focus_at};

/// The way to a new one, or why there is none.
#[component]
pub(super) fn Beside(keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let has_password =
        Memo::new(move |_| keys.desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.has_password)));
    let why_not = move |key| view! { <p class="muted small">{text.say(key)}</p> }.into_any();
    // What was pressed is gone; the focus goes to what came in its place. Dialogs see to their own.
    Effect::new(move |before: Option<bool>| {
        let inline = keys.open.with(|open| matches!(open, Open::Adding | Open::Keep(_)));
        if before.is_some_and(|before| before || inline) {
            focus_at(".passkeys-beside :is(.stage, input, .btn)");
        }
        inline
    });
    let beside = shown(move || {
        match keys.open.get() {
        Open::Keep(codes) => {
            view! { <Keep codes=codes on_done=move |()| keys.close() done="second-done" /> }.into_any()
        }
        Open::Adding => view! { <Adding keys=keys /> }.into_any(),
        _ if !authenticator::is_here() => why_not("passkeys-not-here"),
        _ if !has_password.get() => why_not("passkeys-password-first"),
        _ => view! {
            <div class="row">
                <Button small=true on_press=move || keys.open.set(Open::Adding)>{text.say("passkey-add")}</Button>
            </div>
        }
        .into_any(),
    }
    });
    view! { <div class="passkeys-beside">{beside}</div> }
}

/// The server has said what the browser is to ask for.
fn go_on(keys: Passkeys, form: Form, text: Text, started: PasskeyRegistration, name: Name) {
    form.busy.set(true);
    spawn_local(async move {
        let Some(answer) = make(form, text, started, name).await else { return };
        form.busy.try_set(false);
        match keys.desk.gate.hear(answer) {
            Ok(added) => {
                let codes = added.recovery_codes;
                keys.open.try_set(if codes.is_empty() { Open::Nothing } else { Open::Keep(codes) });
                keys.changed();
            }
            Err(error) => form.failed(&error),
        }
    });
}

#[component]
fn Adding(keys: Passkeys) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(KNOWN);
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let name = form.read::<Name>("/name", name, "passkey-name-wrong");
            let given = !password.read_untracked().is_empty();
            if !given {
                form.refuse("/password", "account-current-wrong");
            }
            name.filter(|_| given)
        };
        let call = move |name: Name| async move {
            Ok((passkeys::start(Some(password.get_untracked())).await?, name))
        };
        form.submit(&event, read, call, move |(started, name)| go_on(keys, form, text, started, name));
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <PasskeyName id="passkey-name" value=name form=form />
            <CurrentPassword id="passkey-password" value=password form=form pointer="/password" />
            <p class="hint">{move || text.say("passkey-add-what")}</p>
            <FormError form=form id="passkey-error" />
            <div class="row">
                <Button small=true on_press=move || keys.close()>{move || text.say("cancel")}</Button>
                <Button small=true look=Look::Primary submit=true disabled=form.busy>
                    {move || text.say(if form.busy.get() { "passkey-waiting" } else { "passkey-add" })}
                </Button>
            </div>
        </form>
    }
}
