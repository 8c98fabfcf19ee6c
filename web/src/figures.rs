//! Numbers as people of a language group them: `10,000`.

use crate::text::Language;

pub fn figure(number: u64, language: Language) -> String {
    js_sys::Number::from(number as f64).to_locale_string(language.code()).into()
}
