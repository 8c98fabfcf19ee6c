//! One of a few, side by side: radio buttons, so that the arrow keys choose.

use leptos::prelude::*;

/// `choices` are the values and their words.
#[component]
pub fn Segmented<T>(
    /// The radio buttons' common name; unique in the page.
    name: &'static str,
    #[prop(into)] legend: Signal<String>,
    choices: Vec<(T, Signal<String>)>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: Callback<T>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let described = hint.is_some().then(|| format!("{name}-hint"));
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>{move || legend.get()}</legend>
            <div class="seg">
                {choices
                    .into_iter()
                    .map(|(value, words)| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name=name
                                    prop:checked=move || chosen.get() == value
                                    on:change=move |_| on_choose.run(value)
                                />
                                <span>{move || words.get()}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{move || hint.get()}</p> })}
        </fieldset>
    }
}
