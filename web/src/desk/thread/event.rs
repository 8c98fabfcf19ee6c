//! A line between the messages: what happened to a link, or a word that phones know.

use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Keyword, Message};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_shared::ids::{LinkId, MessageId};
use sealpost_shared::links::{Link, LinkState};
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Banner, Button, Icon, IconName, Look, Tone};

use super::Thread;
use crate::said;
use crate::shell::Now;
use crate::view::{LinkEvent, span_until};

#[component]
pub fn EventLine(thread: Thread, link: LinkId, event: LinkEvent) -> impl IntoView {
    let text = Text::from_context();
    let link = Memo::new(move |_| thread.links.with(|links| links.iter().find(|l| l.id == link).cloned()));
    let words = move || {
        let link = link.get()?;
        let failed = link.deliveries.iter().any(|delivery| delivery.status == DeliveryStatus::Failed);
        let (key, at) = match event {
            LinkEvent::Asked if failed => ("event-asked-failed", link.created_at),
            LinkEvent::Asked => ("event-asked", link.created_at),
            LinkEvent::Resent if failed => ("event-resent-failed", link.created_at),
            LinkEvent::Resent => ("event-resent", link.created_at),
            LinkEvent::Reminded if failed => ("event-reminded-failed", link.created_at),
            LinkEvent::Reminded => ("event-reminded", link.created_at),
            LinkEvent::Fallback if failed => ("event-fallback-failed", link.created_at),
            LinkEvent::Fallback => ("event-fallback", link.created_at),
            LinkEvent::Opened => ("event-opened", link.opened_at?),
            LinkEvent::WrongPins => ("event-wrong-pins", link.last_wrong_pin_at?),
            LinkEvent::Locked => (locked_key(&link), link.locked_at.unwrap_or(link.created_at)),
            LinkEvent::Revoked => ("event-revoked", link.revoked_at?),
        };
        let until = link.locked_until.map(|until| show(until, Style::Time, text.language()));
        let channel = text.say(said::by_key(link.channel));
        Some(text.say_with(
            key,
            &[
                ("name", thread.short_name().into()),
                ("channel", channel.into()),
                ("time", show(at, Style::Time, text.language()).into()),
                ("wrong", link.wrong_pins.into()),
                ("until", until.unwrap_or_default().into()),
            ],
        ))
    };
    let icon = match event {
        LinkEvent::Asked | LinkEvent::Resent | LinkEvent::Fallback => IconName::Refresh,
        LinkEvent::Reminded => IconName::Clock,
        LinkEvent::Opened | LinkEvent::Locked => IconName::Lock,
        LinkEvent::WrongPins => IconName::Alert,
        LinkEvent::Revoked => IconName::Close,
    };
    let acts = move || {
        (event == LinkEvent::Locked && thread.desk.may_write())
            .then(|| view! { <LockedActs thread=thread link=link /> })
    };
    view! {
        <li class="event" class:locked=move || event == LinkEvent::Locked>
            <Icon name=icon />
            <span>{words}</span>
            {acts}
        </li>
    }
}

/// No reminder is left: somebody has to find another way, or send the link once more.
#[component]
pub fn NotOpenedLine(thread: Thread, id: MessageId) -> impl IntoView {
    let text = Text::from_context();
    let told = Memo::new(move |_| {
        let of = |messages: &Vec<Message>| messages.iter().find(|m| m.id == id).and_then(|m| m.not_opened_at);
        thread.messages.items.with(of)
    });
    let words = move || {
        told.get().map(|at| {
            let time = show(at, Style::Time, text.language());
            text.say_with("event-not-opened", &[("name", thread.short_name().into()), ("time", time.into())])
        })
    };
    let busy = Signal::derive(move || thread.resending.with(Option::is_some));
    view! {
        <li class="event locked">
            <Icon name=IconName::Alert />
            <span>{words}</span>
            <Show when=move || thread.desk.may_write()>
                <span class="event-acts">
                    <Button small=true disabled=busy on_press=move || thread.resend(id)>
                        {move || text.say(if busy.get() { "resend-busy" } else { "send-new-link" })}
                    </Button>
                </span>
            </Show>
        </li>
    }
}

fn locked_key(link: &Link) -> &'static str {
    match (link.state, link.locked_until) {
        (LinkState::Locked, Some(_)) => "event-locked-until",
        (LinkState::Locked, None) => "event-locked-off",
        _ => "event-was-locked",
    }
}

/// What can be done about a link that is locked now.
#[component]
fn LockedActs(thread: Thread, link: Memo<Option<Link>>) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let locked = Memo::new(move |_| {
        let link = link.get()?;
        let live = link.state == LinkState::Locked && span_until(now.get(), link.expires_at).is_some();
        live.then_some((link.id, link.message_id))
    });
    let busy = Signal::derive(move || thread.resending.with(Option::is_some));
    move || {
        locked.get().map(|(link, message)| {
            view! {
                <span class="event-acts">
                    <Button small=true on_press=move || thread.unlock(link)>{move || text.say("unlock")}</Button>
                    <Button small=true disabled=busy on_press=move || thread.resend(message)>
                        {move || text.say(if busy.get() { "resend-busy" } else { "send-new-link" })}
                    </Button>
                    <Button small=true look=Look::Quiet on_press=move || thread.revoke(link)>
                        {move || text.say("revoke-link")}
                    </Button>
                </span>
            }
        })
    }
}

/// Too many wrong PINs on all of the contact's links: nobody new gets in by a PIN, and only staff can end it.
#[component]
pub fn LockedOut(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let since = Memo::new(move |_| {
        thread.contact.with(|c| c.as_ref().filter(|c| c.pin_disabled).map(|c| (c.id, c.pin_disabled_at)))
    });
    move || {
        since.get().map(|(contact, since)| {
            let words = move || match since {
                Some(at) => {
                    let time = said::moment(text, now.get(), at);
                    let name = thread.short_name();
                    text.say_with("thread-locked-out", &[("time", time.into()), ("name", name.into())])
                }
                None => text.say("pin-locked-out-why"),
            };
            view! {
                <Banner tone=Tone::Warn icon=IconName::Lock>
                    <span>{words}</span>
                    <Show when=move || thread.desk.may_write()>
                        <Button small=true on_press=move || thread.unlock_contact(contact)>
                            {move || text.say("unlock")}
                        </Button>
                    </Show>
                </Banner>
            }
        })
    }
}

/// STOP, START or HELP: what they said, and what that means.
#[component]
pub fn KeywordLine(thread: Thread, message: Message, keyword: Keyword) -> impl IntoView {
    let text = Text::from_context();
    let key = match (keyword, message.channel) {
        (Keyword::Stop, Some(Channel::Email)) => "event-stop-email",
        (Keyword::Stop, _) => "event-stop-text",
        (Keyword::Start, Some(Channel::Email)) => "event-start-email",
        (Keyword::Start, _) => "event-start-text",
        (Keyword::Help, _) => "event-help",
    };
    let at = message.created_at;
    let words = move || {
        let time = show(at, Style::Time, text.language());
        let said = message.body.as_str().to_owned();
        text.say_with(
            key,
            &[("name", thread.short_name().into()), ("said", said.into()), ("time", time.into())],
        )
    };
    let icon = if keyword == Keyword::Stop { IconName::Alert } else { IconName::Phone };
    view! {
        <li class="event">
            <Icon name=icon />
            <span>{words}</span>
        </li>
    }
}
