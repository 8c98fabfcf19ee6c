//! One tap opens the message: a program that only follows links (a mail scanner, a preview) does not.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sealpost_web::client::patient;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, IconName, Look};

use super::frame::{CallLine, Heading, Stage};
use super::visit::Visit;

#[component]
pub fn Gate() -> impl IntoView {
    let (visit, text) = (Visit::from_context(), Text::from_context());
    let busy = RwSignal::new(false);
    let open = move || {
        busy.set(true);
        let turn = visit.this_turn();
        spawn_local(async move {
            let answer = patient::enter(&visit.token()).await;
            if visit.is_turn(turn) {
                match answer {
                    Ok(entered) => visit.entered(entered),
                    Err(error) => visit.refused(error),
                }
            }
        });
    };
    let sentence = Signal::derive(move || {
        let name = visit.organization.read().as_ref().map(|card| card.name.as_str().to_owned());
        text.say_with("gate-text", &[("organization", name.unwrap_or_default().into())])
    });
    view! {
        <Stage>
            <div class="says">
                <Heading key="gate-title" />
                <p class="muted">{sentence}</p>
            </div>
            <Button look=Look::Primary icon=IconName::Lock disabled=busy on_press=open>
                {text.live("open-message")}
            </Button>
            <p class="muted small"><CallLine key="questions" /></p>
        </Stage>
    }
}
