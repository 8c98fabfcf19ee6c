//! A field for a password or another secret: hidden until somebody asks to see it; pasting works.

use leptos::html;
use leptos::prelude::*;

use super::field::FieldError;
use super::shown::mark;

/// What its button says.
#[derive(Clone, Copy)]
pub struct ShowHide {
    pub show: Signal<String>,
    pub hide: Signal<String>,
    /// With what is shown or hidden, for those who hear the button alone.
    pub show_what: Signal<String>,
    pub hide_what: Signal<String>,
}

#[component]
pub fn PasswordField(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    words: ShowHide,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    /// How good it is, said while it is typed.
    #[prop(optional, into)]
    measure: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let bad = move || error.read().is_some();
    let either = move |hide: Signal<String>, show: Signal<String>| {
        Signal::derive(move || if shown.get() { hide.get() } else { show.get() })
    };
    let described: String = [(hint.is_some(), "hint"), (measure.is_some(), "measure"), (true, "error")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part} "))
        .collect();
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{move || hint.get()}</p> })}
            <div class="with-button">
                <input
                    node_ref=node_ref
                    id=id
                    type=move || if shown.get() { "text" } else { "password" }
                    class="input"
                    class:bad=bad
                    autocomplete=autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    aria-required=required.then_some("true")
                    aria-invalid=mark(bad)
                    aria-describedby=described.trim_end().to_owned()
                    bind:value=value
                />
                <button type="button" class="btn quiet" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    <span class="hush">{either(words.hide_what, words.show_what)}</span>
                    <span aria-hidden="true">{either(words.hide, words.show)}</span>
                </button>
            </div>
            {measure
                .map(|measure| {
                    view! {
                        <p class="hint" id=format!("{id}-measure") aria-live="polite">
                            {move || measure.get()}
                        </p>
                    }
                })}
            <FieldError id=format!("{id}-error") error=error />
        </div>
    }
}
