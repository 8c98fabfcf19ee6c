//! A labelled text field with its hint and its error.

use leptos::html;
use leptos::prelude::*;

/// One line of text. `id` ties label, hint and error to the input and must be unique in the page.
#[component]
pub fn Field(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    /// What is wrong, as a sentence.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let bad = move || error.read().is_some();
    let described = if hint.is_some() { format!("{id}-hint {id}-error") } else { format!("{id}-error") };
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{move || hint.get()}</p> })}
            <input
                node_ref=node_ref
                id=id
                type=kind
                class="input"
                class:bad=bad
                inputmode=inputmode
                autocomplete=autocomplete
                aria-required=required.then_some("true")
                aria-invalid=move || bad().then_some("true")
                aria-describedby=described
                placeholder=move || placeholder.get()
                bind:value=value
            />
            <FieldError id=format!("{id}-error") error=error />
        </div>
    }
}

/// What is wrong with a field, announced once.
#[component]
pub fn FieldError(
    id: String,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional)] polite: bool,
) -> impl IntoView {
    let role = if polite { "status" } else { "alert" };
    view! {
        <div id=id>
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="error" role=role>
                                <super::Icon name=super::IconName::Alert />
                                <span>{error}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
