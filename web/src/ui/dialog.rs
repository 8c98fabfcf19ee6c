//! The browser's own `<dialog>`: it traps focus, closes on Escape and gives focus back.

use leptos::html;
use leptos::prelude::*;

use super::shown::shown_when;

/// Shown while `open` is true. `on_close` is called when it was closed in whatever way; set `open` to
/// false there. `alert` is for what needs an answer now.
#[component]
pub fn Dialog(
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on_close: Callback<()>,
    #[prop(optional)] alert: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    super::effect(move || {
        let (Some(dialog), open) = (node.get(), open.get()) else { return };
        if open && !dialog.open() {
            // Refused only when it is open already or not in the page.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            class="dialog"
            node_ref=node
            role=alert.then_some("alertdialog")
            aria-label=title
            on:close=move |_| on_close.run(())
        >
            {shown_when(
                move || open.get(),
                move || view! { <h2>{title}</h2> {children.with_value(|children| children())} }.into_any(),
            )}
        </dialog>
    }
}
