//! One message: what was written, and under it how far it got.

use leptos::prelude::*;
use sealpost_shared::conversations::Direction;
use sealpost_shared::ids::MessageId;
use sealpost_web::text::Text;
use sealpost_web::ui::MessageBody;

use super::Thread;
use super::event::KeywordLine;
use super::meta::{InboundMeta, OutboundMeta};
use super::undelivered::{EarlierTries, Undelivered};

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
                    view! {
                        <OutboundMeta thread=thread message=message />
                        <EarlierTries message=message />
                        <Undelivered thread=thread id=id message=message secure=first.secure />
                    }
                        .into_any()
                } else {
                    view! { <InboundMeta message=first.clone() /> }.into_any()
                }}
            </article>
        </li>
    }
    .into_any()
}
