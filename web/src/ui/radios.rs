//! One of a few, below each other, each with what it means.

use leptos::prelude::*;

/// `choices` are the values with their words and what these mean.
#[component]
pub fn Radios<T>(
    /// The radio buttons' common name; unique in the page.
    name: &'static str,
    #[prop(into)] legend: Signal<String>,
    choices: Vec<(T, Signal<String>, Signal<String>)>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <fieldset class="field radios">
            <legend>{move || legend.get()}</legend>
            {choices
                .into_iter()
                .enumerate()
                .map(|(at, (value, words, what))| {
                    let id = format!("{name}-{at}");
                    view! {
                        <label class="radio">
                            <input
                                type="radio"
                                name=name
                                aria-labelledby=format!("{id}-words")
                                aria-describedby=format!("{id}-what")
                                prop:checked=move || chosen.get() == value
                                on:change=move |_| on_choose.run(value)
                            />
                            <span>
                                <span class="strong" id=format!("{id}-words")>{move || words.get()}</span>
                                <span class="muted small" id=format!("{id}-what")>{move || what.get()}</span>
                            </span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
