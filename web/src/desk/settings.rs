//! The settings: a list of pages, and the open one beside it. On phones the list is a page of its own.
//!
//! A new page: a variant of `SettingsPage`, its words in [`words_of`], its view in [`open_page`].

mod account;
mod api_keys;
mod audit;
mod channels;
mod fields;
mod form;
mod form_page;
mod forms;
mod frame;
mod passkeys;
mod people;
mod practice;
mod saving;
mod secure;
mod security;
mod sending;
mod sessions;
mod texts;

use leptos::prelude::*;
use sealpost_shared::paths::DOCS_PAGE;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName, Tag, TagTone};

use frame::SettingsFrame;

pub use forms::Forms;

use super::desk::Desk;
use super::places::Go;
use super::view::{Place, SettingsPage};

/// A page's icon, its title, and what it is for.
const fn words_of(page: SettingsPage) -> (IconName, &'static str, &'static str) {
    match page {
        SettingsPage::SecureMessaging => {
            (IconName::Lock, "settings-secure-messaging", "settings-secure-messaging-what")
        }
        SettingsPage::Sending => (IconName::Clock, "settings-sending", "settings-sending-what"),
        SettingsPage::Practice => (IconName::Phone, "settings-practice", "settings-practice-what"),
        SettingsPage::ContactFields => {
            (IconName::Note, "settings-contact-fields", "settings-contact-fields-what")
        }
        SettingsPage::ApiKeys => (IconName::Key, "settings-api-keys", "settings-api-keys-what"),
        SettingsPage::Channels => (IconName::Send, "settings-channels", "settings-channels-what"),
        SettingsPage::Texts => (IconName::Outbox, "settings-texts", "settings-texts-what"),
        SettingsPage::People => (IconName::User, "settings-people", "settings-people-what"),
        SettingsPage::AuditLog => (IconName::Clock, "settings-audit-log", "settings-audit-log-what"),
        SettingsPage::Security => (IconName::Lock, "settings-security", "settings-security-what"),
        SettingsPage::Account => (IconName::Cog, "settings-account", "settings-account-what"),
    }
}

fn open_page(page: SettingsPage) -> AnyView {
    match page {
        SettingsPage::Channels => view! { <channels::ChannelsPage /> }.into_any(),
        SettingsPage::Texts => view! { <texts::TextsPage /> }.into_any(),
        SettingsPage::People => view! { <people::PeoplePage /> }.into_any(),
        SettingsPage::ApiKeys => view! { <api_keys::ApiKeys /> }.into_any(),
        SettingsPage::AuditLog => view! { <audit::AuditLog /> }.into_any(),
        SettingsPage::Security => view! { <security::SecurityPage /> }.into_any(),
        SettingsPage::Account => view! { <account::AccountPage /> }.into_any(),
        SettingsPage::SecureMessaging => view! { <secure::SecureMessaging /> }.into_any(),
        SettingsPage::Sending => view! { <sending::SendingPage /> }.into_any(),
        SettingsPage::Practice => view! { <practice::Practice /> }.into_any(),
        SettingsPage::ContactFields => view! { <fields::ContactFields /> }.into_any(),
    }
}

#[component]
pub fn Settings() -> impl IntoView {
    let desk = Desk::from_context();
    let go = Go::from_context();
    let open = Memo::new(move |_| desk.place.get().settings_page());
    let is_open = move |page: SettingsPage| !page.is_for_admins() || untrack(|| desk.is_admin());
    // Where both fit, the list alone would leave the page empty.
    Effect::new(move || {
        if desk.place.get() == Place::Settings(None) && frame::is_wide() {
            go.instead(Place::Settings(Some(SettingsPage::SecureMessaging)));
        }
    });
    view! {
        <PageList desk=desk />
        {move || open.get().map(|page| if is_open(page) { open_page(page) } else { view! { <AdminsOnly page=page /> }.into_any() })}
    }
}

/// An address that somebody was sent: said before anything is asked that the server would refuse.
#[component]
fn AdminsOnly(page: SettingsPage) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <SettingsFrame page=page own=true>
            <section class="panel card">
                <div class="empty">
                    <Icon name=IconName::Lock class="i large" />
                    <p>{text.live("settings-admins-only")}</p>
                </div>
            </section>
        </SettingsFrame>
    }
}

#[component]
fn PageList(desk: Desk) -> impl IntoView {
    let text = Text::from_context();
    let forms = Forms::from_context();
    // Another role begins with another session.
    let is_admin = untrack(|| desk.is_admin());
    let here = move |page| desk.place.get().settings_page() == Some(page);
    view! {
        <section
            class="pane list-pane settings-list"
            role=move || desk.place.get().settings_page().is_none().then_some("main")
            aria-label=move || text.say("nav-settings")
        >
            <header class="bar">
                <h2 class="grow">{move || text.say("nav-settings")}</h2>
            </header>
            <nav class="rows" aria-label=move || text.say("settings-pages")>
                <ul>
                    {SettingsPage::ALL
                        .iter()
                        .filter(|page| is_admin || !page.is_for_admins())
                        .map(|page| {
                            let (icon, title, what) = words_of(*page);
                            let page = *page;
                            view! {
                                <li>
                                    <a
                                        class="settings-link"
                                        data-row=""
                                        href=Place::Settings(Some(page)).path()
                                        aria-current=move || here(page).then_some("page")
                                    >
                                        <Icon name=icon />
                                        <span class="grow">
                                            <span class="settings-title">{move || text.say(title)}</span>
                                            <Show when=move || forms.unsaved(page)>
                                                <Tag tone=TagTone::Warn>{move || text.say("settings-unsaved-tag")}</Tag>
                                            </Show>
                                            <span class="small muted settings-what">{move || text.say(what)}</span>
                                        </span>
                                    </a>
                                </li>
                            }
                        })
                        .collect_view()}
                    <li>
                        <a class="settings-link" href=DOCS_PAGE target="_blank" rel="noopener">
                            <Icon name=IconName::Help />
                            <span class="grow">
                                <span class="settings-title">{move || text.say("settings-help")}</span>
                                <span class="small muted settings-what">{move || text.say("settings-help-what")}</span>
                            </span>
                        </a>
                    </li>
                </ul>
            </nav>
        </section>
    }
}
