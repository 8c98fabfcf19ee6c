//! Deleting a contact, after one clear question.

use leptos::prelude::*;
use sealpost_shared::ids::ContactId;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look};

use crate::desk::Desk;
use crate::places::Go;
use crate::view::Place;

#[component]
pub fn DeleteContact(id: ContactId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let go = Go::from_context();
    let asking = RwSignal::new(false);
    let delete = move || {
        asking.set(false);
        desk.act(staff::delete_contact(id), move |()| go.instead(Place::Contacts(None)));
    };
    let named = move |key: &str| text.say_with(key, &[("name", name.get().into())]);
    view! {
        <section class="panel">
            <div class="row">
                <Button small=true look=Look::Danger on_press=move || asking.set(true)>
                    {move || text.say("contact-delete")}
                </Button>
            </div>
            <Dialog
                open=asking
                title=Signal::derive(move || named("contact-delete-ask"))
                alert=true
                on_close=move || asking.set(false)
            >
                <p>{move || text.say("contact-delete-what")}</p>
                <div class="dialog-foot">
                    <Button on_press=move || asking.set(false)>{move || text.say("cancel")}</Button>
                    <Button look=Look::Danger on_press=delete>{move || text.say("contact-delete-yes")}</Button>
                </div>
            </Dialog>
        </section>
    }
}
