//! Signing in where the practice wants a second step and there is none yet: it is set up before anything else.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName, Look};

use super::account::second_step::TurnOn;
use super::gate::{Gate, Out, Phase};

#[component]
pub fn Enrolling() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    Effect::new(move || document().set_title(&text.say("sign-in-title")));
    let beside = move || {
        view! {
            <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Out(Out::First))>
                {move || text.say("second-step-back")}
            </Button>
            <span class="grow"></span>
        }
    };
    view! {
        <main class="sign-in">
            <div class="card gate enrolling">
                <span class="mark" aria-hidden="true">
                    <Icon name=IconName::Lock />
                </span>
                <div class="setup-says">
                    <h1>{move || text.say("enrolling-heading")}</h1>
                    <p class="muted">{move || text.say("enrolling-what")}</p>
                </div>
                <TurnOn on_done=move |()| spawn_local(gate.ask()) done="enrolling-done" beside=beside signing_in=true />
            </div>
        </main>
    }
}
