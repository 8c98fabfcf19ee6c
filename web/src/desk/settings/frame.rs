//! What stands around every page of the settings: its title, the way back on phones, and a sentence for
//! those who may look but not change.

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::staff::Role;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Icon, IconName, Tone, shown_when};

use super::words_of;
use crate::desk::Desk;
use crate::view::{Place, SettingsPage};

/// As the styles have it: under this width there is one pane at a time.
const NARROW: &str = "(max-width: 720px)";

pub fn is_wide() -> bool {
    let narrow = window().match_media(NARROW).ok().flatten();
    narrow.is_none_or(|query| !query.matches())
}

/// Only admins change settings; the server refuses everybody else.
pub fn may_change(desk: Desk) -> Memo<bool> {
    Memo::new(move |_| {
        desk.gate.session.with(|session| session.as_ref().is_some_and(|s| s.user.role == Role::Admin))
    })
}

#[component]
pub fn SettingsFrame(
    page: SettingsPage,
    /// One's own: everybody may change it.
    #[prop(optional)]
    own: bool,
    children: Children,
) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let (_, title, what) = words_of(page);
    let may_change = may_change(desk);
    let heading = NodeRef::<html::H2>::new();
    view! {
        <main class="thread settings-page" aria-label=move || text.say(title)>
            <header class="bar thread-bar settings-bar">
                <a
                    class="btn round quiet back"
                    href=Place::Settings(None).path()
                    aria-label=move || text.say("settings-back")
                >
                    <Icon name=IconName::Back />
                </a>
                <div class="grow">
                    <h2 node_ref=heading>{move || text.say(title)}</h2>
                    <p class="muted small">{move || text.say(what)}</p>
                </div>
            </header>
            <div class="settings-body">
                {shown_when(
                    move || !own && !may_change.get(),
                    move || {
                        view! {
                            <Banner tone=Tone::Info icon=IconName::Lock>
                                {move || text.say("settings-read-only")}
                            </Banner>
                        }
                        .into_any()
                    },
                )}
                {children()}
            </div>
        </main>
    }
}
