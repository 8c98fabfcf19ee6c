//! Signing in, second half: a passkey, the code of the authenticator app, or one of the codes kept for a lost phone.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::passkeys::TakePasskey;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::{SecondStepMethod, StaffSession};
use sealpost_web::client::{Answer, ClientError, account, passkeys};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Field, FieldError, Icon, IconName, Look};

use super::gate::{Gate, Out, Phase};
use super::{authenticator, said, sign_in};

/// What is typed, and how the last try went.
#[derive(Clone, Copy)]
struct Attempt {
    code: RwSignal<String>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Why the passkey did not let in, and whether the browser asks for it now.
    passkey_error: RwSignal<Option<String>>,
    passkey_busy: RwSignal<bool>,
    input: NodeRef<html::Input>,
    gate: Gate,
    text: Text,
}

impl Attempt {
    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.error.set(None);
        let code = self.code.get_untracked().trim().to_owned();
        if code.is_empty() {
            return self.wrong(self.text.say("code-empty"));
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = account::second_step(code).await;
            self.busy.set(false);
            if let Some(error) = self.entered(answer) {
                self.code.set(String::new());
                self.wrong(sentence(self.text, &error));
            }
        });
    }

    fn use_passkey(self) {
        if self.passkey_busy.get_untracked() {
            return;
        }
        self.passkey_error.set(None);
        self.passkey_busy.set(true);
        spawn_local(async move {
            let asked = passkeys::ask().await;
            let answer = match asked {
                Ok(asked) => match authenticator::get(&asked.options).await {
                    Ok(credential) => {
                        passkeys::take(&TakePasskey { ceremony: asked.ceremony, credential }).await
                    }
                    Err(refusal) => {
                        self.passkey_busy.set(false);
                        return self.passkey_error.set(Some(self.text.say(refusal.key())));
                    }
                },
                Err(error) => Err(error),
            };
            self.passkey_busy.set(false);
            if let Some(error) = self.entered(answer) {
                self.passkey_error.set(Some(sentence(self.text, &error)));
            }
        });
    }

    /// In, or back to the password that was given too long ago, or why neither.
    fn entered(self, answer: Answer<StaffSession>) -> Option<ClientError> {
        match answer {
            Ok(session) => self.gate.enter(session),
            Err(error) if is_over(&error) => self.gate.phase.set(Phase::Out(Out::TooSlow)),
            Err(error) => return Some(error),
        }
        None
    }

    fn wrong(self, sentence: String) {
        self.error.set(Some(sentence));
        self.focus();
    }

    fn focus(self) {
        if let Some(input) = self.input.get_untracked() {
            // Refused only when it is not in the page any more.
            let _ = input.focus();
        }
    }
}

#[component]
pub fn SecondStep() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let attempt = Attempt {
        code: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        passkey_error: RwSignal::new(None),
        passkey_busy: RwSignal::new(false),
        input: NodeRef::new(),
        gate,
        text,
    };
    let has = |method| gate.methods.with_untracked(|methods| methods.contains(&method));
    let passkey = has(SecondStepMethod::Passkey);
    let app = has(SecondStepMethod::Totp);
    // Who has a passkey presses its button; who has not types at once.
    let to_code = !(passkey && authenticator::is_here());
    Effect::new(move || {
        document().set_title(&text.say("sign-in-title"));
        attempt.input.track();
        if to_code {
            attempt.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempt.submit();
    };
    let what = if app { "second-step-what" } else { "second-step-passkey-what" };
    view! {
        <main class="sign-in">
            <form class="card gate" on:submit=submit novalidate>
                <span class="mark" aria-hidden="true">
                    <Icon name=IconName::Lock />
                </span>
                <h1>{move || text.say("second-step-heading")}</h1>
                <p class="muted">{move || text.say(what)}</p>
                {passkey.then(|| view! { <UsePasskey attempt=attempt /> })}
                <Code attempt=attempt app=app to_code=to_code />
                <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Out(Out::First))>
                    {move || text.say("second-step-back")}
                </Button>
            </form>
        </main>
    }
}

/// From the app where there is one, else one of those that were kept.
#[component]
fn Code(attempt: Attempt, app: bool, to_code: bool) -> impl IntoView {
    let text = attempt.text;
    let hint = if app { "second-step-hint" } else { "second-step-passkey-code" };
    view! {
        <Field
            id="sign-in-code"
            label=text.live("second-step-code")
            hint=text.live(hint)
            value=attempt.code
            autocomplete="one-time-code"
            required=true
            error=attempt.error
            node_ref=attempt.input
        />
        <Button look=if to_code { Look::Primary } else { Look::Plain } submit=true disabled=attempt.busy>
            {move || text.say(if attempt.busy.get() { "sign-in-busy" } else { "sign-in-button" })}
        </Button>
    }
}

/// The button that has the browser ask, or why there is none.
#[component]
fn UsePasskey(attempt: Attempt) -> impl IntoView {
    let text = attempt.text;
    if !authenticator::is_here() {
        return view! { <p class="small">{move || text.say("second-step-passkey-not-here")}</p> }.into_any();
    }
    let key = move || {
        if attempt.passkey_busy.get() { "second-step-passkey-busy" } else { "second-step-passkey" }
    };
    view! {
        <Button look=Look::Primary disabled=attempt.passkey_busy on_press=move || attempt.use_passkey()>
            {move || text.say(key())}
        </Button>
        <FieldError id="sign-in-passkey-error".to_owned() error=attempt.passkey_error />
        <p class="muted small">{move || text.say("second-step-or")}</p>
    }
    .into_any()
}

fn is_over(error: &ClientError) -> bool {
    matches!(error.code(), Some(ProblemCode::Unauthenticated | ProblemCode::SessionEnded))
}

fn sentence(text: Text, error: &ClientError) -> String {
    match error.code() {
        Some(ProblemCode::CodeIncorrect | ProblemCode::ValidationFailed) => text.say("second-step-wrong"),
        Some(ProblemCode::PasskeyIncorrect) => text.say("second-step-passkey-wrong"),
        _ => sign_in::waiting(text, error).unwrap_or_else(|| said::sentence(text, error)),
    }
}
