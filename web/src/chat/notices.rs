//! Screens that say one thing: what happened, what it means, what to do.

use leptos::prelude::*;
use sealpost_web::client::ClientError;
use sealpost_web::text::Text;
use sealpost_web::ui::{self, Button, Icon, IconName, Look};

use super::frame::{CallLine, Heading, Stage};
use super::visit::Visit;

/// Knows no practice: the answer is the same for every link that does not work.
#[component]
pub fn NotAvailable() -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Stage>
            <div class="says">
                <p class="sign warn"><Icon name=IconName::Alert class="i large" /></p>
                <Heading key="not-available-title" />
                <p class="muted">{text.live("not-available-text")}</p>
            </div>
        </Stage>
    }
}

#[component]
pub fn SignedOut() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let kept = visit.kept.with_value(Option::is_some) && visit.has_token();
    view! {
        <Stage>
            <div class="says">
                <p class="sign"><Icon name=IconName::Lock class="i large" /></p>
                <Heading key="over-title" />
                <p class="muted">{text.live("over-text")}</p>
                {kept.then(|| view! { <p>{text.live("over-kept")}</p> })}
            </div>
            <Return key="over-return" />
            <Questions />
        </Stage>
    }
}

#[component]
pub fn Replaced() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let link = (!visit.has_token()).then(|| view! { <p>{text.live("replaced-link")}</p> });
    view! {
        <Stage>
            <div class="says">
                <p class="sign warn"><Icon name=IconName::Alert class="i large" /></p>
                <Heading key="replaced-title" />
                <p class="muted">{text.live("replaced-text")}</p>
                {link}
            </div>
            <Return key="replaced-return" />
            <Questions />
        </Stage>
    }
}

/// Back to the link's own gate, while its token is still in memory.
#[component]
fn Return(key: &'static str) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    visit.has_token().then(|| {
        view! {
            <Button look=Look::Primary on_press=move || visit.ask_link()>{text.live(key)}</Button>
        }
    })
}

#[component]
fn Questions() -> impl IntoView {
    let visit = Visit::from_context();
    ui::shown_when(
        move || visit.organization.read().is_some(),
        || view! { <p class="muted small"><CallLine key="questions" /></p> }.into_any(),
    )
}

#[component]
pub fn Left(told: bool) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Stage>
            <div class="says">
                <p class="sign ok"><Icon name=IconName::Check class="i large" /></p>
                <Heading key="left-title" />
                <p class="muted">{text.live("left-text")}</p>
                {(!told).then(|| view! { <p>{text.live("left-offline")}</p> })}
            </div>
            <Questions />
        </Stage>
    }
}

/// The server was not reached, or is in trouble itself.
#[component]
pub fn Trouble(why: ClientError) -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let words = Signal::derive(move || match &why {
        ClientError::Offline => text.say("offline"),
        ClientError::Problem(problem) => text.problem(problem.code),
        ClientError::Unexpected => text.say("unexpected"),
    });
    view! {
        <Stage>
            <div class="says">
                <p class="sign warn"><Icon name=IconName::Alert class="i large" /></p>
                <Heading key="trouble-title" />
                <p class="muted">{words}</p>
            </div>
            <Button look=Look::Primary icon=IconName::Refresh on_press=move || visit.again()>
                {text.live("try-again")}
            </Button>
            <Questions />
        </Stage>
    }
}
