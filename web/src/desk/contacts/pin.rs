//! A contact's PIN: set, replaced, removed, never shown.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::{Contact, SetPin};
use sealpost_shared::text::Pin;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Field, IconName, Look, Tone};

use crate::desk::Desk;
use crate::said;
use crate::weak_pin::WeakPin;

/// For who may change it.
#[component]
pub fn PinPanel(contact: RwSignal<Option<Contact>>, load: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let has_pin = Memo::new(move |_| contact.with(|c| c.as_ref().is_some_and(|c| c.has_pin)));
    let disabled = Memo::new(move |_| contact.with(|c| c.as_ref().is_some_and(|c| c.pin_disabled)));
    let id = move || contact.with_untracked(|c| c.as_ref().map(|c| c.id));
    let remove = move || {
        if let Some(id) = id() {
            desk.act(staff::remove_pin(id), move |()| {
                let _ = load.try_run(());
            });
        }
    };
    let unlock = move || {
        if let Some(id) = id() {
            desk.act(staff::unlock_contact(id), move |()| {
                let _ = load.try_run(());
            });
        }
    };
    view! {
        <section class="panel card">
            <h3>{move || text.say("pin")}</h3>
            <Show when=move || disabled.get()>
                <Banner tone=Tone::Warn icon=IconName::Lock>
                    {move || text.say("pin-locked-out-why")}
                    <Button small=true on_press=unlock>{move || text.say("pin-clear-lock-out")}</Button>
                </Banner>
            </Show>
            <p>{move || text.say(if has_pin.get() { "pin-is-set" } else { "pin-is-not-set" })}</p>
            <PinForm contact=contact has_pin=has_pin load=load />
            <Show when=move || has_pin.get()>
                <div class="row">
                    <Button small=true look=Look::Danger on_press=remove>{move || text.say("pin-remove")}</Button>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn PinForm(contact: RwSignal<Option<Contact>>, has_pin: Memo<bool>, load: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let saved = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        saved.set(false);
        let Some(id) = contact.with_untracked(|c| c.as_ref().map(|c| c.id)) else { return };
        let Ok(pin) = typed.get_untracked().parse::<Pin>() else {
            error.set(Some(text.say("composer-pin-length")));
            return;
        };
        error.set(None);
        spawn_local(async move {
            match desk.gate.hear(staff::set_pin(id, &SetPin { pin }).await) {
                Ok(()) => {
                    typed.try_set(String::new());
                    saved.try_set(true);
                    load.try_run(());
                }
                Err(problem) => {
                    error.try_set(Some(said::pin_sentence(text, &problem)));
                }
            }
        });
    };
    view! {
        <form class="pin-form" on:submit=submit>
            <Field
                id="contact-pin"
                label=Signal::derive(move || text.say(if has_pin.get() { "pin-new" } else { "pin-first" }))
                hint=Signal::derive(move || text.say("pin-hint"))
                value=typed
                error=error
            />
            <WeakPin typed=typed about=contact refused=desk.refuses_weak_pins() id="contact-pin-weak" />
            <Button small=true submit=true>
                {move || text.say(if has_pin.get() { "pin-replace" } else { "pin-save" })}
            </Button>
            <p class="small" role="status">{move || saved.get().then(|| text.say("pin-saved"))}</p>
        </form>
    }
}
