//! What stands around every page of the settings: its title, the way back on phones, and a sentence for
//! those who may look but not change.

use leptos::prelude::*;
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
    Memo::new(move |_| desk.is_admin())
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
    view! {
        // Where nothing can be changed nothing takes the focus: the page does, so that the arrow keys scroll it.
        <main
            class="thread settings-page"
            aria-label=move || text.say(title)
            tabindex=move || (!own && !may_change.get()).then_some("0")
        >
            <header class="bar thread-bar settings-bar">
                <a
                    class="btn round quiet back"
                    href=Place::Settings(None).path()
                    aria-label=move || text.say("settings-back")
                >
                    <Icon name=IconName::Back />
                </a>
                <div class="grow">
                    <h2>{move || text.say(title)}</h2>
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

/// The word beside a switch.
pub fn on_off(text: Text, on: Signal<bool>) -> Signal<String> {
    Signal::derive(move || text.say(if on.get() { "settings-on" } else { "settings-off" }))
}
