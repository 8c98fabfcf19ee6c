//! A new passkey: beside others, or as the second step that a practice asks for.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::passkeys::{AddPasskey, AddedPasskey, PasskeyRegistration};
use sealpost_shared::text::Name;
use sealpost_web::client::{Answer, passkeys};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Field, Look, shown};

use super::second_step::Keep;
use super::words;
use crate::authenticator;
use crate::form::{Form, FormError, focus_at};

/// Between two calls the browser's dialog; why it gave nothing is said as any other refusal is.
pub async fn make(
    form: Form,
    text: Text,
    started: PasskeyRegistration,
    name: Name,
) -> Option<Answer<AddedPasskey>> {
    match authenticator::create(&started.options).await {
        Ok(credential) => {
            Some(passkeys::add(&AddPasskey { ceremony: started.ceremony, name, credential }).await)
        }
        Err(refusal) => {
            form.busy.try_set(false);
            form.error.try_set(Some(text.say(refusal.key())));
            form.focus();
            None
        }
    }
}

/// What its owner calls it.
#[component]
pub fn PasskeyName(id: &'static str, value: RwSignal<String>, form: Form) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Field
            id=id
            label=text.live("passkey-name")
            hint=text.live("passkey-name-hint")
            value=value
            required=true
            error=form.wrong("/name", value)
        />
    }
}

/// In place of an app, while signing in: the password was given a moment ago.
#[component]
pub fn EnrolPasskey(#[prop(into)] on_done: Callback<()>, #[prop(into)] beside: ViewFn) -> impl IntoView {
    let codes = RwSignal::new(None::<Vec<String>>);
    let beside = StoredValue::new(beside);
    // What was pressed is gone; the focus goes to what came in its place.
    Effect::new(move |before: Option<()>| {
        codes.track();
        if before.is_some() {
            focus_at(".stage");
        }
    });
    shown(move || match codes.get() {
        Some(codes) => view! { <Keep codes=codes on_done=on_done done="enrolling-done" /> }.into_any(),
        None => view! { <NameIt codes=codes beside=beside.get_value() /> }.into_any(),
    })
}

#[component]
fn NameIt(codes: RwSignal<Option<Vec<String>>>, beside: ViewFn) -> impl IntoView {
    let text = Text::from_context();
    let form = Form::new(words::ACCOUNT);
    let name = RwSignal::new(String::new());
    let go_on = move |(started, name): (PasskeyRegistration, Name)| {
        form.busy.set(true);
        spawn_local(async move {
            let Some(answer) = make(form, text, started, name).await else { return };
            form.busy.try_set(false);
            match answer {
                Ok(added) => drop(codes.try_set(Some(added.recovery_codes))),
                Err(error) => form.failed(&error),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        let read = move || form.read::<Name>("/name", name, "passkey-name-wrong");
        let call = move |name: Name| async move { Ok((passkeys::start(None).await?, name)) };
        form.submit(&event, read, call, go_on);
    };
    view! {
        <form class="setup-form" node_ref=form.node on:submit=submit novalidate>
            <p class="stage" tabindex="-1">{move || text.say("enrolling-passkey")}</p>
            <PasskeyName id="passkey-name" value=name form=form />
            <FormError form=form id="passkey-error" />
            <div class="setup-foot">
                {beside.run()}
                <Button look=Look::Primary submit=true disabled=form.busy>
                    {move || text.say(if form.busy.get() { "passkey-waiting" } else { "passkey-add" })}
                </Button>
            </div>
        </form>
    }
}
