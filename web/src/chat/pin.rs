//! The PIN: one field, no auto-submit, the error said once and focused.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::links::{Entered, PinGate as PinState};
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::{Answer, ClientError, patient};
use sealpost_web::text::Text;
use sealpost_web::ui::{self, Button, Icon, IconName, Look};

use super::frame::{CallLine, Heading, Stage};
use super::visit::Visit;

/// What is wrong with the last try. `nth` makes the same words news again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Empty { nth: u32 },
    Incorrect { left: Option<u32>, nth: u32 },
    Offline { nth: u32 },
    Trouble { code: Option<ProblemCode>, nth: u32 },
}

/// The form's state.
#[derive(Clone, Copy)]
struct Form {
    visit: Visit,
    value: RwSignal<String>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<Wrong>>,
    tries: StoredValue<u32>,
}

impl Form {
    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.tries.update_value(|tries| *tries += 1);
        let nth = self.tries.get_value();
        let typed = self.value.with_untracked(|value| value.trim().to_owned());
        if typed.is_empty() {
            return self.wrong.set(Some(Wrong::Empty { nth }));
        }
        self.busy.set(true);
        let (visit, turn) = (self.visit, self.visit.this_turn());
        spawn_local(async move {
            let answer = patient::verify_pin(&visit.token(), &typed).await;
            if visit.is_turn(turn) {
                self.answered(answer, nth);
            }
        });
    }

    fn answered(self, answer: Answer<Entered>, nth: u32) {
        self.busy.set(false);
        let error = match answer {
            Ok(entered) => return self.visit.entered(entered),
            Err(error) => error,
        };
        let Some(what) = what_is_wrong(&error, nth) else { return self.visit.refused(error) };
        if matches!(what, Wrong::Incorrect { .. }) {
            self.value.set(String::new());
        }
        self.wrong.set(Some(what));
    }
}

#[component]
pub fn PinGate(pin: PinState) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let form = Form {
        visit,
        value: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        wrong: RwSignal::new(None),
        tries: StoredValue::new(0),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    let about = Signal::derive(move || {
        let name = visit.organization.read().as_ref().map(|card| card.name.as_str().to_owned());
        text.say_with("pin-text", &[("organization", name.unwrap_or_default().into())])
    });
    view! {
        <Stage>
            <div class="says">
                <Heading key="pin-title" />
                <p class="muted" id="pin-about">{about}</p>
            </div>
            <form class="pin-form" novalidate on:submit=submit>
                <PinField value=form.value digits_only=pin.digits_only wrong=form.wrong />
                <Button look=Look::Primary icon=IconName::Lock submit=true disabled=form.busy>
                    {text.live("open-message")}
                </Button>
            </form>
            <p class="muted small"><CallLine key="pin-forgotten" /></p>
        </Stage>
    }
}

/// None: another screen says it.
fn what_is_wrong(error: &ClientError, nth: u32) -> Option<Wrong> {
    match error {
        ClientError::Offline => Some(Wrong::Offline { nth }),
        ClientError::Unexpected => Some(Wrong::Trouble { code: None, nth }),
        ClientError::Problem(problem) => match problem.code {
            // The last try before a pause.
            ProblemCode::PinIncorrect if problem.attempts_left == Some(0) => None,
            ProblemCode::PinIncorrect => Some(Wrong::Incorrect { left: problem.attempts_left, nth }),
            code @ (ProblemCode::RateLimited | ProblemCode::Internal | ProblemCode::Unavailable) => {
                Some(Wrong::Trouble { code: Some(code), nth })
            }
            _ => None,
        },
    }
}

fn words(text: Text, wrong: Wrong) -> String {
    match wrong {
        Wrong::Empty { .. } => text.say("pin-empty"),
        Wrong::Incorrect { left, .. } => {
            text.say_with("pin-incorrect", &[("tries", left.unwrap_or_default().into())])
        }
        Wrong::Offline { .. } => text.say("offline"),
        Wrong::Trouble { code: Some(code), .. } => text.problem(code),
        Wrong::Trouble { code: None, .. } => text.say("unexpected"),
    }
}

/// The style alone can hide a text field's letters. Where it cannot, the field becomes a password field
/// while they are hidden: a browser that offers to save the PIN is better than one that shows it to the room.
fn kind_while_hidden() -> &'static str {
    match web_sys::css::supports_with_value("-webkit-text-security", "disc") {
        Ok(true) => "text",
        _ => "password",
    }
}

/// A text field, whose letters are hidden by the style alone: a password field would offer to save the PIN,
/// and hides which keyboard it wants.
#[component]
fn PinField(value: RwSignal<String>, digits_only: bool, wrong: RwSignal<Option<Wrong>>) -> impl IntoView {
    let text = Text::from_context();
    let (shown, hidden) = (RwSignal::new(false), kind_while_hidden());
    let of_shown = move |hide, show| Signal::derive(move || text.say(if shown.get() { hide } else { show }));
    view! {
        <div class="field">
            <label for="pin">{text.live("pin-label")}</label>
            <div class="pin-line">
                <input
                    id="pin"
                    class="input pin"
                    class:bad=Signal::derive(move || wrong.read().is_some())
                    class:masked=Signal::derive(move || !shown.get())
                    type=Signal::derive(move || if shown.get() { "text" } else { hidden })
                    inputmode=if digits_only { "numeric" } else { "text" }
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    maxlength="80"
                    aria-required="true"
                    aria-invalid=ui::mark(move || wrong.read().is_some())
                    aria-describedby="pin-about pin-error"
                    bind:value=value
                />
                <button type="button" class="btn quiet" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    <span class="hush">{of_shown("pin-hide", "pin-show")}</span>
                    <span aria-hidden="true">
                        {of_shown("hide", "show")}
                    </span>
                </button>
            </div>
            <div id="pin-error">
                {ui::shown(move || {
                    wrong.get().map(|wrong| view! { <PinError wrong=wrong /> }.into_any()).into_any()
                })}
            </div>
        </div>
    }
}

#[component]
fn PinError(wrong: Wrong) -> impl IntoView {
    let text = Text::from_context();
    let node = NodeRef::<html::P>::new();
    ui::effect(move || {
        if let Some(error) = node.get() {
            let _ = error.focus();
        }
    });
    view! {
        <p class="error" role="alert" tabindex="-1" node_ref=node>
            <Icon name=IconName::Alert />
            <span>{Signal::derive(move || words(text, wrong))}</span>
        </p>
    }
}
