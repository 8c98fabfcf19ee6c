//! The signed-in desk: navigation, list, thread, context; and what listens while it is open.

use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use sealpost_shared::conversations::Folder;
use sealpost_shared::texts::NOTICE_USED_UP;
use sealpost_web::client::texts;
use sealpost_web::text::Text;
use sealpost_web::time;
use sealpost_web::ui::{Banner, Button, IconName, Tone};

use super::compose::ComposeDialog;
use super::contacts::Contacts;
use super::desk::Desk;
use super::failures::{FailureNews, Failures};
use super::folder::FolderView;
use super::nav::Nav;
use super::own_fields::OwnFields;
use super::places::Go;
use super::settings::{Forms, Settings};
use super::setup::Setup;
use super::view::{Place, SettingsPage};
use super::{keys, live, said, session};

/// Relative times grow older by themselves.
const TICK: Duration = Duration::from_secs(30);

#[component]
pub fn Shell(place: Memo<Place>) -> impl IntoView {
    let desk = Desk::provide(place);
    let text = Text::from_context();
    provide_context(Now::ticking());
    OwnFields::provide(desk.gate);
    Forms::provide(desk);
    Failures::provide(desk);
    live::start(desk);
    keys::listen(desk);
    desk.load_settings();
    follow_news(desk);
    desk.load_counts();
    desk.load_setup();
    name_the_tab(desk);
    let area = Memo::new(move |_| Area::of(place.get()));
    let bare = Memo::new(move |_| area.get() == Area::Setup);
    let folder = Memo::new(move |before: Option<&Folder>| match place.get() {
        Place::Folder(folder, _) => folder,
        _ => before.copied().unwrap_or_default(),
    });
    let open = move || place.get().opens_a_pane();
    view! {
        <div
            class="desk"
            class:opened=open
            class:bare=bare
            class:context-open=move || desk.context_open.get()
        >
            // The first start has a heading of its own, and nothing beside it.
            <Show when=move || !bare.get()>
                <header class="hush">
                    <h1>{move || text.say("desk-heading")}</h1>
                </header>
                <Nav desk=desk />
            </Show>
            <News desk=desk />
            {move || match area.get() {
                Area::Folder => view! { <FolderView folder=folder /> }.into_any(),
                Area::Contacts => view! { <Contacts /> }.into_any(),
                Area::Settings => view! { <Settings /> }.into_any(),
                Area::Setup => view! { <Setup /> }.into_any(),
                Area::Nowhere => view! { <Nowhere /> }.into_any(),
                Area::Nothing => ().into_any(),
            }}
        </div>
        <p class="hush" role="status">{move || desk.said.get()}</p>
        <ComposeDialog desk=desk />
        <session::IdleWarning desk=desk />
    }
}

/// What the panes beside the navigation show; they stay while the address moves inside one of these.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Folder,
    Contacts,
    Settings,
    Setup,
    Nowhere,
    Nothing,
}

impl Area {
    const fn of(place: Place) -> Self {
        match place {
            Place::Folder(..) => Self::Folder,
            Place::Contacts(_) => Self::Contacts,
            Place::Settings(_) => Self::Settings,
            Place::Setup(_) => Self::Setup,
            Place::Nowhere => Self::Nowhere,
            Place::Home | Place::SignIn => Self::Nothing,
        }
    }
}

/// Now, as often as the words on screen need it.
#[derive(Clone, Copy)]
pub struct Now(RwSignal<chrono::DateTime<chrono::Utc>>);

impl Now {
    fn ticking() -> Self {
        let now = RwSignal::new(time::now());
        if let Ok(timer) = set_interval_with_handle(move || now.set(time::now()), TICK) {
            on_cleanup(move || timer.clear());
        }
        Self(now)
    }

    pub fn from_context() -> Self {
        expect_context()
    }

    pub fn get(self) -> chrono::DateTime<chrono::Utc> {
        // The tick makes readers look again; the clock itself is newer than the last tick.
        if Observer::get().is_some() {
            self.0.track();
        }
        time::now()
    }
}

/// Banners that belong to the whole desk: out of reach, or a button's work that failed.
#[component]
fn News(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <div class="desk-news">
            <Show when=move || desk.gate.offline.get()>
                <Banner tone=Tone::Warn icon=IconName::Alert>
                    {move || text.say("offline-banner")}
                </Banner>
            </Show>
            <TextsNotice desk=desk />
            <FailureNews />
            {move || {
                desk.trouble
                    .get()
                    .map(|error| {
                        view! {
                            <Banner tone=Tone::Bad icon=IconName::Alert>
                                {said::sentence(text, &error)}
                                <Button small=true on_press=move || desk.trouble.set(None)>
                                    {text.say("close")}
                                </Button>
                            </Banner>
                        }
                    })
            }}
        </div>
    }
}

/// That a month's limit is near is about no conversation: such news are about everything.
fn follow_news(desk: Desk) {
    Effect::new(move || {
        if desk.news.with(live::News::rows) {
            desk.load_counts();
        }
    });
    Effect::new(move || {
        let due = desk.news.with(|news| news.everything || *news == live::News::default());
        if due && untrack(|| desk.is_admin()) {
            desk.load_texts();
        }
    });
}

/// Four fifths of the month's texts are gone, or all: until somebody puts it away, and then not again that month.
#[component]
fn TextsNotice(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let notice = Memo::new(move |_| desk.texts.with(|texts| texts.as_ref().and_then(|texts| texts.notice)));
    let close = move |notice| desk.act(texts::dismiss(notice), move |()| desk.load_texts());
    move || {
        notice.get().map(|notice| {
            let words = if notice >= NOTICE_USED_UP { "texts-notice-100" } else { "texts-notice-80" };
            view! {
                <Banner tone=Tone::Warn icon=IconName::Alert>
                    <span class="grow">{move || text.say(words)}</span>
                    <a class="btn small" href=Place::Settings(Some(SettingsPage::Texts)).path()>
                        {move || text.say("texts-notice-look")}
                    </a>
                    <Button small=true on_press=move || close(notice)>{move || text.say("close")}</Button>
                </Banner>
            }
        })
    }
}

#[component]
fn Nowhere() -> impl IntoView {
    let text = Text::from_context();
    let go = Go::from_context();
    view! {
        <main class="nowhere empty">
            <h2>{move || text.say("nowhere")}</h2>
            <p class="muted">{move || text.say("nowhere-hint")}</p>
            <Button on_press=move || go.to(Place::Folder(Folder::Inbox, None))>
                {move || text.say("nowhere-go")}
            </Button>
        </main>
    }
}

/// The tab says where one is, and how much waits.
fn name_the_tab(desk: Desk) {
    let text = Text::from_context();
    Effect::new(move || {
        let key = match desk.place.get() {
            Place::Folder(Folder::Outbox, _) => "nav-outbox",
            Place::Folder(Folder::Archived, _) => "nav-archived",
            Place::Folder(Folder::Scheduled, _) => "nav-scheduled",
            Place::Folder(Folder::Failed, _) => "nav-failed",
            Place::Contacts(_) => "nav-contacts",
            Place::Settings(_) => "nav-settings",
            Place::Setup(_) => "setup-title",
            _ => "nav-inbox",
        };
        let name = text.say(key);
        let unread = desk.counts.get().map_or(0, |counts| counts.inbox.unread);
        let title = match unread {
            0 => text.say_with("tab-title", &[("name", name.into())]),
            n => text.say_with("tab-title-unread", &[("name", name.into()), ("n", n.to_string().into())]),
        };
        document().set_title(&title);
    });
}
