//! The line under a message.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Message;
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, now, show};
use sealpost_web::ui::{Icon, IconName, Tag, TagTone};

use super::Thread;
use crate::said;
use crate::shell::Now;
use crate::view::{Fact, answered, facts, why_key};

#[component]
pub fn InboundMeta(message: Message) -> impl IntoView {
    let text = Text::from_context();
    let how = if message.secure {
        text.say("replied-in-chat")
    } else {
        // By a number or an address alone: nobody has proved who held the phone.
        match message.channel {
            Some(Channel::Sms) => text.say("replied-by-text"),
            Some(Channel::Email) => text.say("replied-by-email"),
            None => String::new(),
        }
    };
    view! {
        <p class="meta">
            <bdi>{message.author.name}</bdi>
            <Dot />
            <time datetime=message.created_at.to_rfc3339()>
                {show(message.created_at, Style::Time, text.language())}
            </time>
            <Dot />
            {how}
        </p>
    }
}

#[component]
fn Dot() -> impl IntoView {
    view! { <span aria-hidden="true">"·"</span> }
}

#[component]
pub fn OutboundMeta(thread: Thread, message: Memo<Option<Message>>) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let Some(first) = message.get_untracked() else { return ().into_any() };
    let known = Memo::new(move |_| {
        let now = now.get();
        thread
            .links
            .with(|links| message.with(|m| m.as_ref().map(|m| facts(m, links, now))).unwrap_or_default())
    });
    let answer = Memo::new(move |_| thread.messages.items.with(|messages| answered(messages, first.id)));
    let known = Memo::new(move |_| with_answer(known.get(), answer.get()));
    let at = first.created_at;
    view! {
        <p class="meta">
            {if first.secure {
                view! { <Tag icon=IconName::Lock>{move || text.say("tag-secure")}</Tag> }.into_any()
            } else {
                let key = first.channel.map_or("tag-plain", said::channel_key);
                view! { <Tag tone=TagTone::Plain>{move || text.say(key)}</Tag> }.into_any()
            }}
            <bdi>{first.author.name}</bdi>
            <Dot />
            <time datetime=at.to_rfc3339() title=show(at, Style::Full, text.language())>
                {show(at, Style::Time, text.language())}
            </time>
            {move || known.get().into_iter().map(|fact| view! { <FactWords fact=fact sent=at /> }).collect_view()}
        </p>
    }
    .into_any()
}

/// After what is known of the link, before its end.
fn with_answer(mut facts: Vec<Fact>, answer: Option<DateTime<Utc>>) -> Vec<Fact> {
    if let Some(at) = answer {
        let of_the_link = |fact: &Fact| {
            matches!(
                fact,
                Fact::NotOpened | Fact::ExpiresIn(_) | Fact::Expired | Fact::Locked | Fact::Revoked
            )
        };
        let place = facts.iter().position(of_the_link).unwrap_or(facts.len());
        facts.insert(place, Fact::Answered(at));
    }
    facts
}

#[component]
fn FactWords(fact: Fact, sent: DateTime<Utc>) -> impl IntoView {
    let text = Text::from_context();
    // The message stands under its own day already.
    let at_time = |key, at| text.say_with(key, &[("time", said::moment(text, sent, at).into())]);
    let words = match fact {
        Fact::Delivery(status, channel, since) => how_far(text, sent, (status, channel, since)),
        Fact::WillRetry(at) => {
            let next = at.filter(|at| *at > now());
            next.map_or_else(|| text.say("delivery-retry-now"), |at| at_time("delivery-will-retry", at))
        }
        Fact::Because(code, channel) => text.say(why_key(code, channel)),
        Fact::Instead(channel) => text.say(match channel {
            Channel::Sms => "fact-instead-of-email",
            Channel::Email => "fact-instead-of-text",
        }),
        Fact::NotOpened => text.say("not-opened"),
        Fact::Opened(at) => at_time("opened-at", at),
        Fact::Read(at) => at_time("read-at", at),
        Fact::Answered(at) => at_time("answered-at", at),
        Fact::ExpiresIn(span) => text.say_with("expires-in", &[("span", said::span(text, span).into())]),
        Fact::Expired => text.say("link-expired"),
        Fact::Locked => text.say("link-locked"),
        Fact::Revoked => text.say("link-revoked"),
    };
    let class = match fact {
        Fact::Delivery(DeliveryStatus::Failed, ..) => "fact bad",
        Fact::Expired | Fact::Locked | Fact::WillRetry(_) => "fact warn",
        _ => "fact",
    };
    let seen = matches!(fact, Fact::Opened(_));
    view! {
        <Dot />
        <span class=class>{words}</span>
        {seen.then(|| view! { <Icon name=IconName::Checks /> })}
    }
}

/// "Sent by text 3:40 PM": the time where it is another than that of the message.
fn how_far(
    text: Text,
    sent: DateTime<Utc>,
    (status, channel, since): (DeliveryStatus, Channel, Option<DateTime<Utc>>),
) -> String {
    let channel = text.say(said::by_key(channel));
    let words = text.say_with(status_key(status), &[("channel", channel.into())]);
    let later =
        since.map(|at| said::moment(text, sent, at)).filter(|at| *at != said::moment(text, sent, sent));
    match later {
        Some(at) => text.say_with("fact-at", &[("fact", words.into()), ("time", at.into())]),
        None => words,
    }
}

const fn status_key(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Queued => "delivery-queued",
        DeliveryStatus::Sending => "delivery-sending",
        DeliveryStatus::Sent => "delivery-sent",
        DeliveryStatus::Delivered => "delivery-delivered",
        DeliveryStatus::Failed => "delivery-failed",
        DeliveryStatus::Canceled => "delivery-canceled",
        DeliveryStatus::NeedsReview => "delivery-needs-review",
    }
}
