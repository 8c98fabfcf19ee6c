//! Words: every sentence a person reads comes from the Fluent files in `locales/`. No sentence in code.

mod problems;

use std::rc::Rc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use sealpost_shared::problem::ProblemCode;
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue as Value;
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

type Bundle = FluentBundle<FluentResource>;

/// The app's words in the chosen language. Copy it into any closure; reading it there follows the language.
#[derive(Clone, Copy)]
pub struct Text {
    language: RwSignal<Language>,
    sources: Sources,
    /// Parsed once per language, when it is first chosen.
    bundles: StoredValue<Vec<(Language, Rc<Bundle>)>, LocalStorage>,
}

impl Text {
    /// Makes the words and puts them in the context; call it once, at the root.
    pub fn provide(sources: Sources, language: Language) -> Self {
        let language = RwSignal::new(language);
        let text = Self { language, sources, bundles: StoredValue::new_local(Vec::new()) };
        provide_context(text);
        text
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    pub fn language(self) -> Language {
        self.language.get()
    }

    pub fn choose(self, language: Language) {
        self.language.set(language);
    }

    pub fn say(self, key: &str) -> String {
        say(&self.bundle(), key, None)
    }

    pub fn say_with(self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        say(&self.bundle(), key, Some(&args))
    }

    fn bundle(self) -> Rc<Bundle> {
        // In a view the words follow the language; after an answer they are said once, as it is then.
        let language = match Observer::get() {
            Some(_) => self.language.get(),
            None => self.language.get_untracked(),
        };
        let known = self.bundles.with_value(|bundles| {
            bundles.iter().find(|(of, _)| *of == language).map(|(_, bundle)| bundle.clone())
        });
        known.unwrap_or_else(|| {
            let bundle = Rc::new(build(self.sources, language));
            self.bundles.update_value(|bundles| bundles.push((language, bundle.clone())));
            bundle
        })
    }

    /// What a person can do about a problem.
    pub fn problem(self, code: ProblemCode) -> String {
        self.say(problem_key(code))
    }
}

fn build(sources: Sources, language: Language) -> Bundle {
    let tag: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new(vec![tag]);
    // Marks around values matter only where the text around them runs the other way.
    bundle.set_use_isolating(language.is_right_to_left());
    let files = sources.iter().find(|(of, _)| *of == language).map_or(&[][..], |(_, files)| files);
    for file in files {
        // A file with a broken entry still gives its other entries; the tests below find broken ones.
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A key without words shows itself: better than a blank, and the tests make sure that there is none.
fn say(bundle: &Bundle, key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
}

#[cfg(test)]
mod tests;
