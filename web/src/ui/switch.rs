//! On or off, with what it means beside it.

use leptos::prelude::*;

/// The words "On" and "Off" stand beside the switch: its colour alone would not say it.
#[component]
pub fn Switch(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(into)] on: Signal<bool>,
    /// "On" or "Off".
    #[prop(into)]
    state: Signal<String>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    let described = hint.is_some().then(|| format!("{id}-hint"));
    view! {
        <div class="setting">
            <div class="grow">
                <label class="strong" for=id.clone()>{move || label.get()}</label>
                {hint.map(|hint| view! { <p class="muted small" id=format!("{id}-hint")>{move || hint.get()}</p> })}
            </div>
            <span class="switch">
                <span class="switch-state" aria-hidden="true">{move || state.get()}</span>
                <input
                    id=id
                    type="checkbox"
                    role="switch"
                    aria-describedby=described
                    prop:checked=on
                    on:change=move |event| {
                        let wanted = event_target_checked(&event);
                        on_change.run(wanted);
                        // It shows what is, which may not be what was asked for.
                        event_target::<web_sys::HtmlInputElement>(&event).set_checked(on.get_untracked());
                    }
                />
            </span>
        </div>
    }
}
