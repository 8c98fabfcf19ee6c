//! What has not gone out: until when it waits, and what can be done about it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Message, UpdateScheduledMessage, Waiting};
use sealpost_shared::ids::MessageId;
use sealpost_shared::patch::Patch;
use sealpost_shared::text::{MessageText, TextError};
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::time::{every_second, now};
use sealpost_web::ui::{
    Button, Dialog, FieldError, Icon, IconName, Look, MessageBody, Tag, TagTone, shown_when,
};
use sealpost_web::zones::{from_field, instant, to_field, wall};

use super::Thread;
use crate::later::{TimeField, goes_out};
use crate::said;
use crate::view::channels_now;

/// Under the messages: the first to go first.
#[component]
pub fn WaitingMessages(thread: Thread) -> impl IntoView {
    let key = |message: &Message| {
        let said = (message.body.as_str().to_owned(), message.channel, message.waiting);
        (message.id, message.send_at, message.failure.is_some(), said)
    };
    view! {
        <For each=move || thread.scheduled.get() key=key let:message>
            <WaitingBubble thread=thread message=message />
        </For>
    }
}

#[component]
fn WaitingBubble(thread: Thread, message: Message) -> impl IntoView {
    let text = Text::from_context();
    let who = text.say_with("message-from-us", &[("name", message.author.name.clone().into())]);
    let undo = message.waiting == Some(Waiting::Undo);
    let failed = message.failure.clone();
    let body = message.body.as_str().to_owned();
    view! {
        <li class="message me waits">
            <article aria-label=who>
                <div class="bubble" dir="auto"><MessageBody text=body /></div>
                <div class="meta">
                    {if message.secure {
                        view! { <Tag icon=IconName::Lock>{move || text.say("tag-secure")}</Tag> }.into_any()
                    } else {
                        let key = message.channel.map_or("tag-plain", said::channel_key);
                        view! { <Tag tone=TagTone::Plain>{move || text.say(key)}</Tag> }.into_any()
                    }}
                    {match (&failed, undo) {
                        (Some(_), _) => ().into_any(),
                        (None, true) => view! { <Countdown thread=thread message=message.clone() /> }.into_any(),
                        (None, false) => view! { <Until thread=thread message=message.clone() /> }.into_any(),
                    }}
                </div>
                {match failed {
                    Some(failure) => {
                        view! { <CouldNot thread=thread message=message.clone() why=failure.detail /> }.into_any()
                    }
                    None if undo => ().into_any(),
                    None => view! { <Acts thread=thread message=message.clone() /> }.into_any(),
                }}
            </article>
        </li>
    }
}

/// "Sending in 8 s", with the way back.
#[component]
fn Countdown(thread: Thread, message: Message) -> impl IntoView {
    let text = Text::from_context();
    let id = message.id;
    let left = move || {
        message.send_at.map_or(0, |at| (at - now()).num_milliseconds().max(0).unsigned_abs().div_ceil(1_000))
    };
    let seconds = RwSignal::new(left());
    every_second(move || seconds.set(left()));
    let body = message.body.as_str().to_owned();
    let undo = move || thread.take_back(id, Some(body.clone()));
    view! {
        <Icon name=IconName::Clock />
        <span>
            {move || match seconds.get() {
                0 => text.say("composer-busy"),
                n => text.say_with("undo-in", &[("n", n.to_string().into())]),
            }}
        </span>
        {shown_when(
            move || seconds.get() > 0 && thread.desk.may_write(),
            move || view! { <Button small=true on_press=undo.clone()>{text.say("undo")}</Button> }.into_any(),
        )}
    }
}

/// When it goes out, and why not now.
#[component]
fn Until(thread: Thread, message: Message) -> impl IntoView {
    let text = Text::from_context();
    let quiet = message.waiting == Some(Waiting::QuietHours);
    let words = move || {
        let Some(at) = message.send_at else { return String::new() };
        let zone = thread.contact.with(|contact| contact.as_ref().and_then(|c| c.time_zone.clone()));
        let name = thread.short_name();
        let time = goes_out(text, at, &thread.desk.zone.get(), zone, &name);
        let key = if quiet { "waits-quiet" } else { "waits-time" };
        text.say_with(key, &[("time", time.into()), ("name", name.into())])
    };
    view! {
        <span class="waits-until">
            <Icon name=IconName::Clock />
            <span class="fact">{words}</span>
        </span>
    }
}

#[component]
fn Acts(thread: Thread, message: Message) -> impl IntoView {
    let text = Text::from_context();
    let id = message.id;
    let quiet = message.waiting == Some(Waiting::QuietHours);
    let may_write = thread.desk.may_write();
    may_write.then(|| {
        view! {
            <div class="waits-acts">
                <Button small=true on_press=move || thread.send_waiting(id)>
                    {move || text.say(if quiet { "waits-send-anyway" } else { "waits-send" })}
                </Button>
                <Edit thread=thread message=message />
                <Button small=true look=Look::Quiet on_press=move || thread.take_back(id, None)>
                    {move || text.say("waits-cancel")}
                </Button>
            </div>
        }
    })
}

/// Its time came, and something was in the way.
#[component]
fn CouldNot(thread: Thread, message: Message, why: String) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="undelivered">
            <Icon name=IconName::Alert />
            <div class="grow">
                <p>
                    <strong>{move || text.say("waits-failed")}</strong>
                    {" "}
                    {why}
                </p>
                <p>{move || text.say("waits-failed-do")}</p>
                <Acts thread=thread message=message />
            </div>
        </div>
    }
}

