//! How a page of the settings is saved: busy, saved, refused and why; and the bar that says so.

use std::time::Duration;

use leptos::prelude::*;
use sealpost_shared::problem::{FieldError, ProblemCode};
use sealpost_web::client::ClientError;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, IconName, Look, Tone, shown_when};

use crate::form::focus_at;
use crate::said;
use crate::view::{as_sentence, is_at, refusal};

/// "Saved" stays to be read, then makes room.
const SAID_FOR: Duration = Duration::from_secs(6);

#[derive(Clone, Copy)]
pub struct Saving {
    pub busy: RwSignal<bool>,
    pub saved: RwSignal<bool>,
    /// The fields that the server refused.
    pub refused: RwSignal<Vec<FieldError>>,
    /// A sentence for the whole page.
    pub trouble: RwSignal<Option<String>>,
    /// What somebody else changed too, in words.
    pub clash: RwSignal<Option<String>>,
}

impl Saving {
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            saved: RwSignal::new(false),
            refused: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
            clash: RwSignal::new(None),
        }
    }

    /// False while the save before is on its way.
    pub fn start(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.busy.set(true);
        self.clear();
        true
    }

    pub fn clear(self) {
        self.saved.set(false);
        self.refused.set(Vec::new());
        self.trouble.set(None);
        self.clash.set(None);
    }

    /// A field is being changed: what was said about it no longer holds.
    pub fn forget(self, pointer: &str) {
        self.refused.update(|refused| refused.retain(|error| !error.pointer.starts_with(pointer)));
        self.trouble.set(None);
    }

    /// What the page found by itself, before anything was sent.
    pub fn wrong(self, text: Text, wrong: Vec<FieldError>) {
        self.trouble.try_set(Some(text.say("settings-check")));
        self.refused.try_set(wrong);
        focus_first_error();
    }

    pub fn done(self) {
        self.busy.try_set(false);
        self.saved.try_set(true);
        set_timeout(
            move || {
                self.saved.try_set(false);
            },
            SAID_FOR,
        );
    }

    /// Each refusal lands on its field; what names no field of this page is said for all of it.
    pub fn failed(self, text: Text, error: &ClientError, pointers: &[&str]) {
        self.busy.try_set(false);
        let ClientError::Problem(problem) = error else {
            self.trouble.try_set(Some(match error {
                ClientError::Offline => text.say("settings-offline"),
                other => said::sentence(text, other),
            }));
            return;
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = problem
            .errors
            .iter()
            .cloned()
            .partition(|error| pointers.iter().any(|pointer| is_at(&error.pointer, pointer)));
        self.trouble.try_set(match (problem.code, elsewhere.first()) {
            (ProblemCode::ValidationFailed, None) if !here.is_empty() => Some(text.say("settings-check")),
            (ProblemCode::ValidationFailed, Some(error)) => Some(as_sentence(&error.detail)),
            (code, _) => Some(text.problem(code)),
        });
        self.refused.try_set(here);
        focus_first_error();
    }

    pub fn error_at(self, pointer: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.refused.with(|errors| refusal(errors, pointer).map(|error| as_sentence(&error.detail)))
        })
    }
}

/// A refusal in words: the server's own where they say more than the code.
pub fn why(text: Text, error: &ClientError) -> String {
    let detail = match error {
        ClientError::Problem(problem) => match (problem.errors.first(), problem.code) {
            (Some(error), _) => Some(as_sentence(&error.detail)),
            (None, ProblemCode::Conflict) => Some(as_sentence(&problem.detail)),
            (None, _) => None,
        },
        ClientError::Offline | ClientError::Unexpected => None,
    };
    detail.filter(|words| !words.is_empty()).unwrap_or_else(|| said::sentence(text, error))
}

/// Once the errors are drawn.
fn focus_first_error() {
    focus_at(".settings-page [aria-invalid=true]");
}

/// Stays in sight at the foot of the page.
#[component]
pub fn SaveBar(
    saving: Saving,
    dirty: Memo<bool>,
    #[prop(into)] on_discard: Callback<()>,
    /// What else there is to do, at the end of its line.
    #[prop(optional, into)]
    beside: ViewFn,
) -> impl IntoView {
    let text = Text::from_context();
    let status = move || match (saving.busy.get(), saving.saved.get(), dirty.get()) {
        (true, ..) => text.say("settings-saving"),
        (_, true, false) => text.say("settings-saved"),
        (_, _, true) => text.say("settings-unsaved"),
        _ => String::new(),
    };
    let nothing = Signal::derive(move || !dirty.get() || saving.busy.get());
    view! {
        <div class="save-bar">
            {move || {
                saving
                    .clash
                    .get()
                    .map(|words| view! { <Banner tone=Tone::Warn icon=IconName::Alert>{words}</Banner> })
            }}
            {move || {
                saving
                    .trouble
                    .get()
                    .map(|words| view! { <Banner tone=Tone::Bad icon=IconName::Alert>{words}</Banner> })
            }}
            <div class="row save-line">
                <Button look=Look::Primary submit=true disabled=nothing>
                    {move || text.say("settings-save")}
                </Button>
                {shown_when(
                    move || dirty.get() && !saving.busy.get(),
                    move || {
                        view! {
                            <Button look=Look::Quiet on_press=on_discard>
                                {move || text.say("settings-discard")}
                            </Button>
                        }
                        .into_any()
                    },
                )}
                <p class="small muted grow" role="status">{status}</p>
                {beside.run()}
            </div>
        </div>
    }
}
