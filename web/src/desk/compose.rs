//! The dialog for a new message. Closing it keeps what was written; only a send clears it.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Folder, SendMessage, Waiting};
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Dialog, Look};

use super::composer::{SendError, parse_body};
use super::desk::Desk;
use super::later::{LaterButton, LaterField, send_key};
use super::outgoing::{Outgoing, Trouble};
use super::places::Go;
use super::recipient::{Recipient, RecipientField};
use super::send_options::{SendOptions, TextsBlocked, Ways};
use super::view::{PinChoice, Place};

#[component]
pub fn ComposeDialog(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let out = Outgoing::new();
    let recipient = Recipient::new();
    Effect::new(move || {
        let Some(id) = desk.composing.get().and_then(|composing| composing.to) else { return };
        spawn_local(async move {
            if let Ok(contact) = desk.gate.hear(staff::contact(id).await) {
                recipient.picked.try_set(Some(contact));
            }
        });
    });
    view! {
        <Dialog
            open=Signal::derive(move || desk.composing.with(Option::is_some))
            title=Signal::derive(move || text.say("compose-title"))
            on_close=move || desk.composing.set(None)
        >
            <ComposeForm desk=desk out=out recipient=recipient />
        </Dialog>
    }
}

#[component]
fn ComposeForm(desk: Desk, out: Outgoing, recipient: Recipient) -> impl IntoView {
    let text = Text::from_context();
    let go = Go::from_context();
    let ways = ways(desk, recipient);
    let name = Signal::derive(move || recipient.short_name(|| text.say("compose-they")));
    recipient.follow(desk.gate);
    let theirs = Signal::derive(move || {
        recipient.picked.with(|picked| picked.as_ref().and_then(|contact| contact.time_zone.clone()))
    });
    // Whoever mends what was wrong is not told again that it is.
    Effect::new(move || {
        recipient.touched();
        out.trouble.set(None);
    });
    let submit = move || send(desk, out, recipient, ways, go);
    view! {
        <form
            class="compose"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                submit();
            }
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                    event.prevent_default();
                    submit();
                }
            }
        >
            <RecipientField recipient=recipient />
            <TextsBlocked ways=ways name=name />
            <SendOptions out=out ways=ways id="compose" name=name to=recipient.picked />
            <div class="field">
                <label for="compose-body">{move || text.say("compose-message")}</label>
                <textarea
                    id="compose-body"
                    class="input"
                    rows="5"
                    aria-describedby="compose-error"
                    prop:value=move || out.body.get()
                    on:input=move |event| {
                        out.body.set(event_target_value(&event));
                        out.trouble.set(None);
                    }
                ></textarea>
            </div>
            <LaterField out=out id="compose" theirs=theirs name=name />
            <SendError out=out id="compose-error" />
            <div class="dialog-foot">
                <LaterButton out=out />
                <Button on_press=move || desk.composing.set(None)>{move || text.say("compose-later")}</Button>
                <Button look=Look::Primary submit=true disabled=out.busy>
                    {move || text.say(send_key(out))}
                </Button>
            </div>
        </form>
    }
}

fn ways(desk: Desk, recipient: Recipient) -> Memo<Ways> {
    Memo::new(move |_| {
        let channels = recipient.channels();
        let (wish, has_pin) = recipient.picked.with(|picked| {
            picked.as_ref().map_or((None, false), |contact| (contact.preferred_channel, contact.has_pin))
        });
        let channel =
            wish.filter(|wish: &Channel| channels.contains(wish)).or_else(|| channels.first().copied());
        desk.settings.with(|settings| Ways {
            channel,
            channels,
            blocked: recipient.blocked(),
            may_secure: settings.as_ref().is_none_or(|settings| settings.enabled),
            secure: settings.as_ref().is_none_or(|settings| settings.enabled && settings.secure_by_default),
            lifetime: settings.as_ref().map(|settings| settings.link_lifetime).unwrap_or_default(),
            pin: settings.as_ref().map_or(PinChoice::None, |settings| PinChoice::of(has_pin, settings)),
            own_pin: settings.as_ref().is_some_and(|settings| settings.pin_enabled),
        })
    })
}

fn request(out: Outgoing, recipient: Recipient, ways: &Ways, zone: &str) -> Result<SendMessage, Trouble> {
    let picked = recipient.picked.with(|picked| picked.as_ref().map(|contact| contact.id));
    let contact = match (picked, recipient.new.get()) {
        (Some(_), _) => None,
        (None, true) => Some(recipient.created()?),
        (None, false) => return Err(Trouble::NoRecipient),
    };
    let secure = ways.secure(out);
    Ok(SendMessage {
        contact_id: picked,
        contact,
        body: parse_body(out)?,
        secure: Some(secure),
        channel: ways.channel(out),
        link_lifetime: secure.then(|| out.lifetime.get().unwrap_or(ways.lifetime)),
        pin: out.pin(secure)?,
        send_at: out.send_at(zone)?,
        undo: Some(true),
        despite_quiet_hours: None,
    })
}

fn send(desk: Desk, out: Outgoing, recipient: Recipient, ways: Memo<Ways>, go: Go) {
    if out.busy.get_untracked() {
        return;
    }
    match untrack(|| request(out, recipient, &ways.get(), &desk.zone.get())) {
        Err(trouble) => out.trouble.set(Some(trouble)),
        Ok(request) => {
            out.trouble.set(None);
            out.busy.set(true);
            let key = out.key_for(&request);
            spawn_local(async move {
                match desk.gate.hear(staff::send_message(&request, key).await) {
                    Ok(message) => {
                        out.sent();
                        recipient.clear();
                        desk.composing.try_set(None);
                        let folder = match message.waiting {
                            Some(Waiting::Time | Waiting::QuietHours) => Folder::Scheduled,
                            Some(Waiting::Undo) | None => Folder::Outbox,
                        };
                        go.to(Place::Folder(folder, Some(message.conversation_id)));
                    }
                    Err(error) => out.refused(error),
                }
            });
        }
    }
}
