//! Everything ever written to or by a contact, newest first.

use leptos::prelude::*;
use sealpost_shared::conversations::{Direction, Folder, Message};
use sealpost_shared::ids::ContactId;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Button, IconName, Look, Tag, TagTone};

use crate::desk::Desk;
use crate::folder::Skeleton;
use crate::paged::{Paged, Stage};
use crate::said;
use crate::view::Place;

#[component]
pub fn History(id: ContactId) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let list = Paged::<Message>::new(desk.gate);
    list.open(move |limit, cursor| staff::contact_messages(id, limit.min(50), cursor));
    let conversation = move || list.items.with(|items| items.first().map(|message| message.conversation_id));
    view! {
        <section class="panel card">
            <div class="row spread">
                <h3>{move || text.say("history")}</h3>
                {move || {
                    conversation()
                        .map(|id| {
                            let path = Place::Folder(Folder::Outbox, Some(id)).path();
                            view! { <a href=path>{text.say("history-open")}</a> }
                        })
                }}
            </div>
            {move || match list.stage.get() {
                Stage::Loading => view! { <Skeleton /> }.into_any(),
                Stage::Failed(error) => view! { <p role="alert">{said::sentence(text, &error)}</p> }.into_any(),
                Stage::Ready => view! {
                    <Show
                        when=move || !list.items.with(Vec::is_empty)
                        fallback=move || view! { <p class="muted">{move || text.say("history-empty")}</p> }
                    >
                        <ol class="history">
                            <For each=move || list.keys() key=|key| *key let:key>
                                {list.entry(key).get_untracked().map(|message| view! { <Line message=message /> })}
                            </For>
                        </ol>
                    </Show>
                    <Show when=move || list.has_more.get()>
                        <Button look=Look::Quiet small=true on_press=move || list.more()>
                            {move || text.say(if list.loading_more.get() { "loading" } else { "show-more" })}
                        </Button>
                    </Show>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Line(message: Message) -> impl IntoView {
    let text = Text::from_context();
    let key = match message.direction {
        Direction::Outbound => "message-from-us",
        Direction::Inbound => "message-from-them",
    };
    let who = text.say_with(key, &[("name", message.author.name.clone().into())]);
    view! {
        <li>
            <div class="row small muted">
                <span class="grow">{who}</span>
                {if message.secure {
                    view! { <Tag icon=IconName::Lock>{text.say("tag-secure")}</Tag> }.into_any()
                } else {
                    let key = message.channel.map_or("tag-plain", said::channel_key);
                    view! { <Tag tone=TagTone::Plain>{text.say(key)}</Tag> }.into_any()
                }}
                <time datetime=message.created_at.to_rfc3339()>
                    {show(message.created_at, Style::DayTime, text.language())}
                </time>
            </div>
            <p class="history-text" dir="auto">{message.body.as_str().to_owned()}</p>
        </li>
    }
}
