//! The message to oneself, followed while one looks at the phone: sent, opened, answered.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::{Direction, Folder, Message};
use sealpost_shared::deliveries::DeliveryStatus;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, Icon, IconName, Look, Tone};

use super::Wizard;
use crate::desk::Desk;
use crate::view::{Place, as_sentence};

/// How far the message got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Far {
    sent: bool,
    opened: bool,
    answered: bool,
    /// Why it will not arrive.
    failed: Option<String>,
}

impl Far {
    fn of(message: &Message, answered: bool) -> Self {
        let newest = message.deliveries.last();
        let status = newest.map(|delivery| delivery.status);
        let failed = newest.filter(|delivery| delivery.status == DeliveryStatus::Failed);
        let why = failed.map(|delivery| delivery.failure.as_ref().map(|why| why.detail.clone()));
        Self {
            sent: matches!(status, Some(DeliveryStatus::Sent | DeliveryStatus::Delivered)),
            opened: message.link.as_ref().is_some_and(|link| link.opened_at.is_some()),
            answered,
            failed: why.map(Option::unwrap_or_default),
        }
    }
}

/// Looks again whenever something happens in the conversation.
fn follow(desk: Desk, message: &Message) -> RwSignal<Far> {
    let far = RwSignal::new(Far::of(message, false));
    let (id, conversation) = (message.id, message.conversation_id);
    Effect::new(move || {
        if !desk.news.with(|news| news.touches(conversation)) {
            return;
        }
        spawn_local(async move {
            let message = desk.gate.hear(staff::message(id).await);
            let thread = desk.gate.hear(staff::conversation(conversation).await);
            if let (Ok(message), Ok(thread)) = (message, thread) {
                let answered = thread.last_message.is_some_and(|last| last.direction == Direction::Inbound);
                far.try_set(Far::of(&message, answered));
            }
        });
    });
    far
}

#[component]
pub fn OnItsWay(message: Message, sent: RwSignal<Option<Message>>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Wizard::from_context().desk;
    let far = follow(desk, &message);
    let by_text = message.channel == Some(Channel::Sms);
    let answer = Place::Folder(Folder::Inbox, Some(message.conversation_id));
    let news = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(news) = news.get() {
            // The button that sent it is gone.
            let _ = news.focus();
        }
    });
    view! {
        <div class="setup-form" tabindex="-1" node_ref=news>
            {move || match far.get().failed {
                Some(why) => view! {
                    <Banner tone=Tone::Bad icon=IconName::Alert>
                        <strong>{text.say("first-failed")}</strong>
                        <span>{as_sentence(&why)}</span>
                    </Banner>
                }
                .into_any(),
                None => view! { <Banner icon=IconName::Send>{text.say("first-on-its-way")}</Banner> }.into_any(),
            }}
            <ol class="do-list">
                <Line key=if by_text { "first-way-text" } else { "first-way-email" } done=move || far.read().sent />
                <Line key="first-open" done=move || far.read().opened />
                <Line key="first-answer" done=move || far.read().answered />
            </ol>
            <Answer far=far place=answer />
            <div class="setup-foot">
                <Button look=Look::Quiet on_press=move || sent.set(None)>{move || text.say("first-again")}</Button>
                <span class="grow"></span>
                <a class="btn primary" href=Place::Folder(Folder::Inbox, None).path()>
                    {move || text.say("first-inbox")}
                </a>
            </div>
        </div>
    }
}

/// Where the answer shows itself.
#[component]
fn Answer(far: RwSignal<Far>, place: Place) -> impl IntoView {
    let text = Text::from_context();
    view! {
            <div role="status" class="waiting">
                {move || {
                    if far.read().answered {
                        view! {
                            <p class="note-line good">
                                <Icon name=IconName::Check />
                                <span>{text.say("first-answered")}</span>
                            </p>
                            <p>
                                <a href=place.path()>{text.say("first-see")}</a>
                            </p>
                        }
                            .into_any()
                    } else {
                        view! { <p class="muted">{text.say("first-waiting")}</p> }.into_any()
                    }
                }}
            </div>
    }
}

/// Something to do, ticked when it was done.
#[component]
fn Line(key: &'static str, #[prop(into)] done: Signal<bool>) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <li class:done=done>
            <span class="tick-mark" aria-hidden="true">
                <Show when=move || done.get()>
                    <Icon name=IconName::Check />
                </Show>
            </span>
            <span>
                {move || text.say(key)}
                <Show when=move || done.get()>
                    <span class="hush">{move || text.say("first-done")}</span>
                </Show>
            </span>
        </li>
    }
}
