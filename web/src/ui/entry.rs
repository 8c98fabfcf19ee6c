//! A labelled text, one line or several, whose value lives outside: values in, callbacks out.

use leptos::html;
use leptos::prelude::*;

use super::field::FieldError;

/// What an [`Entry`] is typed into.
#[derive(Clone, Copy)]
pub enum EntryNode {
    Line(NodeRef<html::Input>),
    Area(NodeRef<html::Textarea>),
}

/// `id` ties label, hint and error to the text and must be unique in the page.
#[component]
pub fn Entry(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    /// Below it; nothing while it is empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong, as a sentence.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// More words that describe it, by their id.
    #[prop(optional, into)]
    described: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] placeholder: Signal<String>,
    /// For what is found while typing: said politely, not at once.
    #[prop(optional)]
    polite: bool,
    /// Templates and PINs are no words.
    #[prop(optional)]
    verbatim: bool,
    node: EntryNode,
) -> impl IntoView {
    let bad = move || error.read().is_some();
    let describedby = format!("{id}-error {id}-hint {described}").trim().to_owned();
    let invalid = move || bad().then_some("true");
    let spellcheck = verbatim.then_some("false");
    let input = match node {
        EntryNode::Line(node) => view! {
            <input
                node_ref=node
                id=id.clone()
                type=kind
                class="input"
                class:bad=bad
                inputmode=inputmode
                autocomplete=autocomplete
                spellcheck=spellcheck
                aria-invalid=invalid
                aria-describedby=describedby
                placeholder=move || placeholder.get()
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
            />
        }
        .into_any(),
        EntryNode::Area(node) => view! {
            <textarea
                node_ref=node
                id=id.clone()
                class="input area"
                class:bad=bad
                autocomplete=autocomplete
                spellcheck=spellcheck
                aria-invalid=invalid
                aria-describedby=describedby
                placeholder=move || placeholder.get()
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            {input}
            <FieldError id=format!("{id}-error") error=error polite=polite />
            <p class="hint" id=format!("{id}-hint")>{move || hint.get()}</p>
        </div>
    }
}
