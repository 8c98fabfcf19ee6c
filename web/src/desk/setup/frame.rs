//! What stands around every page of the first start: how far one is, what the page is for, and the ways on,
//! past it and back.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look};

use super::Wizard;
use crate::view::{Place, Step, step_before, step_number};

/// A page's title, and what it is for.
const fn words_of(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Admin => ("setup-you", "setup-you-what"),
        Step::SecondStep => ("setup-second", "setup-second-what"),
        Step::Practice => ("setup-practice", "setup-practice-what"),
        Step::Address => ("setup-address", "setup-address-what"),
        Step::Sms => ("setup-texts", "setup-texts-what"),
        Step::Email => ("setup-email", "setup-email-what"),
        Step::Invitations => ("setup-people", "setup-people-what"),
        Step::FirstMessage => ("setup-first", "setup-first-what"),
    }
}

#[component]
pub fn StepPage(step: Step, children: Children) -> impl IntoView {
    let text = Text::from_context();
    let (title, what) = words_of(step);
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let count = move || {
        let values = [("n", step_number(step).into()), ("all", Step::ALL.len().into())];
        text.say_with("setup-count", &values)
    };
    view! {
        <div class="setup-says">
            <p class="setup-count small">{count}</p>
            <h1 tabindex="-1" node_ref=heading>{move || text.say(title)}</h1>
            <p class="muted">{move || text.say(what)}</p>
        </div>
        {children()}
    }
}

/// The ways on, past the page and back. In a form the way on sends it.
#[component]
pub fn Foot(
    step: Step,
    #[prop(default = "setup-on")] on: &'static str,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    /// There is something to skip.
    #[prop(optional)]
    skip: bool,
) -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let on_word = move || text.say(if busy.get() { "setup-busy" } else { on });
    view! {
        <div class="setup-foot">
            <BackLink step=step />
            <span class="grow"></span>
            {skip
                .then(|| {
                    view! {
                        <Button look=Look::Quiet on_press=move || wizard.skip(step)>
                            {move || text.say("setup-skip")}
                        </Button>
                    }
                })}
            {match on_press {
                Some(act) => {
                    view! { <Button look=Look::Primary disabled=busy on_press=act>{on_word}</Button> }.into_any()
                }
                None => view! { <Button look=Look::Primary disabled=busy submit=true>{on_word}</Button> }.into_any(),
            }}
        </div>
    }
}

#[component]
pub fn BackLink(step: Step) -> impl IntoView {
    let text = Text::from_context();
    step_before(step).map(|before| {
        view! {
            <a class="btn quiet" href=Place::Setup(Some(before)).path()>
                {move || text.say("setup-back")}
            </a>
        }
    })
}
