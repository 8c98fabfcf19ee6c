//! A line between the messages: what happened to a link.

use leptos::prelude::*;
use sealpost_shared::conversations::DeliveryStatus;
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
            sealpost_shared::contacts::Channel::Sms => "by-text",
            sealpost_shared::contacts::Channel::Email => "by-email",
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
