//! Words: every sentence a person reads comes from the Fluent files in `locales/`. No sentence in code.

mod fluent;
mod problems;

use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use sealpost_shared::problem::ProblemCode;

use fluent::Messages;
pub use fluent::Value;
pub use problems::problem_key;

/// A language we have words in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    Es,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// What its speakers call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    pub const fn is_right_to_left(self) -> bool {
        match self {
            Self::En | Self::Es => false,
        }
    }

    /// From a BCP 47 tag such as `es-MX`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}

/// Both sides of an app's words: for each language, its Fluent files.
pub type Sources = &'static [(Language, &'static [&'static str])];

/// Problems and the few words both apps need; each app adds its own file.
pub const SHARED_EN: &str = include_str!("../../locales/en/shared.ftl");
pub const SHARED_ES: &str = include_str!("../../locales/es/shared.ftl");

/// The app's words in the chosen language. Copy it into any closure; reading it there follows the language.
#[derive(Clone, Copy)]
pub struct Text {
    language: RwSignal<Language>,
    sources: Sources,
    /// Read once per language, when it is first chosen.
    messages: StoredValue<Vec<(Language, Rc<Messages>)>, LocalStorage>,
}

impl Text {
    /// Makes the words and puts them in the context; call it once, at the root.
    pub fn provide(sources: Sources, language: Language) -> Self {
        let language = RwSignal::new(language);
        let text = Self { language, sources, messages: StoredValue::new_local(Vec::new()) };
        provide_context(text);
        text
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    /// In a view what follows from it follows the language; after an answer it is said once, as it is then.
    pub fn language(self) -> Language {
        match Observer::get() {
            Some(_) => self.language.get(),
            None => self.language.get_untracked(),
        }
    }

    pub fn choose(self, language: Language) {
        self.language.set(language);
    }

    pub fn say(self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The same as something to show: it follows the language by itself. Views take this rather than a
    /// closure of their own, each of which would be compiled anew.
    pub fn live(self, key: &'static str) -> Signal<String> {
        Signal::derive(move || self.say(key))
    }

    /// A key without words shows itself: better than a blank, and the tests make sure that there is none.
    pub fn say_with(self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        self.messages().format(key, values).unwrap_or_else(|| key.to_owned())
    }

    fn messages(self) -> Rc<Messages> {
        let language = self.language();
        let known = self.messages.with_value(|known| {
            known.iter().find(|(of, _)| *of == language).map(|(_, messages)| messages.clone())
        });
        known.unwrap_or_else(|| {
            let messages = Rc::new(read(self.sources, language));
            self.messages.update_value(|known| known.push((language, messages.clone())));
            messages
        })
    }

    /// What a person can do about a problem.
    pub fn problem(self, code: ProblemCode) -> String {
        self.say(problem_key(code))
    }
}

fn read(sources: Sources, language: Language) -> Messages {
    let files = sources.iter().find(|(of, _)| *of == language).map_or(&[][..], |(_, files)| files);
    Messages::of(files, language)
}

#[cfg(test)]
mod tests;
