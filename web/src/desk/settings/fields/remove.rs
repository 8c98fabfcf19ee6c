//! Deleting a field, after one clear question; the server's reason when it does not.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contact_fields::ContactField;
use sealpost_web::client::settings;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Dialog, IconName, Look, Tone};

use super::super::saving::why;
use crate::desk::Desk;
use crate::form::focus_at;
use crate::own_fields::OwnFields;

/// The button that was pressed is gone with its field.
fn focus_on_adding() {
    focus_at(".settings-body .btn.primary");
}

#[component]
pub fn RemoveField(fields: OwnFields, removing: RwSignal<Option<ContactField>>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let trouble = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let close = move || {
        removing.set(None);
        trouble.set(None);
    };
    let remove = move || {
        let Some(id) = removing.with_untracked(|field| field.as_ref().map(|field| field.id)) else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = desk.gate.hear(settings::delete_contact_field(id).await);
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    close();
                    fields.load();
                    focus_on_adding();
                }
                Err(error) => drop(trouble.try_set(Some(why(text, &error)))),
            }
        });
    };
    let title = move || {
        let label = removing.with(|field| field.as_ref().map(|field| field.label.as_str().to_owned()));
        text.say_with("field-remove-ask", &[("name", label.unwrap_or_default().into())])
    };
    view! {
        <Dialog
            open=Signal::derive(move || removing.with(Option::is_some))
            title=Signal::derive(title)
            alert=true
            on_close=close
        >
            <p>{text.live("field-remove-what")}</p>
            {move || {
                trouble.get().map(|words| view! { <Banner tone=Tone::Bad icon=IconName::Alert>{words}</Banner> })
            }}
            <div class="dialog-foot">
                <Button on_press=close>{text.live("cancel")}</Button>
                <Button look=Look::Danger disabled=busy on_press=remove>{text.live("field-remove-yes")}</Button>
            </div>
        </Dialog>
    }
}
