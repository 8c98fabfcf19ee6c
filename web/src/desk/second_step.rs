//! Signing in, second half: the code of the authenticator app, or one of the codes kept for a lost phone.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::{ClientError, account};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Field, Icon, IconName, Look};

use super::gate::{Gate, Out, Phase};
use super::{said, sign_in};

/// What is typed, and how the last try went.
#[derive(Clone, Copy)]
struct Attempt {
    code: RwSignal<String>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
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
            match answer {
                Ok(session) => self.gate.enter(session),
                // The password was given too long ago.
                Err(error) if is_over(&error) => self.gate.phase.set(Phase::Out(Out::TooSlow)),
                Err(error) => {
                    self.code.set(String::new());
                    self.wrong(sentence(self.text, &error));
                }
            }
        });
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
        input: NodeRef::new(),
        gate,
        text,
    };
    Effect::new(move || {
        document().set_title(&text.say("sign-in-title"));
        attempt.input.track();
        attempt.focus();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempt.submit();
    };
    view! {
        <main class="sign-in">
            <form class="card gate" on:submit=submit novalidate>
                <span class="mark" aria-hidden="true">
                    <Icon name=IconName::Lock />
                </span>
                <h1>{move || text.say("second-step-heading")}</h1>
                <p class="muted">{move || text.say("second-step-what")}</p>
                <Field
                    id="sign-in-code"
                    label=text.live("second-step-code")
                    hint=text.live("second-step-hint")
                    value=attempt.code
                    autocomplete="one-time-code"
                    required=true
                    error=attempt.error
                    node_ref=attempt.input
                />
                <Button look=Look::Primary submit=true disabled=attempt.busy>
                    {move || text.say(if attempt.busy.get() { "sign-in-busy" } else { "sign-in-button" })}
                </Button>
                <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Out(Out::First))>
                    {move || text.say("second-step-back")}
                </Button>
            </form>
        </main>
    }
}

fn is_over(error: &ClientError) -> bool {
    matches!(error.code(), Some(ProblemCode::Unauthenticated | ProblemCode::SessionEnded))
}

fn sentence(text: Text, error: &ClientError) -> String {
    match error.code() {
        Some(ProblemCode::CodeIncorrect | ProblemCode::ValidationFailed) => text.say("second-step-wrong"),
        _ => sign_in::waiting(text, error).unwrap_or_else(|| said::sentence(text, error)),
    }
}
