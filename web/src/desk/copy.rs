//! A button that copies a text, and says whether it did; and what is shown this once, with that button.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::text::Text;
use sealpost_web::ui::Button;
use wasm_bindgen_futures::JsFuture;

#[component]
pub fn CopyButton(what: String) -> impl IntoView {
    let text = Text::from_context();
    let what = StoredValue::new(what);
    let copied = RwSignal::new(None::<bool>);
    let copy = move || {
        // Elsewhere than over https and on this computer, browsers have no clipboard for pages.
        if !window().is_secure_context() {
            return copied.set(Some(false));
        }
        let writing = window().navigator().clipboard().write_text(&what.get_value());
        spawn_local(async move {
            copied.try_set(Some(JsFuture::from(writing).await.is_ok()));
        });
    };
    view! {
        <Button small=true on_press=copy>{move || text.say("copy")}</Button>
        <span class="small muted" role="status">
            {move || copied.get().map(|done| text.say(if done { "copied" } else { "not-copied" }))}
        </span>
    }
}

/// A link or a key to hand over: the server does not have it any more.
#[component]
pub fn ShownOnce(
    what: String,
    /// Beside the button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <p class="shown-once">
            <code>{what.clone()}</code>
        </p>
        <div class="row">
            <CopyButton what=what />
            {children.map(|children| children())}
        </div>
    }
}
