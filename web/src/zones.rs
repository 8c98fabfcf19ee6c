//! Time zones, as the browser knows them.

use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The zone of this computer, such as `America/Chicago`; nothing when the browser does not say.
pub fn own() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

/// Every zone, in the order of the alphabet; with `also` among them, which an older browser may not know.
pub fn all(also: &str) -> Vec<String> {
    let mut zones: Vec<String> = known().iter().filter_map(|zone| zone.as_string()).collect();
    for zone in [also, "UTC"] {
        if !zone.is_empty() && !zones.iter().any(|known| known == zone) {
            zones.push(zone.to_owned());
        }
    }
    zones.sort();
    zones
}

/// `Intl.supportedValuesOf` is newer than some browsers: it is asked for, not linked.
fn known() -> Array {
    let ask = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let values: Function = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into().ok()?;
        values.call1(&JsValue::UNDEFINED, &"timeZone".into()).ok()?.dyn_into().ok()
    };
    ask().unwrap_or_default()
}

/// As a person reads it: `America/New York`.
pub fn words(zone: &str) -> String {
    zone.replace('_', " ")
}
