//! The composer under a thread. What is typed is kept with the conversation while the tab lives, and
//! goes only when the server has it.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::conversations::ReplyInConversation;
use sealpost_shared::staff::Role;
use sealpost_shared::text::{MESSAGE_MAX, MessageText, TextError};
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, FieldError, Look};

use super::later::{LaterButton, LaterField, send_key};
use super::outgoing::{Outgoing, Trouble};
use super::said;
use super::send_options::{SendOptions, TextsBlocked, Ways, WhatLeaves};
use super::thread::Thread;
use super::view::{PinChoice, blocked, channels_now, first_channel, went_securely};

/// The counter shows this close to the limit.
const NEAR_LIMIT: usize = 500;

#[component]
pub fn Composer(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let may_write = Memo::new(move |_| {
        thread.desk.gate.session.with(|s| s.as_ref().is_some_and(|s| s.user.role != Role::ReadOnly))
    });
    move || {
        if may_write.get() {
            view! { <Writing thread=thread /> }.into_any()
        } else {
            view! { <p class="composer muted">{text.say("composer-read-only")}</p> }.into_any()
        }
    }
}

#[component]
fn Writing(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let out = thread.desk.draft(thread.id);
    let ways = ways(thread);
    let area = NodeRef::<html::Textarea>::new();
    let name = Signal::derive(move || thread.short_name());
    // Nothing is said about somebody's addresses before they are known.
    let reached =
        Signal::derive(move || if thread.contact.with(Option::is_some) { name.get() } else { String::new() });
    let submit = move || send(thread, out, ways, area);
    view! {
        <form
            class="composer"
            aria-label=move || text.say("composer-label")
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
            <TextsBlocked ways=ways name=name />
            <SendOptions out=out ways=ways id="reply" to=thread.contact />
            <textarea
                node_ref=area
                class="input"
                rows="3"
                aria-label=move || text.say_with("composer-message", &[("name", name.get().into())])
                aria-describedby="reply-error"
                placeholder=move || text.say_with("composer-placeholder", &[("name", name.get().into())])
                prop:value=move || out.body.get()
                on:input=move |event| {
                    out.body.set(event_target_value(&event));
                    out.trouble.set(None);
                }
            ></textarea>
            <SendError out=out id="reply-error" />
            <LaterField out=out id="reply" theirs=theirs(thread) name=name />
            <div class="composer-foot">
                <WhatLeaves out=out ways=ways id="reply" name=reached />
                <Left out=out />
                <LaterButton out=out />
                <Button look=Look::Primary small=true submit=true disabled=out.busy>
                    {move || text.say(send_key(out))}
                    <kbd aria-hidden="true">{move || text.say("composer-keys")}</kbd>
                </Button>
            </div>
        </form>
    }
}

/// The contact's own time zone.
fn theirs(thread: Thread) -> Signal<Option<String>> {
    Signal::derive(move || thread.contact.with(|contact| contact.as_ref().and_then(|c| c.time_zone.clone())))
}

/// What is possible here: by the contact, the settings, and how the thread last went.
fn ways(thread: Thread) -> Memo<Ways> {
    Memo::new(move |_| {
        thread.desk.settings.with(|settings| {
            thread.messages.items.with(|messages| {
                let standing = thread.standing.get();
                let known = standing.as_ref();
                thread.contact.with(|contact| Ways {
                    channels: contact.as_ref().map(|it| channels_now(it, known)).unwrap_or_default(),
                    channel: contact.as_ref().and_then(|it| first_channel(it, known, messages)),
                    blocked: contact.as_ref().and_then(|it| blocked(it, known)),
                    may_secure: settings.as_ref().is_none_or(|settings| settings.enabled),
                    secure: settings.as_ref().is_none_or(|settings| went_securely(messages, settings)),
                    lifetime: settings.as_ref().map(|settings| settings.link_lifetime).unwrap_or_default(),
                    pin: settings.as_ref().map_or(PinChoice::None, |settings| {
                        PinChoice::of(contact.as_ref().is_some_and(|contact| contact.has_pin), settings)
                    }),
                    own_pin: settings.as_ref().is_some_and(|settings| settings.pin_enabled),
                })
            })
        })
    })
}

/// The text, or what is wrong with it.
pub fn parse_body(out: Outgoing) -> Result<MessageText, Trouble> {
    out.body.with_untracked(|body| body.parse()).map_err(|error| match error {
        TextError::TooLong(_) => Trouble::TooLong,
        _ => Trouble::Empty,
    })
}

fn send(thread: Thread, out: Outgoing, ways: Memo<Ways>, area: NodeRef<html::Textarea>) {
    if out.busy.get_untracked() {
        return;
    }
    let request = untrack(|| {
        let (ways, body) = (ways.get(), parse_body(out)?);
        let secure = ways.secure(out);
        Ok::<_, Trouble>(ReplyInConversation {
            body,
            secure: Some(secure),
            channel: ways.channel(out),
            link_lifetime: secure.then(|| out.lifetime.get().unwrap_or(ways.lifetime)),
            pin: out.pin(secure)?,
            send_at: out.send_at(&thread.desk.zone.get())?,
            undo: Some(true),
            despite_quiet_hours: None,
        })
    });
    match request {
        Err(trouble) => out.trouble.set(Some(trouble)),
        Ok(request) => {
            out.trouble.set(None);
            out.busy.set(true);
            let key = out.key_for(&request);
            spawn_local(async move {
                match thread.desk.gate.hear(staff::reply(thread.id, &request, key).await) {
                    Ok(message) => {
                        out.sent();
                        thread.sent(message);
                    }
                    Err(error) => out.refused(error),
                }
            });
        }
    }
    // The next message is written where this one was.
    if let Some(area) = area.get_untracked() {
        let _ = area.focus();
    }
}

#[component]
pub fn SendError(out: Outgoing, id: &'static str) -> impl IntoView {
    let text = Text::from_context();
    let sentence = Signal::derive(move || {
        out.trouble.get().map(|trouble| match (&trouble, trouble.key()) {
            (_, Some(key)) => text.say(key),
            (Trouble::Refused(error), None) => said::pin_sentence(text, error),
            (_, None) => text.say("unexpected"),
        })
    });
    view! { <FieldError id=id.to_owned() error=sentence /> }
}

/// Characters left, when it matters.
#[component]
fn Left(out: Outgoing) -> impl IntoView {
    let text = Text::from_context();
    let left = Memo::new(move |_| MESSAGE_MAX as i64 - out.body.with(|body| body.chars().count() as i64));
    move || {
        (left.get() < NEAR_LIMIT as i64).then(|| {
            view! {
                <span class="tiny muted">
                    {text.say_with("composer-left", &[("n", left.get().to_string().into())])}
                </span>
            }
        })
    }
}
