//! The staff's app: inbox, threads, contacts.

mod account;
mod app;
mod arrive;
mod authenticator;
mod channels;
mod checklist;
mod compose;
mod composer;
mod contact_search;
mod contacts;
mod context;
mod copy;
mod desk;
mod enrolling;
mod failures;
mod folder;
mod forgot;
mod form;
mod gate;
mod invited;
mod keys;
mod later;
mod live;
mod loading;
mod nav;
mod outgoing;
mod own_fields;
mod paged;
mod people;
mod places;
mod recipient;
mod row;
mod said;
mod second_step;
mod send_options;
mod session;
mod settings;
mod setup;
mod shell;
mod sign_in;
mod steady;
mod thread;
mod view;
mod weak_pin;

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
