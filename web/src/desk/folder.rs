//! A folder: its rows, page by page, and the conversation that is open beside them.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::conversations::{Conversation, Folder};
use sealpost_shared::ids::ConversationId;
use sealpost_shared::page::MAX_LIMIT;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName};
use uuid::Uuid;

use super::checklist::Checklist;
use super::desk::Desk;
use super::failures::Failures;
use super::live::News;
use super::loading::{LoadFailed, ShowMore};
use super::paged::{Paged, Stage};
use super::row::Row;
use super::steady;
use super::thread::ConversationView;

#[component]
pub fn FolderView(folder: Memo<Folder>) -> impl IntoView {
    let desk = Desk::from_context();
    let unread_only = RwSignal::new(false);
    let list = Paged::<Conversation>::new(desk.gate);
    Effect::new(move || {
        let (folder, unread) = (folder.get(), unread_only.get());
        // What goes out next is not sorted as lists are that fresh pages are laid over: it comes as one page.
        let whole = (folder == Folder::Scheduled).then_some(MAX_LIMIT);
        list.open(move |limit, cursor| staff::conversations(folder, unread, whole.unwrap_or(limit), cursor));
    });
    Effect::new(move || {
        if desk.news.with(News::rows) {
            list.refresh();
        }
    });
    let open = Memo::new(move |_| desk.place.get().conversation());
    view! {
        <ListPane folder=folder unread_only=unread_only list=list />
        {move || match open.get() {
            Some(id) => view! { <ConversationView id=id folder=folder list=list /> }.into_any(),
            None => view! { <NothingOpen /> }.into_any(),
        }}
    }
}

#[component]
fn NothingOpen() -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="thread nothing-open" aria-label=move || text.say("thread-messages")>
            <div class="empty">
                <Icon name=IconName::Mail class="i large" />
                <p class="muted">{move || text.say("thread-none")}</p>
            </div>
        </section>
    }
}

#[component]
fn ListPane(folder: Memo<Folder>, unread_only: RwSignal<bool>, list: Paged<Conversation>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let name = move || text.say(folder_key(folder.get()));
    let unread = move || {
        let counts = desk.counts.get().unwrap_or_default();
        match folder.get() {
            Folder::Inbox => counts.inbox.unread,
            Folder::Outbox => counts.outbox.unread,
            Folder::Archived => counts.archived.unread,
            Folder::Scheduled => counts.scheduled.unread,
            Folder::Failed => counts.failed.unread,
        }
    };
    view! {
        // Beside an open conversation the list is not the main thing.
        <section
            class="pane list-pane"
            role=move || desk.place.get().conversation().is_none().then_some("main")
            aria-label=name
        >
            <header class="bar">
                <h2 class="grow">{name}</h2>
                <Button
                    small=true
                    pressed=Signal::derive(move || unread_only.get())
                    on_press=move || unread_only.update(|on| *on = !*on)
                >
                    {move || match unread() {
                        0 => text.say("filter-unread-none"),
                        n => text.say_with("filter-unread", &[("n", n.to_string().into())]),
                    }}
                </Button>
            </header>
            <Rows list=list folder=folder unread_only=unread_only />
        </section>
    }
}

/// Without what somebody just put aside.
fn shown(list: Paged<Conversation>, folder: Folder, failures: Failures) -> Vec<Uuid> {
    let mut keys = list.keys();
    if folder == Folder::Failed {
        keys.retain(|key| !failures.is_aside(ConversationId::from_uuid(*key)));
    }
    keys
}

#[component]
fn Rows(list: Paged<Conversation>, folder: Memo<Folder>, unread_only: RwSignal<bool>) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let on_scroll = steady::keep(scroller, list);
    let failures = Failures::from_context();
    view! {
        <div class="rows" node_ref=scroller on:scroll=move |_| on_scroll.run(())>
            <Show when=move || folder.get() == Folder::Inbox>
                <Checklist />
            </Show>
            {move || match list.stage.get() {
                Stage::Loading => view! { <Skeleton /> }.into_any(),
                Stage::Failed(error) => view! { <LoadFailed error=error on_retry=move || list.again() /> }.into_any(),
                Stage::Ready => view! {
                    <Show
                        when=move || !shown(list, folder.get(), failures).is_empty()
                        fallback=move || view! { <Empty folder=folder unread_only=unread_only /> }
                    >
                        <ul>
                            <For each=move || shown(list, folder.get(), failures) key=|key| *key let:key>
                                <Row row=list.entry(key) id=ConversationId::from_uuid(key) folder=folder />
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

/// Rows to come, but only when they take longer than an eye notices.
#[component]
pub fn Skeleton() -> impl IntoView {
    let text = Text::from_context();
    let late = RwSignal::new(false);
    if let Ok(timer) = set_timeout_with_handle(
        move || {
            late.try_set(true);
        },
        Duration::from_millis(300),
    ) {
        on_cleanup(move || timer.clear());
    }
    view! {
        <Show when=move || late.get()>
            <p class="hush" role="status">{move || text.say("loading")}</p>
            <div class="bones" aria-hidden="true">
                {(0..6).map(|_| view! { <div class="bone"></div> }).collect_view()}
            </div>
        </Show>
    }
}

#[component]
fn Empty(folder: Memo<Folder>, unread_only: RwSignal<bool>) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let key = move || match (unread_only.get(), folder.get()) {
        (true, _) => "empty-unread",
        (false, Folder::Inbox) => "empty-inbox",
        (false, Folder::Outbox) => "empty-outbox",
        (false, Folder::Archived) => "empty-archived",
        (false, Folder::Scheduled) => "empty-scheduled",
        (false, Folder::Failed) => "empty-failed",
    };
    view! {
        <div class="empty">
            <p class="muted">{move || text.say(key())}</p>
            {move || {
                if unread_only.get() {
                    view! {
                        <Button small=true on_press=move || unread_only.set(false)>{text.say("filter-show-all")}</Button>
                    }
                        .into_any()
                } else if !desk.may_write() || folder.get() == Folder::Failed {
                    ().into_any()
                } else {
                    view! {
                        <Button
                            small=true
                            icon=IconName::Plus
                            on_press=move || desk.compose(None)
                        >
                            {text.say("empty-compose")}
                        </Button>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

const fn folder_key(folder: Folder) -> &'static str {
    match folder {
        Folder::Inbox => "nav-inbox",
        Folder::Outbox => "nav-outbox",
        Folder::Archived => "nav-archived",
        Folder::Scheduled => "nav-scheduled",
        Folder::Failed => "nav-failed",
    }
}
