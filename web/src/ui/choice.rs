//! A choice of one among many, with its label, hint and error: the browser's own `<select>`.

use leptos::prelude::*;

use super::field::FieldError;
use super::shown::mark;

/// `options` are values with their words. `id` must be unique in the page.
#[component]
pub fn Choice(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let bad = move || error.read().is_some();
    let described = if hint.is_some() { format!("{id}-hint {id}-error") } else { format!("{id}-error") };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{move || hint.get()}</p> })}
            <select
                id=id.clone()
                class="input"
                class:bad=bad
                aria-invalid=mark(bad)
                aria-describedby=described
                on:change=move |event| value.set(event_target_value(&event))
            >
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(name, words)| {
                            let selected = { let name = name.clone(); move || value.read() == name };
                            view! { <option value=name prop:selected=selected>{words}</option> }
                        })
                        .collect_view()
                }}
            </select>
            <FieldError id=format!("{id}-error") error=error />
        </div>
    }
}
