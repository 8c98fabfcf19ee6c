//! A form while it is filled in: what is wrong with which field, whether it is on its way, and where the
//! focus goes when it comes back. Fields are named as the server names them, by JSON pointers.

use std::future::Future;

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::problem::ProblemCode;
use sealpost_web::client::{Answer, ClientError};
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, FieldError, Icon, IconName, Look, shown_when};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::gate::Gate;
use super::{said, sign_in};

/// A field and the words for whatever the server finds wrong with it: `/password`, or for one reason alone
/// `/password too_short`; and a problem's code with its words, where the usual ones say too little here.
pub type Known = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy)]
pub struct Form {
    pub busy: RwSignal<bool>,
    /// What is wrong with no field of its own.
    pub error: RwSignal<Option<String>>,
    pub node: NodeRef<html::Form>,
    wrong: RwSignal<Vec<(String, String)>>,
    gate: Gate,
    text: Text,
    known: Known,
}

impl Form {
    pub fn new(known: Known) -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            node: NodeRef::new(),
            wrong: RwSignal::new(Vec::new()),
            gate: Gate::from_context(),
            text: Text::from_context(),
            known,
        }
    }

    /// What is wrong with a field, for its place under it; until what is typed changes.
    pub fn wrong(self, pointer: &'static str, field: RwSignal<String>) -> Signal<Option<String>> {
        Effect::new(move |before: Option<()>| {
            field.track();
            if before.is_some()
                && self.wrong.with_untracked(|wrong| wrong.iter().any(|(at, _)| at == pointer))
            {
                self.wrong.update(|wrong| wrong.retain(|(at, _)| at != pointer));
            }
        });
        Signal::derive(move || {
            let wrong = self.wrong.read();
            wrong.iter().find(|(at, _)| at == pointer).map(|(_, sentence)| sentence.clone())
        })
    }

    pub fn refuse(self, pointer: impl Into<String>, key: &'static str) {
        let found = (pointer.into(), self.text.say(key));
        self.wrong.update(|wrong| wrong.push(found));
    }

    /// The field's value, or nothing and a word under the field.
    pub fn read<T: std::str::FromStr>(
        self,
        pointer: &'static str,
        field: RwSignal<String>,
        key: &'static str,
    ) -> Option<T> {
        let read = field.get_untracked().trim().parse().ok();
        if read.is_none() {
            self.refuse(pointer, key);
        }
        read
    }

    /// Puts the field's own words under each that is missing; true when none is.
    pub fn refuse_missing(self, missing: &[(bool, &'static str)]) -> bool {
        for (_, pointer) in missing.iter().filter(|(missing, _)| *missing) {
            let key = self.known.iter().find(|(at, _)| at == pointer).map_or("form-missing", |(_, key)| key);
            self.refuse(*pointer, key);
        }
        missing.iter().all(|(missing, _)| !missing)
    }

    /// Starts over: call it before the fields are read.
    pub fn clear(self) {
        self.error.set(None);
        self.wrong.update(Vec::clear);
    }

    /// Sends what was read, unless something is wrong or on its way already.
    pub fn send<T: 'static>(
        self,
        call: impl Future<Output = Answer<T>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        if !self.wrong.read_untracked().is_empty() {
            return self.focus();
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = self.gate.hear(call.await);
            self.busy.try_set(false);
            match answer {
                Ok(value) => then(value),
                Err(error) => self.failed(&error),
            }
        });
    }

    /// Reads the fields and sends what they give; `None` is a form in which something is wrong.
    pub fn submit<B: 'static, T: 'static, F: Future<Output = Answer<T>> + 'static>(
        self,
        event: &SubmitEvent,
        read: impl FnOnce() -> Option<B>,
        call: impl FnOnce(B) -> F,
        then: impl FnOnce(T) + 'static,
    ) {
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        self.clear();
        match read() {
            Some(body) => self.send(call(body), then),
            None => self.focus(),
        }
    }

    pub fn failed(self, error: &ClientError) {
        let mut placed = false;
        if let ClientError::Problem(problem) = error
            && problem.code == ProblemCode::ValidationFailed
        {
            for found in &problem.errors {
                let Some(sentence) = self.sentence_of(&found.pointer, &found.code) else { continue };
                placed = true;
                self.wrong.try_update(|wrong| wrong.push((found.pointer.clone(), sentence)));
            }
        }
        if !placed {
            self.error.try_set(Some(self.sentence(error)));
        }
        self.focus();
    }

    /// What is wrong with the whole: in the form's own words for it, or until when one has to wait.
    fn sentence(self, error: &ClientError) -> String {
        let own = error.code().and_then(|code| self.known.iter().find(|(name, _)| *name == code.as_str()));
        match own {
            Some((_, key)) => self.text.say(key),
            None => sign_in::waiting(self.text, error).unwrap_or_else(|| said::sentence(self.text, error)),
        }
    }

    /// The words for a field that the server refused: those for the very reason (`/password too_short`), else
    /// those for the field.
    fn sentence_of(self, pointer: &str, code: &str) -> Option<String> {
        let exact = format!("{pointer} {code}");
        let known = |name: &str| self.known.iter().find(|(at, _)| *at == name);
        known(&exact).or_else(|| known(pointer)).map(|(_, key)| self.text.say(key))
    }

    /// To the first field that is not right, else to the form's own error, once they are drawn.
    pub fn focus(self) {
        request_animation_frame(move || {
            let Some(Some(form)) = self.node.try_get_untracked() else { return };
            let first = form.query_selector("[aria-invalid=true], .form-error .error").ok().flatten();
            focus_on(first);
        });
    }
}

fn focus_on(found: Option<Element>) {
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // Refused only when it is not in the page any more.
        let _ = found.focus();
    }
}

/// To the first element that the selector finds, once what is being drawn is there.
pub fn focus_at(css: impl Into<String>) {
    let css = css.into();
    request_animation_frame(move || focus_on(document().query_selector(&css).ok().flatten()));
}

/// Where the form says what is wrong with no field of its own.
#[component]
pub fn FormError(form: Form, id: &'static str) -> impl IntoView {
    view! {
        <div class="form-error">
            <FieldError id=id.to_owned() error=form.error />
        </div>
    }
}

/// The button that saves, and a word that it did.
#[component]
pub fn Saved(saved: RwSignal<bool>, #[prop(into)] busy: Signal<bool>, word: &'static str) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="row">
            <Button look=Look::Primary small=true submit=true disabled=busy>{move || text.say(word)}</Button>
            <span class="row good small" role="status">
                {shown_when(
                    move || saved.get(),
                    move || {
                        view! {
                            <Icon name=IconName::Check />
                            <span>{move || text.say("contact-saved")}</span>
                        }
                        .into_any()
                    },
                )}
            </span>
        </div>
    }
}