/// Another text, another time.
#[component]
fn Edit(thread: Thread, message: Message) -> impl IntoView {
    let text = Text::from_context();
    let open = RwSignal::new(false);
    let message = StoredValue::new(message);
    view! {
        <Button small=true on_press=move || open.set(true)>{move || text.say("waits-edit")}</Button>
        <Dialog open=open title=text.live("waits-edit-title") on_close=move || open.set(false)>
            <EditForm thread=thread message=message.get_value() open=open />
        </Dialog>
    }
}

#[component]
fn EditForm(thread: Thread, message: Message, open: RwSignal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let zone = thread.desk.zone.get_untracked();
    let before = message.send_at.and_then(|at| wall(at, &zone)).map(to_field).unwrap_or_default();
    let (body, time) = (RwSignal::new(message.body.as_str().to_owned()), RwSignal::new(before.clone()));
    let way = RwSignal::new(message.channel);
    let sealed = message.secure;
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let written = message.clone();
    let theirs = Signal::derive(move || {
        thread.contact.with(|contact| contact.as_ref().and_then(|contact| contact.time_zone.clone()))
    });
    let name = Signal::derive(move || thread.short_name());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let moved = time.with_untracked(|time| *time != before);
        match untrack(|| changed(&written, body, (time.get().as_str(), moved), way.get(), &zone)) {
            Err(key) => wrong.set(Some(text.say(key))),
            Ok(patch) if patch == UpdateScheduledMessage::default() => open.set(false),
            Ok(patch) => save(thread, message.id, patch, (busy, open), (text, wrong)),
        }
    };
    view! {
        <form class="compose" on:submit=submit novalidate>
            <div class="field">
                <label for="waits-body">{move || text.say("compose-message")}</label>
                <textarea
                    id="waits-body"
                    class="input area"
                    rows="5"
                    prop:value=body
                    on:input=move |event| {
                        body.set(event_target_value(&event));
                        wrong.set(None);
                    }
                ></textarea>
            </div>
            <TimeField
                id="waits-time".to_owned()
                value=time.into()
                on_change=move |value| {
                    time.set(value);
                    wrong.set(None);
                }
                theirs=theirs
                name=name
            />
            <WayField thread=thread way=way was=message.channel />
            <p class="hint">
                {move || {
                    let key = if sealed { "waits-secure" } else { "waits-open" };
                    text.say_with(key, &[("name", thread.short_name().into())])
                }}
            </p>
            <FieldError id="waits-error".to_owned() error=wrong />
            <div class="dialog-foot">
                <Button on_press=move || open.set(false)>{move || text.say("cancel")}</Button>
                <Button look=Look::Primary submit=true disabled=busy>{move || text.say("waits-save")}</Button>
            </div>
        </form>
    }
}

/// By text, by email, or as they like best when it goes out.
#[component]
fn WayField(thread: Thread, way: RwSignal<Option<Channel>>, was: Option<Channel>) -> impl IntoView {
    let text = Text::from_context();
    let offered = Memo::new(move |_| {
        let possible = thread.standing.with(|standing| {
            thread.contact.with(|contact| {
                contact.as_ref().map(|contact| channels_now(contact, standing.as_ref())).unwrap_or_default()
            })
        });
        // What was chosen stays a choice, also while it cannot be used.
        let known = |channel: &Channel| possible.contains(channel) || Some(*channel) == was;
        [Channel::Sms, Channel::Email].into_iter().filter(known).collect::<Vec<_>>()
    });
    let pick = move |event| {
        let value = event_target_value(&event);
        way.set([Channel::Sms, Channel::Email].into_iter().find(|channel| channel.as_str() == value));
    };
    view! {
        <div class="field">
            <label for="waits-way">{move || text.say("send-by")}</label>
            <select id="waits-way" class="input" on:change=pick>
                <option value="" selected=move || way.get().is_none()>{move || text.say("waits-any-way")}</option>
                <For each=move || offered.get() key=|channel| *channel let:channel>
                    <option value=channel.as_str() selected=move || way.get() == Some(channel)>
                        {move || text.say(said::channel_key(channel))}
                    </option>
                </For>
            </select>
        </div>
    }
}

/// Only what differs; or the key of what is wrong.
fn changed(
    was: &Message,
    body: RwSignal<String>,
    (time, moved): (&str, bool),
    way: Option<Channel>,
    zone: &str,
) -> Result<UpdateScheduledMessage, &'static str> {
    let body: MessageText = body.with(|body| body.parse()).map_err(|error| match error {
        TextError::TooLong(_) => "composer-too-long",
        _ => "composer-empty",
    })?;
    let at = from_field(time).and_then(|local| instant(local, zone));
    let send_at = match at {
        _ if !moved => None,
        Some(at) if at > now() => Some(at),
        _ => return Err("later-wrong"),
    };
    let channel = match way {
        same if same == was.channel => Patch::Absent,
        Some(channel) => Patch::Set(channel),
        None => Patch::Clear,
    };
    Ok(UpdateScheduledMessage { body: (body != was.body).then_some(body), send_at, channel })
}

fn save(
    thread: Thread,
    id: MessageId,
    patch: UpdateScheduledMessage,
    (busy, open): (RwSignal<bool>, RwSignal<bool>),
    (text, wrong): (Text, RwSignal<Option<String>>),
) {
    busy.set(true);
    spawn_local(async move {
        let answer = thread.desk.gate.hear(staff::update_scheduled(id, &patch).await);
        busy.try_set(false);
        match answer {
            Ok(_) => {
                open.try_set(false);
                thread.refresh();
            }
            Err(error) => {
                wrong.try_set(Some(said::sentence(text, &error)));
                // It may have gone out meanwhile.
                thread.refresh();
            }
        }
    });
}
