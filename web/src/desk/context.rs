//! The pane beside a thread: how to reach the person, and the links they have.

use leptos::prelude::*;
use sealpost_shared::contacts::{Channel, Contact};
use sealpost_shared::links::{Link, LinkState};
use sealpost_web::text::Text;
use sealpost_web::time::{Style, show};
use sealpost_web::ui::{Avatar, Button, IconName, Look, Tag, TagTone};

use super::said;
use super::shell::Now;
use super::thread::Thread;
use super::view::{Place, phone_words, span_until};

/// Enough to see what works now; the rest stands in the thread.
const SHOWN: usize = 5;

#[component]
pub fn ContextPane(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let name = Signal::derive(move || {
        thread.conversation.with(|c| c.as_ref().map(|c| c.contact.display_name.clone())).unwrap_or_default()
    });
    let contact = move || thread.conversation.with(|c| c.as_ref().map(|c| c.contact.id));
    view! {
        <aside class="side pane" aria-label=move || text.say("context-label")>
            <div class="side-close">
                <Button
                    look=Look::Round
                    icon=IconName::Close
                    label=Signal::derive(move || text.say("close"))
                    on_press=move || thread.desk.context_open.set(false)
                />
            </div>
            <section class="side-who">
                <Avatar name=name />
                <h2>
                    <bdi>{name}</bdi>
                </h2>
                <a class="small" href=move || Place::Contacts(contact()).path()>
                    {move || text.say("context-contact")}
                </a>
            </section>
            <section>
                <h3>{move || text.say("context-reach")}</h3>
                {move || thread.contact.get().map(|contact| view! { <Reach contact=contact /> })}
            </section>
            <section>
                <h3>{move || text.say("context-links")}</h3>
                <Links thread=thread />
            </section>
        </aside>
    }
}

#[component]
pub fn Reach(contact: Contact) -> impl IntoView {
    let text = Text::from_context();
    let none = || text.say("not-given");
    let stopped = |channel: Channel| contact.opted_out.contains(&channel);
    let faulty = |channel| contact.address_faults.iter().any(|fault| fault.channel == channel);
    let phone = contact.phone.as_ref().map_or_else(none, |phone| phone_words(phone.as_str()));
    let email = contact.email.as_ref().map_or_else(none, |email| email.as_str().to_owned());
    let pin = match (contact.pin_disabled, contact.has_pin) {
        (true, _) => "pin-locked-out",
        (false, true) => "pin-set",
        (false, false) => "pin-not-set",
    };
    let opted_out =
        move |out: bool| out.then(|| view! { <Tag tone=TagTone::Warn>{move || text.say("opted-out")}</Tag> });
    let does_not_work = move |faulty: bool| {
        faulty.then(|| view! { <Tag tone=TagTone::Bad>{move || text.say("address-fault")}</Tag> })
    };
    view! {
        <dl>
            <dt>{text.say("reach-phone")}</dt>
            <dd>{phone} {opted_out(stopped(Channel::Sms))} {does_not_work(faulty(Channel::Sms))}</dd>
            <dt>{text.say("reach-email")}</dt>
            <dd>{email} {opted_out(stopped(Channel::Email))} {does_not_work(faulty(Channel::Email))}</dd>
            <dt>{text.say("reach-language")}</dt>
            <dd>{language_name(text, contact.language.as_deref())}</dd>
            <dt>{text.say("pin")}</dt>
            <dd>{text.say(pin)}</dd>
        </dl>
    }
}

/// The language in its own words where we speak it, else its tag.
fn language_name(text: Text, tag: Option<&str>) -> String {
    match tag.map(|tag| (tag, sealpost_web::text::Language::parse(tag))) {
        None => text.say("not-given"),
        Some((_, Some(language))) => language.name().to_owned(),
        Some((tag, None)) => tag.to_owned(),
    }
}

#[component]
fn Links(thread: Thread) -> impl IntoView {
    let text = Text::from_context();
    let newest = Memo::new(move |_| {
        thread.links.with(|links| links.iter().map(|l| l.id).take(SHOWN).collect::<Vec<_>>())
    });
    let last_message = move || thread.links.with(|links| links.first().map(|link| link.message_id));
    let busy = Signal::derive(move || thread.resending.with(Option::is_some));
    view! {
        <Show
            when=move || !newest.with(Vec::is_empty)
            fallback=move || view! { <p class="muted small">{move || text.say("links-none")}</p> }
        >
            <ul class="links">
                <For each=move || newest.get() key=|id| *id let:id>
                    {
                        let link = Memo::new(move |_| {
                            thread.links.with(|links| links.iter().find(|l| l.id == id).cloned())
                        });
                        view! { <li>{move || link.get().map(|link| view! { <LinkLine thread=thread link=link /> })}</li> }
                    }
                </For>
            </ul>
            <Show when=move || thread.desk.may_write()>
                <Button
                    small=true
                    disabled=busy
                    on_press=move || {
                        if let Some(message) = untrack(last_message) {
                            thread.resend(message);
                        }
                    }
                >
                    {move || text.say(if busy.get() { "resend-busy" } else { "send-new-link" })}
                </Button>
                <p class="hint">{move || text.say("send-new-link-hint")}</p>
            </Show>
        </Show>
    }
}

#[component]
fn LinkLine(thread: Thread, link: Link) -> impl IntoView {
    let text = Text::from_context();
    let now = Now::from_context();
    let (id, made) = (link.id, link.created_at);
    let locked = link.state == LinkState::Locked;
    let works = matches!(link.state, LinkState::Active | LinkState::Locked);
    let expires_at = link.expires_at;
    let may = thread.desk.may_write();
    let live = move || may && works && span_until(now.get(), expires_at).is_some();
    let channel = text.say(said::channel_key(link.channel));
    let (tone, state) = state_words(text, now, &link);
    let full = show(made, Style::Full, text.language());
    let named = move |key| {
        let time = said::moment(text, now.get(), made);
        Signal::derive(move || text.say_with(key, &[("time", time.clone().into())]))
    };
    let (unlock_name, revoke_name) = untrack(|| (named("unlock-of"), named("revoke-of")));
    view! {
        <div class="link-line">
            <span class="grow" title=full>
                {channel}
                " · "
                {move || said::time_or_day(text, now.get(), made)}
            </span>
            <Tag tone=tone>{state}</Tag>
            <Show when=live>
                <span class="link-acts">
                    <Show when=move || locked>
                        <Button small=true label=unlock_name on_press=move || thread.unlock(id)>
                            {move || text.say("unlock")}
                        </Button>
                    </Show>
                    <Button small=true look=Look::Quiet label=revoke_name on_press=move || thread.revoke(id)>
                        {move || text.say("revoke")}
                    </Button>
                </span>
            </Show>
        </div>
    }
}

fn state_words(text: Text, now: Now, link: &Link) -> (TagTone, String) {
    let left = span_until(now.get(), link.expires_at);
    match (link.state, left) {
        (LinkState::Revoked, _) => (TagTone::Plain, text.say("state-revoked")),
        (LinkState::Locked, _) => (TagTone::Warn, text.say("state-locked")),
        (LinkState::Active, Some(left)) => {
            let span = said::span(text, left);
            let key = if link.opened_at.is_some() { "state-opened-active" } else { "state-active" };
            (TagTone::Accent, text.say_with(key, &[("span", span.into())]))
        }
        (LinkState::Expired | LinkState::Active, _) if link.opened_at.is_some() => {
            (TagTone::Plain, text.say("state-opened"))
        }
        (LinkState::Expired | LinkState::Active, _) => (TagTone::Warn, text.say("state-expired")),
    }
}
