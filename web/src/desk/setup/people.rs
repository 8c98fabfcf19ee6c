//! Colleagues, a row each. Those who could not be invited stay in the form, with the reason.

use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Look};

use super::Wizard;
use super::frame::{BackLink, StepPage};
use crate::people::rows::{InviteRows, Rows};
use crate::people::sent::SentList;
use crate::view::Step;

const STEP: Step = Step::Invitations;

#[component]
pub fn People() -> impl IntoView {
    let text = Text::from_context();
    let wizard = Wizard::from_context();
    let rows = Rows::new();
    let go_on = move || {
        if rows.is_empty() {
            // Nobody to invite is an answer, too.
            if wizard.is_done(STEP) || !rows.sent.with_untracked(Vec::is_empty) {
                wizard.onward(STEP);
            } else {
                wizard.skip(STEP);
            }
        } else {
            rows.invite(Callback::new(move |()| {
                // A link to hand over is shown once: whoever goes on now would not have it.
                if !rows.has_links() {
                    wizard.onward(STEP);
                }
            }));
        }
    };
    view! {
        <StepPage step=STEP>
            <form
                class="setup-form"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    go_on();
                }
            >
                <SentList sent=rows.sent />
                <InviteRows rows=rows />
                <div class="setup-foot">
                    <BackLink step=STEP />
                    <span class="grow"></span>
                    <Button look=Look::Quiet on_press=move || wizard.skip(STEP)>{move || text.say("setup-skip")}</Button>
                    <Button look=Look::Primary submit=true disabled=rows.busy>
                        {move || text.say(rows.word_on())}
                    </Button>
                </div>
            </form>
        </StepPage>
    }
}
