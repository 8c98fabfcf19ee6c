//! Under a message that did not arrive: why, and what can be done about it. And the tries before the newest.

use leptos::prelude::*;
use sealpost_shared::contacts::Channel;
use sealpost_shared::conversations::Message;
use sealpost_shared::deliveries::{Delivery, FailureCode};
use sealpost_shared::ids::MessageId;
use sealpost_web::text::Text;
use sealpost_web::time::now;
use sealpost_web::ui::{Button, Icon, IconName};

use super::Thread;
use crate::said;
use crate::view::{Advice, Lost, Place, Remedy, earlier, lost, remedies, why_key};

#[component]
pub fn Undelivered(
    thread: Thread,
    id: MessageId,
    message: Memo<Option<Message>>,
    secure: bool,
) -> impl IntoView {
    let gone = Memo::new(move |_| message.with(|message| message.as_ref().and_then(lost)));
    move || gone.get().map(|lost| view! { <WhyAndWhat thread=thread id=id lost=lost secure=secure /> })
}

#[component]
fn WhyAndWhat(thread: Thread, id: MessageId, lost: Lost, secure: bool) -> impl IntoView {
    let text = Text::from_context();
    let (code, channel) = (lost.code, lost.channel);
    let headline = if lost.failed { "undelivered" } else { "waits-failed" };
    let trouble = move || {
        let about = thread.retry_trouble.get().filter(|(message, _)| *message == id);
        about.map(|(_, error)| {
            view! { <p class="strong" role="alert">{said::sentence(text, &error)}</p> }
        })
    };
    view! {
        <div class="undelivered">
            <Icon name=IconName::Alert />
            <div class="grow">
                <p>
                    <strong>{move || text.say(headline)}</strong>
                    {" "}
                    {move || text.say(why_key(code, channel))}
                </p>
                {match lost.falls_back_at {
                    Some(at) => view! { <p>{move || text.say_with(by_itself(channel), &[("time", said::moment(text, now(), at).into())])}</p> }
                        .into_any(),
                    None => view! {
                        {Advice::of(code).map(|advice| view! { <p>{move || text.say(advice.key())}</p> })}
                        <Remedies thread=thread id=id lost=lost secure=secure />
                    }
                    .into_any(),
                }}
                {trouble}
            </div>
        </div>
    }
}

/// The practice's settings let the other channel take over; here only its time is waited for.
const fn by_itself(failed: Channel) -> &'static str {
    match failed {
        Channel::Sms => "falls-back-to-email",
        Channel::Email => "falls-back-to-text",
    }
}

#[component]
fn Remedies(thread: Thread, id: MessageId, lost: Lost, secure: bool) -> impl IntoView {
    // By the contact of today: whoever corrects the number can try again.
    let offered = Memo::new(move |_| {
        thread.standing.with(|standing| {
            thread.contact.with(|contact| {
                contact
                    .as_ref()
                    .map(|contact| remedies(&lost, contact, standing.as_ref()))
                    .unwrap_or_default()
            })
        })
    });
    view! {
        <Show when=move || thread.desk.may_write() && offered.with(|offered| !offered.is_empty())>
            <div class="remedies">
                <For each=move || offered.get() key=|remedy| *remedy let:remedy>
                    <RemedyButton thread=thread id=id remedy=remedy secure=secure />
                </For>
            </div>
        </Show>
    }
}

#[component]
fn RemedyButton(thread: Thread, id: MessageId, remedy: Remedy, secure: bool) -> impl IntoView {
    let text = Text::from_context();
    let retry = move |key: &'static str, channel: Channel| {
        let busy = Signal::derive(move || thread.retrying.with(Option::is_some));
        let mine = move || thread.retrying.get() == Some((id, channel));
        view! {
            <Button small=true disabled=busy on_press=move || thread.retry(text, id, channel)>
                {move || text.say(if mine() { "resend-busy" } else { key })}
            </Button>
        }
        .into_any()
    };
    match remedy {
        Remedy::Again(channel) => retry(if secure { "send-new-link" } else { "retry-again" }, channel),
        Remedy::Instead(Channel::Sms) => retry("retry-by-text", Channel::Sms),
        Remedy::Instead(Channel::Email) => retry("retry-by-email", Channel::Email),
        Remedy::Correct(channel) => {
            let key = match channel {
                Channel::Sms => "retry-correct-number",
                Channel::Email => "retry-correct-email",
            };
            let record = move || {
                let contact = thread.contact.with(|contact| contact.as_ref().map(|contact| contact.id));
                Place::Contacts(contact).path()
            };
            view! { <a class="btn small" href=record>{move || text.say(key)}</a> }.into_any()
        }
    }
}

/// The tries before the newest, one short line each; folded when there are several.
#[component]
pub fn EarlierTries(message: Memo<Option<Message>>) -> impl IntoView {
    let text = Text::from_context();
    let tries = Memo::new(move |_| message.with(|message| message.as_ref().map(earlier).unwrap_or_default()));
    move || {
        let tries = tries.get();
        match tries.len() {
            0 => ().into_any(),
            1 => view! { <ul class="tries">{lines(text, tries)}</ul> }.into_any(),
            n => view! {
                <details class="tries">
                    <summary>{text.say_with("tries-earlier", &[("n", n.to_string().into())])}</summary>
                    <ul>{lines(text, tries)}</ul>
                </details>
            }
            .into_any(),
        }
    }
}

fn lines(text: Text, tries: Vec<Delivery>) -> Vec<impl IntoView> {
    let line = move |delivery: Delivery| {
        let code = delivery.failure.map_or(FailureCode::Other, |failure| failure.code);
        let values = [
            ("channel", text.say(said::by_key(delivery.channel)).into()),
            ("time", said::moment(text, sealpost_web::time::now(), delivery.created_at).into()),
            ("why", text.say(why_key(code, delivery.channel)).into()),
        ];
        view! { <li>{text.say_with("tries-one", &values)}</li> }
    };
    tries.into_iter().map(line).collect()
}
