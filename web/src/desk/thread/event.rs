//! A line between the messages: what happened to a link, or a word that phones know.

use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{DeliveryStatus, Keyword, Message};
use sealpost_shared::ids::LinkId;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Icon, IconName};

use super::Thread;
use crate::view::LinkEvent;

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
            LinkEvent::Opened => ("event-opened", link.opened_at?),
            LinkEvent::Locked => ("event-locked", link.created_at),
        };
        let channel = text.say(match link.channel {
            Channel::Sms => "by-text",
            Channel::Email => "by-email",
        });
        Some(text.say_with(
            key,
            &[
                ("name", thread.short_name().into()),
                ("channel", channel.into()),
                ("time", show(at, Style::Time, text.language()).into()),
            ],
        ))
    };
    let icon = match event {
        LinkEvent::Asked | LinkEvent::Resent => IconName::Refresh,
        LinkEvent::Opened | LinkEvent::Locked => IconName::Lock,
    };
    view! {
        <li class="event">
            <Icon name=icon />
            <span>{words}</span>
        </li>
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
