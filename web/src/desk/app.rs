//! The root: words, who is signed in, and what the address asks for.

use leptos::prelude::*;
use leptos_router::WildcardSegment;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use sealpost_shared::conversations::Folder;
use sealpost_shared::paths::DESK_PAGE;
use sealpost_web::text::{Language, SHARED_EN, SHARED_ES, Sources, Text};
use sealpost_web::ui::{Button, Look, wear_accent};

use super::arrive;
use super::enrolling::Enrolling;
use super::forgot::{Forgot, Reset};
use super::gate::{Gate, Out, Phase};
use super::invited::Invited;
use super::places::Go;
use super::second_step::SecondStep;
use super::shell::Shell;
use super::sign_in::SignIn;
use super::view::{Place, parse_place};

const WORDS: Sources = &[
    (
        Language::En,
        &[
            SHARED_EN,
            include_str!("../../locales/en/desk.ftl"),
            include_str!("../../locales/en/settings.ftl"),
            include_str!("../../locales/en/setup.ftl"),
            include_str!("../../locales/en/account.ftl"),
            include_str!("../../locales/en/audit.ftl"),
            include_str!("../../locales/en/texts.ftl"),
            // What patients read, for the picture of their page.
            include_str!("../../locales/en/chat.ftl"),
        ],
    ),
    (
        Language::Es,
        &[
            SHARED_ES,
            include_str!("../../locales/es/desk.ftl"),
            include_str!("../../locales/es/settings.ftl"),
            include_str!("../../locales/es/setup.ftl"),
            include_str!("../../locales/es/account.ftl"),
            include_str!("../../locales/es/audit.ftl"),
            include_str!("../../locales/es/texts.ftl"),
            include_str!("../../locales/es/chat.ftl"),
        ],
    ),
];

#[component]
pub fn App() -> impl IntoView {
    let spoken = window().navigator().language().and_then(|tag| Language::parse(&tag)).unwrap_or_default();
    let text = Text::provide(WORDS, spoken);
    Effect::new(move || {
        if let Some(page) = document().document_element() {
            // The page's own language stays when the browser refuses, which it does not.
            let _ = page.set_attribute("lang", text.language().code());
        }
    });
    view! {
        <Router base=DESK_PAGE>
            // One route: panes stay where they are while the address changes; `Place` reads the rest.
            <Routes fallback=Root>
                <Route path=WildcardSegment("place") view=Root />
            </Routes>
        </Router>
    }
}

#[component]
fn Root() -> impl IntoView {
    let text = Text::from_context();
    let location = use_location();
    let place = Memo::new(move |_| location.pathname.with(|path| parse_place(path)));
    let wanted =
        location.query.with_untracked(|query| query.get("to")).map_or(Place::Home, |to| parse_place(&to));
    let gate = Gate::provide(wanted);
    let go = Go::provide();
    arrive::start(gate, go);
    arrive::listen(gate, go);
    follow(gate, go, place);
    Effect::new(move || {
        gate.session.with(|session| {
            wear_accent(session.as_ref().and_then(|s| s.organization.card.accent_color.as_deref()));
        });
    });
    let retry = move || {
        gate.phase.set(Phase::Starting);
        arrive::start(gate, go);
    };
    move || match gate.phase.get() {
        Phase::Starting => view! { <p class="starting">{text.say("starting")}</p> }.into_any(),
        Phase::Out(why) => view! { <SignIn why=why /> }.into_any(),
        Phase::SecondStep => view! { <SecondStep /> }.into_any(),
        Phase::Enrolling => view! { <Enrolling /> }.into_any(),
        Phase::Forgot => view! { <Forgot /> }.into_any(),
        Phase::Reset => view! { <Reset /> }.into_any(),
        Phase::Invited => view! { <Invited /> }.into_any(),
        Phase::In => view! { <Shell place=place /> }.into_any(),
        Phase::Unreachable => view! {
            <main class="sign-in">
                <div class="card gate" role="alert">
                    <h1>{text.say("unreachable")}</h1>
                    <p class="muted">{text.say("unreachable-hint")}</p>
                    <Button look=Look::Primary on_press=retry>{text.say("try-again")}</Button>
                </div>
            </main>
        }
        .into_any(),
    }
}

/// Keeps the address and the phase in step.
fn follow(gate: Gate, go: Go, place: Memo<Place>) {
    Effect::new(move || {
        let inbox = Place::Folder(Folder::Inbox, None);
        match (gate.phase.get(), place.get()) {
            (Phase::Out(why), place) if place != Place::SignIn => {
                // Whoever leaves by their own wish starts at the inbox next time.
                let wanted = if why == Out::Left { Place::Home } else { place };
                gate.wanted.set_value(wanted);
                go.sign_in(wanted);
            }
            (Phase::In, Place::Home | Place::SignIn) => {
                let wanted = gate.wanted.get_value();
                gate.wanted.set_value(Place::Home);
                let due =
                    gate.session.with_untracked(|session| session.as_ref().is_some_and(|s| s.setup_due));
                go.instead(match wanted {
                    Place::Setup(_) | Place::Folder(..) | Place::Contacts(_) | Place::Settings(_) => wanted,
                    Place::Home | Place::SignIn | Place::Nowhere if due => Place::Setup(None),
                    Place::Home | Place::SignIn | Place::Nowhere => inbox,
                });
            }
            _ => {}
        }
    });
}
