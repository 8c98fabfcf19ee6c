//! Signing in where the practice wants a second step and there is none yet: it is set up before anything else.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName, Look, shown};

use super::account::new_passkey::EnrolPasskey;
use super::account::second_step::TurnOn;
use super::authenticator;
use super::gate::{Gate, Out, Phase};

#[component]
pub fn Enrolling() -> impl IntoView {
    let text = Text::from_context();
    let gate = Gate::from_context();
    Effect::new(move || document().set_title(&text.say("sign-in-title")));
    let by_passkey = RwSignal::new(false);
    let beside = move || {
        view! {
            <Button look=Look::Quiet on_press=move || gate.phase.set(Phase::Out(Out::First))>
                {move || text.say("second-step-back")}
            </Button>
            <span class="grow"></span>
            {authenticator::is_here()
                .then(|| {
                    let other = if by_passkey.get_untracked() { "enrolling-by-app" } else { "enrolling-by-passkey" };
                    view! {
                        <Button on_press=move || by_passkey.update(|by| *by = !*by)>{move || text.say(other)}</Button>
                    }
                })}
        }
    };
    let done = move |()| spawn_local(gate.ask());
    let way = shown(move || {
        if by_passkey.get() {
            view! { <EnrolPasskey on_done=done beside=beside /> }.into_any()
        } else {
            view! { <TurnOn on_done=done done="enrolling-done" beside=beside signing_in=true /> }.into_any()
        }
    });
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
                {way}
            </div>
        </main>
    }
}
