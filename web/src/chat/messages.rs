//! The thread: an ordered list of articles with their times, days between them, and who wrote at the
//! start of each group.

use leptos::prelude::*;
use sealpost_shared::conversations::AuthorKind;
use sealpost_web::text::Text;
use sealpost_web::time::{self, Style};
use sealpost_web::ui::{self, Button, Icon, IconName, Look, MessageBody};
use uuid::Uuid;

use super::scroll::Scroll;
use super::thread::{Entry, Failure, Status};
use super::view::{Row, rows};
use super::visit::Visit;

#[component]
pub fn Messages() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let lines = Memo::new(move |_| visit.thread.with(|thread| rows(thread.entries(), time::local_day)));
    let scroll = Scroll::of(visit, lines);
    let empty = move || visit.thread.with(|thread| thread.is_loaded() && thread.entries().is_empty());
    let older = move || visit.thread.with(|thread| thread.older().is_some());
    view! {
        <main class="log-frame">
            <div
                class="log"
                // Can be scrolled with the keyboard, so it needs a name and a place in the tab order.
                tabindex="0"
                role="region"
                aria-label=text.live("conversation")
                node_ref=scroll.node
                on:scroll=move |_| scroll.moved()
            >
                <div class="log-inside">
                    {ui::shown_when(older, move || view! { <Earlier /> }.into_any())}
                    {ui::shown_when(
                        empty,
                        move || view! { <p class="day muted">{text.live("no-messages")}</p> }.into_any(),
                    )}
                    <ol>
                        <For each=move || lines.get() key=Row::key let:row>
                            {match row {
                                Row::Day { day, at } => view! { <Day day=day at=at /> }.into_any(),
                                Row::Message { key, .. } => view! { <Message key=key lines=lines /> }.into_any(),
                            }}
                        </For>
                    </ol>
                </div>
            </div>
            {ui::shown_when(move || scroll.unseen.get(), move || view! { <Jump scroll=scroll /> }.into_any())}
        </main>
    }
}

#[component]
fn Earlier() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    view! {
        <div class="earlier">
            <Button look=Look::Quiet disabled=visit.loading_older on_press=move || visit.load_older()>
                {text.live("show-earlier")}
            </Button>
        </div>
    }
}

#[component]
fn Jump(scroll: Scroll) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <button type="button" class="btn primary jump" on:click=move |_| scroll.to_bottom()>
            <Icon name=IconName::Down />
            {text.live("jump-new")}
        </button>
    }
}

#[component]
fn Day(day: i64, at: chrono::DateTime<chrono::Utc>) -> impl IntoView {
    let text = Text::from_context();
    let name = Signal::derive(move || match time::local_day(time::now()) - day {
        0 => text.say("today"),
        1 => text.say("yesterday"),
        _ => time::show(at, Style::Day, text.language()),
    });
    view! { <li class="day">{name}</li> }
}

/// The body is fixed; what changes (its place in a group, how it went) changes in place.
#[component]
fn Message(key: Uuid, lines: Memo<Vec<Row>>) -> impl IntoView {
    let visit = Visit::from_context();
    let place = Memo::new(move |_| {
        lines.with(|lines| {
            let of = |row: &Row| match row {
                Row::Message { key: other, first, last } if *other == key => Some((*first, *last)),
                _ => None,
            };
            lines.iter().find_map(of).unwrap_or((true, true))
        })
    });
    let entry = visit.thread.with_untracked(|thread| thread.entry(key).cloned());
    let last = Signal::derive(move || place.get().1);
    entry.map(|entry| {
        let (mine, kind, author) = (entry.is_mine(), entry.kind, entry.author.clone());
        view! {
            <li class="message" class:me=mine>
                <article>
                    <Who kind=kind author=author first=Signal::derive(move || place.get().0) />
                    <div class="bubble" dir="auto" class:tail=last>
                        <MessageBody text=entry.body.as_str() />
                    </div>
                    <Marks key=key first_seen=entry last=last />
                </article>
            </li>
        }
    })
}

/// Who wrote, once for people who see the group and each time for those who hear it.
#[component]
fn Who(kind: AuthorKind, author: String, first: Signal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let role = match kind {
        AuthorKind::Staff | AuthorKind::ApiKey => Some(text.live("staff")),
        AuthorKind::System => Some(text.live("automatic")),
        AuthorKind::Contact => None,
    };
    let mine = kind == AuthorKind::Contact;
    view! {
        <p class="who" class:hush=Signal::derive(move || mine || !first.get())>
            {if mine {
                text.live("you").into_any()
            } else {
                view! { <bdi class="strong">{author}</bdi> <span>{role}</span> }.into_any()
            }}
        </p>
    }
}

/// When, and how it went.
#[component]
fn Marks(key: Uuid, first_seen: Entry, last: Signal<bool>) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let now = Memo::new(move |_| {
        visit.thread.with(|thread| {
            thread.entry(key).map_or((first_seen.status.clone(), first_seen.at), |e| (e.status.clone(), e.at))
        })
    });
    let failed = Memo::new(move |_| match now.get().0 {
        Status::Failed(failure) => Some(failure),
        _ => None,
    });
    let at = move || now.get().1;
    let state = ui::shown(move || match now.get().0 {
        Status::Received | Status::Failed(_) => ().into_any(),
        Status::Sending => view! { <span>"· " {text.live("status-sending")}</span> }.into_any(),
        Status::Sent => {
            view! { <span>"· " {text.live("status-sent")}</span> <Icon name=IconName::Check /> }.into_any()
        }
        Status::Seen => {
            view! { <span>"· " {text.live("status-seen")}</span> <Icon name=IconName::Checks /> }.into_any()
        }
    });
    view! {
        <p class="meta" class:hush=Signal::derive(move || !last.get() && failed.get().is_none())>
            <time datetime=Signal::derive(move || time::iso(at()))>{Signal::derive(move || time::show(at(), Style::Time, text.language()))}</time>
            {state}
        </p>
        {ui::shown(move || {
            failed.get().map(|failure| view! { <NotSent key=key failure=failure /> }.into_any()).into_any()
        })}
    }
}

#[component]
fn NotSent(key: Uuid, failure: Failure) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let words = Signal::derive(move || match &failure {
        Failure::Offline => text.say("failed-offline"),
        Failure::SignedOut => text.say("failed-signed-out"),
        Failure::Because(reason) => text.say_with("failed-because", &[("reason", reason.clone().into())]),
    });
    let retry = move || {
        visit.retry(key);
        super::composer::focus();
    };
    view! {
        <div class="not-sent">
            <p class="error" role="alert"><Icon name=IconName::Alert /> <span>{words}</span></p>
            <Button icon=IconName::Refresh on_press=retry>{text.live("retry")}</Button>
        </div>
    }
}
