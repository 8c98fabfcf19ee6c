//! One contact: fields, PIN, links by way of the conversation, history, and the way out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_shared::contacts::{AddressFault, Channel, Contact};
use sealpost_shared::ids::ContactId;
use sealpost_web::client::{ClientError, staff};
use sealpost_web::text::Text;
use sealpost_web::ui::{Avatar, Banner, Button, Icon, IconName, Tone};

use super::danger::DeleteContact;
use super::edit::EditContact;
use super::facts::Facts;
use super::history::History;
use super::pin::PinPanel;
use crate::desk::Desk;
use crate::said;
use crate::view::{Place, why_key};

#[component]
pub fn ContactPage(id: ContactId) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let contact = RwSignal::new(None::<Contact>);
    let missing = RwSignal::new(None::<ClientError>);
    let load = move || {
        spawn_local(async move {
            match desk.gate.hear(staff::contact(id).await) {
                Ok(fresh) => contact.try_set(Some(fresh)).map(|_| ()),
                Err(error) => missing.try_set(Some(error)).map(|_| ()),
            };
        });
    };
    load();
    Effect::new(move || {
        if desk.news.with(|news| news.touches_contact(id)) {
            load();
        }
    });
    let found = Memo::new(move |_| contact.with(Option::is_some));
    view! {
        <main class="thread contact-page" aria-label=move || text.say("contact-label")>
            {move || match (found.get(), missing.get()) {
                (true, _) => view! { <Known id=id contact=contact load=Callback::new(move |()| load()) /> }.into_any(),
                (false, Some(error)) => view! {
                    <div class="empty" role="alert">
                        <p>{said::sentence(text, &error)}</p>
                        <a class="btn small" href=Place::Contacts(None).path()>{text.say("back-to-contacts")}</a>
                    </div>
                }
                .into_any(),
                (false, None) => view! { <crate::folder::Skeleton /> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Known(id: ContactId, contact: RwSignal<Option<Contact>>, load: Callback<()>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let name = Signal::derive(move || {
        contact.with(|c| c.as_ref().map(|c| c.display_name.clone())).unwrap_or_default()
    });
    let first = contact.get_untracked();
    let may_write = desk.may_write();
    view! {
        <header class="bar thread-bar">
            <a class="btn round quiet back" href=Place::Contacts(None).path() aria-label=move || text.say("back-to-contacts")>
                <Icon name=IconName::Back />
            </a>
            <Avatar name=name />
            <h2 class="grow clip">
                <bdi>{name}</bdi>
            </h2>
            <Show when=move || may_write>
                <Button
                    small=true
                    icon=IconName::Send
                    label=Signal::derive(move || text.say("contact-write"))
                    on_press=move || desk.compose(Some(id))
                >
                    <span class="wide-word">{move || text.say("contact-write")}</span>
                </Button>
            </Show>
        </header>
        <div class="contact-body">
            {(!may_write)
                .then(|| {
                    view! {
                        <Banner tone=Tone::Info icon=IconName::Lock>{move || text.say("contact-read-only")}</Banner>
                    }
                })}
            <Stopped contact=contact />
            <Faulty contact=contact />
            <section class="panel card">
                <h3>{move || text.say("contact-details")}</h3>
                {match first.filter(|_| may_write) {
                    Some(first) => {
                        view! { <EditContact contact=first on_saved=move |fresh| contact.set(Some(fresh)) /> }.into_any()
                    }
                    None => view! { <Facts contact=contact /> }.into_any(),
                }}
            </section>
            {may_write.then(|| view! { <PinPanel contact=contact load=load /> })}
            <History id=id />
            {may_write.then(|| view! { <DeleteContact id=id name=name /> })}
        </div>
    }
}

/// The channels on which this person said STOP.
#[component]
fn Stopped(contact: RwSignal<Option<Contact>>) -> impl IntoView {
    let text = Text::from_context();
    let stopped =
        Memo::new(move |_| contact.with(|c| c.as_ref().map(|c| c.opted_out.clone()).unwrap_or_default()));
    move || {
        let sentence = |channel: Channel| {
            let key = match channel {
                Channel::Sms => "contact-stopped-texts",
                Channel::Email => "contact-stopped-emails",
            };
            view! { <Banner tone=Tone::Warn icon=IconName::Alert>{text.say(key)}</Banner> }
        };
        stopped.get().into_iter().map(sentence).collect_view()
    }
}

/// A number or address at which nothing arrives, until somebody changes it.
#[component]
fn Faulty(contact: RwSignal<Option<Contact>>) -> impl IntoView {
    let text = Text::from_context();
    let faults = Memo::new(move |_| {
        contact.with(|c| c.as_ref().map(|c| c.address_faults.clone()).unwrap_or_default())
    });
    move || {
        let sentence = |fault: AddressFault| {
            let why = text.say(why_key(fault.code, fault.channel));
            let words = format!("{why} {}", text.say("address-fault-do"));
            view! { <Banner tone=Tone::Warn icon=IconName::Alert>{words}</Banner> }
        };
        faults.get().into_iter().map(sentence).collect_view()
    }
}
