//! The staff's app: inbox, threads, contacts.

mod app;
mod compose;
mod composer;
mod contacts;
mod context;
mod desk;
mod folder;
mod gate;
mod keys;
mod live;
mod nav;
mod outgoing;
mod paged;
mod places;
mod recipient;
mod row;
mod said;
mod send_options;
mod session;
mod settings;
mod shell;
mod sign_in;
mod steady;
mod thread;
mod view;

use leptos::prelude::document;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    let root = document().get_element_by_id("app");
    if let Some(root) = root.and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok()) {
        // What the page showed until now (web/desk.html) makes room.
        root.replace_children_with_node_0();
        leptos::mount::mount_to(root, app::App).forget();
    }
}
