//! Parts of a view that come, go and change. A view takes any closure for that, and compiles all it can
//! do with a view anew for each; these are compiled once, which keeps the patients' app small.

use leptos::prelude::*;

/// What `view` makes, made anew whenever a signal that it read changes.
pub fn shown(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let view: Box<dyn Fn() -> AnyView + Send> = Box::new(view);
    (move || view()).into_any()
}

/// What `view` makes, while `condition` holds; made anew only when that changes.
pub fn shown_when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let condition: Box<dyn Fn() -> bool + Send + Sync> = Box::new(condition);
    let holds = Memo::new(move |_| condition());
    shown(move || if holds.get() { view() } else { ().into_any() })
}

/// `"true"` while `condition` holds, else no attribute: for the `aria-` attributes.
pub fn mark(condition: impl Fn() -> bool + Send + Sync + 'static) -> Signal<Option<&'static str>> {
    Signal::derive(move || condition().then_some("true"))
}
