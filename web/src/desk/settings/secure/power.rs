//! Secure messaging as a whole: on or off, and what new messages start with.

use leptos::prelude::*;
use sealpost_shared::settings::LIVE_LINKS_MAX;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look, Switch};

use super::SecureForm;
use super::form::turn;
use crate::settings::form_page::FormSwitch;
use crate::settings::frame::on_off;

#[component]
pub fn PowerPanel(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    let asking = RwSignal::new(false);
    let on = Signal::derive(move || form.saved.with(|saved| saved.as_ref().is_some_and(|s| s.enabled)));
    let turn = move |wanted: bool| {
        if wanted {
            turn(form, true, text);
        } else {
            // The dialog says how many links this is about: as many as there are now.
            form.load();
            asking.set(true);
        }
    };
    view! {
        <section class="card panel">
            <Switch
                id="secure-enabled"
                label=text.live("secure-enabled")
                hint=text.live("secure-enabled-hint")
                on=on
                state=on_off(text, on)
                on_change=turn
            />
            <FormSwitch
                form=form
                id="secure-by-default"
                label="secure-by-default"
                hint="secure-by-default-hint"
                pointer="/secure_by_default"
                read=|draft| draft.secure_by_default
                write=|draft, on| draft.secure_by_default = on
            />
            <TurnOff form=form asking=asking />
        </section>
    }
}

#[component]
fn TurnOff(form: SecureForm, asking: RwSignal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let live = move || form.saved.with(|saved| saved.as_ref().map_or(0, |s| s.live_links));
    let links = Signal::derive(move || match live() {
        n if n >= LIVE_LINKS_MAX => text.say("turn-off-many"),
        n => text.say_with("turn-off-links", &[("n", n.into())]),
    });
    let turn_off = move || {
        asking.set(false);
        turn(form, false, text);
    };
    view! {
        <Dialog open=asking title=text.live("turn-off-ask") alert=true on_close=move || asking.set(false)>
            <div class="dialog-words">
                <p>{text.live("turn-off-new")}</p>
                <p class="strong">{links}</p>
                <p>{text.live("turn-off-ended")}</p>
            </div>
            <div class="dialog-foot">
                <Button on_press=move || asking.set(false)>{text.live("turn-off-keep")}</Button>
                <Button look=Look::Danger on_press=turn_off>{text.live("turn-off-yes")}</Button>
            </div>
        </Dialog>
    }
}
