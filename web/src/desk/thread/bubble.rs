//! One message: what was written, and under it how far it got.

use leptos::prelude::*;
use sealpost_shared::conversations::{Direction, Message};
use sealpost_shared::deliveries::{DeliveryFailure, DeliveryStatus, FailureCode};
use sealpost_shared::ids::MessageId;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName, MessageBody};

use super::Thread;
use super::event::KeywordLine;
use super::meta::{InboundMeta, OutboundMeta};

#[component]
pub fn Bubble(thread: Thread, id: MessageId) -> impl IntoView {
    let message = thread.messages.entry(id.uuid());
    // The text and the side never change; only what stands underneath does.
    let Some(first) = message.get_untracked() else { return ().into_any() };
    let outbound = first.direction == Direction::Outbound;
    if let (Some(keyword), false) = (first.keyword, outbound) {
        return view! { <KeywordLine thread=thread message=first keyword=keyword /> }.into_any();
    }
    let text = Text::from_context();
    let failure = Memo::new(move |_| message.with(|m| m.as_ref().and_then(failed)));
    let who = text.say_with(
        if outbound { "message-from-us" } else { "message-from-them" },
        &[("name", first.author.name.clone().into())],
    );
    view! {
        <li class="message" class:me=outbound>
            <article aria-label=who>
                <div class="bubble" dir="auto">
                    <MessageBody text=first.body.as_str().to_owned() />
                </div>
                {if outbound {
                    view! { <OutboundMeta thread=thread message=message /> }.into_any()
                } else {
                    view! { <InboundMeta message=first.clone() /> }.into_any()
                }}
                {move || {
                    failure.get().map(|why| view! { <NotDelivered thread=thread id=id why=why secure=first.secure /> })
                }}
            </article>
        </li>
    }
    .into_any()
}

/// Held back by ourselves: the reason says what to do, and the same again would end the same way.
const HELD_BACK: &[&str] = &["budget", "country_not_allowed"];

/// Why the newest notice was given up, if it was.
fn failed(message: &Message) -> Option<DeliveryFailure> {
    let newest = message.deliveries.iter().max_by_key(|delivery| delivery.created_at)?;
    let failed = newest.status == DeliveryStatus::Failed;
    let unsaid = || DeliveryFailure { code: FailureCode::Other, detail: String::new() };
    failed.then(|| newest.failure.clone().unwrap_or_else(unsaid))
}

#[component]
fn NotDelivered(thread: Thread, id: MessageId, why: DeliveryFailure, secure: bool) -> impl IntoView {
    let text = Text::from_context();
    let busy = Signal::derive(move || thread.resending.get() == Some(id));
    let again = !HELD_BACK.contains(&why.code.as_str());
    let advice = if secure { "undelivered-secure-do" } else { "undelivered-plain-do" };
    view! {
        <div class="undelivered">
            <Icon name=IconName::Alert />
            <div class="grow">
                <p>
                    <strong>{move || text.say("tag-not-delivered")}</strong>
                    {" "}
                    {why.detail}
                </p>
                {again.then(|| view! { <p>{move || text.say(advice)}</p> })}
                <Show when=move || again && secure && thread.desk.may_write()>
                    <Button small=true disabled=busy on_press=move || thread.resend(id)>
                        {move || text.say(if busy.get() { "resend-busy" } else { "send-new-link" })}
                    </Button>
                </Show>
            </div>
        </div>
    }
}
