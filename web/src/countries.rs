//! Countries, as the browser names them.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::text::Language;

/// What names countries in a language. `Intl.DisplayNames` is newer than some browsers: it is asked for, not linked,
/// and without it a country is called by its code.
pub struct Names(Option<(JsValue, Function)>);

impl Names {
    pub fn of(language: Language) -> Self {
        Self(display_names(language))
    }

    pub fn name(&self, code: &str) -> String {
        let named = self.0.as_ref().and_then(|(names, of)| of.call1(names, &code.into()).ok()?.as_string());
        named.unwrap_or_else(|| code.to_owned())
    }
}

fn display_names(language: Language) -> Option<(JsValue, Function)> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: Function = Reflect::get(&intl, &"DisplayNames".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"region".into()).ok()?;
    let arguments = Array::of2(&Array::of1(&language.code().into()), &options);
    let names = Reflect::construct(&constructor, &arguments).ok()?;
    let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
    Some((names, of))
}
