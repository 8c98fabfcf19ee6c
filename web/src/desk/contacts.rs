//! The people an organization writes to: a list with search, and a page for each.

mod custom;
mod danger;
mod edit;
mod facts;
mod history;
mod page;
mod pin;

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::contacts::Contact;
use sealpost_shared::ids::ContactId;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Avatar, Button, Dialog, Icon, IconName, Tag, TagTone};

use super::desk::Desk;
use super::folder::Skeleton;
use super::loading::{LoadFailed, ShowMore};
use super::paged::{Paged, Stage};
use super::places::Go;
use super::steady;
use super::view::{Place, phone_words};
use edit::NewContact;
use page::ContactPage;

#[component]
pub fn Contacts() -> impl IntoView {
    let desk = Desk::from_context();
    let text = Text::from_context();
    let list = Paged::<Contact>::new(desk.gate);
    let search = RwSignal::new(String::new());
    open_for(search, list);
    Effect::new(move || {
        if desk.news.with(|news| news.everything || !news.contacts.is_empty()) {
            list.refresh();
        }
    });
    let open = Memo::new(move |_| desk.place.get().contact());
    view! {
        <ContactList list=list search=search />
        {move || match open.get() {
            Some(id) => view! { <ContactPage id=id /> }.into_any(),
            None => view! {
                <section class="thread contact-page nothing-open" aria-label=text.say("contact-label")>
                    <div class="empty">
                        <Icon name=IconName::User class="i large" />
                        <p class="muted">{text.say("contact-none-open")}</p>
                    </div>
                </section>
            }
            .into_any(),
        }}
    }
}

/// The list of what is searched for, a moment after the last letter.
fn open_for(search: RwSignal<String>, list: Paged<Contact>) {
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        let first = timer.is_none();
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        let q = search.with(|text| text.trim().to_owned());
        let q = (!q.is_empty()).then_some(q);
        let open = move || list.open(move |limit, cursor| staff::contacts(q.clone(), limit, cursor));
        if first {
            open();
            return None;
        }
        set_timeout_with_handle(open, Duration::from_millis(200)).ok()
    });
}

#[component]
fn ContactList(list: Paged<Contact>, search: RwSignal<String>) -> impl IntoView {
    let text = Text::from_context();
    let go = Go::from_context();
    let desk = Desk::from_context();
    let adding = RwSignal::new(false);
    let created = Callback::new(move |id: ContactId| {
        adding.set(false);
        list.refresh();
        go.to(Place::Contacts(Some(id)));
    });
    view! {
        <section
            class="pane list-pane"
            role=move || desk.place.get().contact().is_none().then_some("main")
            aria-label=move || text.say("nav-contacts")
        >
            <header class="bar">
                <h2 class="grow">{move || text.say("nav-contacts")}</h2>
                <Show when=move || desk.may_write()>
                    <Button small=true icon=IconName::Plus on_press=move || adding.set(true)>
                        {move || text.say("contact-new")}
                    </Button>
                </Show>
            </header>
            <div class="search">
                <Icon name=IconName::Search />
                <input
                    type="search"
                    class="input"
                    aria-label=move || text.say("contact-search")
                    placeholder=move || text.say("contact-search")
                    bind:value=search
                />
            </div>
            <ContactRows list=list search=search adding=adding />
            <Dialog
                open=adding
                title=Signal::derive(move || text.say("contact-new"))
                on_close=move || adding.set(false)
            >
                <NewContact on_created=created on_cancel=move || adding.set(false) />
            </Dialog>
        </section>
    }
}

#[component]
fn ContactRows(list: Paged<Contact>, search: RwSignal<String>, adding: RwSignal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let scroller = NodeRef::<html::Div>::new();
    let on_scroll = steady::keep(scroller, list);
    let empty = move || {
        let key = if search.with(String::is_empty) { "contacts-empty" } else { "contacts-not-found" };
        view! {
            <div class="empty">
                <p class="muted">{text.say(key)}</p>
                <Show when=move || desk.may_write()>
                    <Button small=true icon=IconName::Plus on_press=move || adding.set(true)>
                        {move || text.say("contact-new")}
                    </Button>
                </Show>
            </div>
        }
    };
    view! {
        <div class="rows" node_ref=scroller on:scroll=move |_| on_scroll.run(())>
            {move || match list.stage.get() {
                Stage::Loading => view! { <Skeleton /> }.into_any(),
                Stage::Failed(error) => view! { <LoadFailed error=error on_retry=move || list.again() /> }.into_any(),
                Stage::Ready => view! {
                    <Show when=move || !list.items.with(Vec::is_empty) fallback=empty>
                        <ul>
                            <For each=move || list.keys() key=|key| *key let:key>
                                <ContactRow contact=list.entry(key) id=ContactId::from_uuid(key) />
                            </For>
                        </ul>
                    </Show>
                    <ShowMore list=list />
                }
                .into_any(),
            }}
        </div>
    }
}

#[component]
fn ContactRow(contact: Memo<Option<Contact>>, id: ContactId) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let name = Signal::derive(move || {
        contact.with(|c| c.as_ref().map(|c| c.display_name.clone())).unwrap_or_default()
    });
    let reach = move || {
        contact.with(|c| {
            let c = c.as_ref()?;
            let phone = c.phone.as_ref().map(|phone| phone_words(phone.as_str()));
            phone.or_else(|| c.email.as_ref().map(|email| email.as_str().to_owned()))
        })
    };
    let locked = move || contact.with(|c| c.as_ref().is_some_and(|c| c.pin_disabled));
    view! {
        <li>
            <a
                class="conv"
                data-row=""
                href=Place::Contacts(Some(id)).path()
                aria-current=move || (desk.place.get().contact() == Some(id)).then_some("true")
            >
                <Avatar name=name />
                <span class="conv-body">
                    <bdi class="who clip">{name}</bdi>
                    <span class="small muted clip">{reach}</span>
                    <Show when=locked>
                        <span class="conv-tags">
                            <Tag tone=TagTone::Warn>{move || text.say("tag-locked")}</Tag>
                        </span>
                    </Show>
                </span>
            </a>
        </li>
    }
}
