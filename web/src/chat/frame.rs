//! What stands around every screen but the conversation: whose page it is, whom to call, and the language.

use leptos::html;
use leptos::prelude::*;
use sealpost_shared::text::dialed;
use sealpost_web::text::Text;
use sealpost_web::ui::{self, Icon, IconName, Logo};

use super::language::LanguageSwitch;
use super::visit::Visit;

/// Stands for a value in a sentence that is shown as an element; split out by [`around`].
const PLACE: &str = "\u{fffc}";

/// A sentence with an element where its one value stands.
fn around(sentence: &str, inside: AnyView) -> AnyView {
    match sentence.split_once(PLACE) {
        Some((before, after)) => (before.to_owned(), inside, after.to_owned()).into_any(),
        None => sentence.to_owned().into_any(),
    }
}

/// The sentence `key` with the practice's telephone number as a link, or "the practice" where it has none.
#[component]
pub fn CallLine(key: &'static str) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    ui::shown(move || {
        let sentence = text.say_with(key, &[("phone", PLACE.into())]);
        around(&sentence, phone_link(visit).unwrap_or_else(|| text.say("the-practice").into_any()))
    })
}

/// The same with one more value.
#[component]
pub fn CallLineUntil(key: &'static str, #[prop(into)] time: Signal<String>) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    ui::shown(move || {
        let sentence = text.say_with(key, &[("phone", PLACE.into()), ("time", time.get().into())]);
        around(&sentence, phone_link(visit).unwrap_or_else(|| text.say("the-practice").into_any()))
    })
}

/// The sentence `key` with its `hint` set off.
#[component]
pub fn HintLine(key: &'static str, hint: String) -> impl IntoView {
    let text = Text::from_context();
    ui::shown(move || {
        let sentence = text.say_with(key, &[("hint", PLACE.into())]);
        around(&sentence, view! { <strong>{hint.clone()}</strong> }.into_any())
    })
}

pub fn phone_link(visit: Visit) -> Option<AnyView> {
    let phone = visit.organization.read().as_ref()?.phone.clone()?;
    let address = format!("tel:{}", dialed(&phone));
    Some(view! { <a class="phone" href=address>{phone}</a> }.into_any())
}

/// A heading that takes the focus when its screen appears, so that a screen reader begins there.
#[component]
pub fn Heading(key: &'static str) -> impl IntoView {
    let text = Text::from_context();
    let node = NodeRef::<html::H1>::new();
    take_focus(node);
    view! { <h1 node_ref=node tabindex="-1">{text.live(key)}</h1> }
}

pub fn take_focus(node: NodeRef<html::H1>) {
    ui::effect(move || {
        if let Some(heading) = node.get() {
            // An element in the page with a tabindex takes focus.
            let _ = heading.focus();
        }
    });
}

/// The card in the middle of the page.
#[component]
pub fn Stage(children: Children) -> impl IntoView {
    view! {
        <main class="stage">
            <div class="card gate">
                <WhoWrote />
                {children()}
            </div>
            <Foot />
        </main>
    }
}

/// The practice, and who of it wrote.
#[component]
fn WhoWrote() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let card = Memo::new(move |_| {
        visit.organization.read().as_ref().map(|card| (card.name.clone(), card.logo_url.clone()))
    });
    let from = Signal::derive(move || {
        let sender = visit.sender.get().map(|sender| [("sender", sender.into())]);
        sender.map(|sender| text.say_with("private-from", &sender)).unwrap_or_default()
    });
    ui::shown(move || {
        let shown = card.get().map(|(name, logo)| {
            view! {
                <div class="org">
                    <Logo url=Signal::stored(logo) name=name.clone() />
                    <div class="grow">
                        <p class="strong"><bdi>{name}</bdi></p>
                        <p class="muted small">{from}</p>
                    </div>
                </div>
            }
            .into_any()
        });
        shown.into_any()
    })
}

#[component]
fn Foot() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let only_you = ui::shown(move || {
        let name = visit.organization.read().as_ref().map(|card| card.name.as_str().to_owned());
        let words = name.map(|name| text.say_with("only-you", &[("organization", name.into())]));
        let line = words.map(|words| {
            view! { <p class="foot-line"><Icon name=IconName::Lock /> <span>{words}</span></p> }.into_any()
        });
        line.into_any()
    });
    view! {
        <footer class="foot">
            {only_you}
            <p>{emergency(visit)}</p>
            <LanguageSwitch />
        </footer>
    }
}

/// In the practice's own words, where it has some.
pub fn emergency(visit: Visit) -> Signal<String> {
    Signal::derive(move || {
        let own = visit.organization.read().as_ref().and_then(|card| card.emergency_notice.clone());
        own.unwrap_or_else(|| visit.text.say("emergency"))
    })
}

/// Shown while the server is asked: nothing for a moment, then the shape of what comes.
#[component]
pub fn Waiting() -> impl IntoView {
    let text = Text::from_context();
    view! {
        <main class="skeleton" aria-busy="true">
            <span class="card"></span>
            <p class="hush" role="status">{text.live("loading")}</p>
        </main>
    }
}
