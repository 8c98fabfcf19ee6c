//! The language: the one thing that a script keeps in the browser (security.md D26).

use leptos::prelude::*;
use sealpost_web::text::{Language, Text};
use sealpost_web::ui;

const KEY: &str = "sealpost.language";

/// What was chosen before, else the first of the browser's languages that we have.
pub fn first() -> Language {
    stored().or_else(|| preferred().into_iter().find_map(|tag| Language::parse(&tag))).unwrap_or_default()
}

fn stored() -> Option<Language> {
    // A browser may refuse storage altogether; then the choice lasts as long as the page.
    let storage = window().local_storage().ok().flatten()?;
    Language::parse(&storage.get_item(KEY).ok().flatten()?)
}

fn preferred() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Keeps the document's language, direction and title in step.
pub fn follow(text: Text) {
    ui::effect(move || {
        let language = text.language();
        if let Some(root) = document().document_element() {
            let direction = if language.is_right_to_left() { "rtl" } else { "ltr" };
            // Setting a well-formed attribute cannot fail.
            let _ = root.set_attribute("lang", language.code());
            let _ = root.set_attribute("dir", direction);
        }
        document().set_title(&text.say("page-title"));
    });
}

fn choose(text: Text, language: Language) {
    text.choose(language);
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, language.code());
    }
}

/// Every language by its own name.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="languages" role="group" aria-label=text.live("language")>
            {Language::ALL
                .map(|language| {
                    view! {
                        <button
                            type="button"
                            class="btn quiet"
                            lang=language.code()
                            aria-pressed=Signal::derive(move || {
                                if text.language() == language { "true" } else { "false" }
                            })
                            on:click=move |_| choose(text, language)
                        >
                            {language.name()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
