//! The sign-in page: email and password, and why one is here.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::{ClientError, staff};
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Banner, Button, Field, Icon, IconName, Look, Tone};

use super::gate::{Gate, Out, Phase};

/// What is typed, and how the last try went.
#[derive(Clone, Copy)]
struct Attempt {
    email: RwSignal<String>,
    password: RwSignal<String>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    password_input: NodeRef<html::Input>,
}

impl Attempt {
    fn new() -> Self {
        Self {
            email: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            password_input: NodeRef::new(),
        }
    }

    fn submit(self, gate: Gate, text: Text) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match staff::sign_in(self.email.get_untracked(), self.password.get_untracked()).await {
                Ok(answer) => {
                    gate.answered(answer);
                }
                Err(problem) => {
                    self.busy.set(false);
                    self.password.set(String::new());
                    self.error.set(Some(sentence(text, &problem)));
                    if let Some(input) = self.password_input.get_untracked() {
                        let _ = input.focus();
                    }
                }
            }
        });
    }
}

#[component]
pub fn SignIn(why: Out) -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    let attempt = Attempt::new();
    let first = NodeRef::<html::Input>::new();
    Effect::new(move || {
        document().set_title(&text.say("sign-in-title"));
        if let Some(input) = first.get() {
            let _ = input.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempt.submit(gate, text);
    };
    view! {
        <main class="sign-in">
            <form class="card gate" on:submit=submit novalidate>
                <span class="mark" aria-hidden="true">
                    <Icon name=IconName::Lock />
                </span>
                <h1>{move || text.say("sign-in-heading")}</h1>
                {news(why).map(|key| view! { <Banner tone=Tone::Info>{move || text.say(key)}</Banner> })}
                <Field
                    id="sign-in-email"
                    label=text.live("sign-in-email")
                    value=attempt.email
                    kind="email"
                    autocomplete="username"
                    required=true
                    node_ref=first
                />
                <Field
                    id="sign-in-password"
                    label=Signal::derive(move || text.say("sign-in-password"))
                    value=attempt.password
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    error=attempt.error
                    node_ref=attempt.password_input
                />
                <Button look=Look::Primary submit=true disabled=attempt.busy>
                    {move || text.say(if attempt.busy.get() { "sign-in-busy" } else { "sign-in-button" })}
                </Button>
                <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Forgot)>
                    {move || text.say("sign-in-forgot")}
                </Button>
            </form>
        </main>
    }
}

const fn news(why: Out) -> Option<&'static str> {
    match why {
        Out::First => None,
        Out::Ended => Some("signed-out-ended"),
        Out::Left => Some("signed-out-left"),
        Out::LinkUsed => Some("once-used"),
        Out::SetupLinkUsed => Some("setup-link-used"),
        Out::TooSlow => Some("signed-out-slow"),
        Out::Reset => Some("reset-done"),
    }
}

fn sentence(text: Text, error: &ClientError) -> String {
    match error {
        ClientError::Problem(problem) if problem.code == ProblemCode::ValidationFailed => {
            text.problem(ProblemCode::CredentialsInvalid)
        }
        other => waiting(text, other).unwrap_or_else(|| super::said::sentence(text, other)),
    }
}

/// After too many tries: until when.
pub fn waiting(text: Text, error: &ClientError) -> Option<String> {
    match error {
        ClientError::Problem(problem) if problem.code == ProblemCode::RateLimited => {
            Some(match problem.locked_until {
                Some(until) => {
                    let time = show(until, Style::Time, text.language());
                    text.say_with("sign-in-locked-until", &[("time", time.into())])
                }
                None => text.say("sign-in-locked"),
            })
        }
        _ => None,
    }
}
