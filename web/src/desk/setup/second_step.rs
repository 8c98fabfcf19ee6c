//! The second page: a second step for signing in, or what is on already.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::client::staff;
use sealpost_web::text::Text;
use sealpost_web::ui::{Banner, Button, IconName, Look, Tone};

use super::Wizard;
use super::frame::{BackLink, Foot, StepPage};
use crate::account::second_step::TurnOn;
use crate::view::Step;

const STEP: Step = Step::SecondStep;

#[component]
pub fn SecondStep() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let gate = wizard.desk.gate;
    let on_already = gate.session.with_untracked(|s| s.as_ref().is_some_and(|s| s.has_second_step));
    let done = move || {
        spawn_local(async move {
            if let Ok(session) = gate.hear(staff::session().await) {
                gate.session.try_set(Some(session));
            }
        });
        wizard.onward(STEP);
    };
    let beside = move || {
        view! {
            <BackLink step=STEP />
            <span class="grow"></span>
            <Button look=Look::Quiet on_press=move || wizard.skip(STEP)>{move || text.say("setup-skip")}</Button>
        }
    };
    view! {
        <StepPage step=STEP>
            {if on_already {
                view! {
                    <Banner tone=Tone::Info icon=IconName::Check>{move || text.say("second-on")}</Banner>
                    <Foot step=STEP on="setup-next" on_press=move || wizard.onward(STEP) />
                }
                    .into_any()
            } else {
                view! { <TurnOn on_done=done done="setup-next" beside=beside /> }.into_any()
            }}
        </StepPage>
    }
}
