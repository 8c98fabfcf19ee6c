//! What goes out on the other channel when the first one fails.

use leptos::prelude::*;
use sealpost_web::text::Text;

use super::SendingForm;
use crate::settings::form_page::FormSwitch;

const POINTER: &str = "/fallback";

#[component]
pub fn FallbackPanel(form: SendingForm) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("sending-fallback")}</h3>
            <FormSwitch
                form=form
                id="sending-fallback-email"
                label="sending-fallback-email-on"
                hint="sending-fallback-email-hint"
                pointer=POINTER
                read=|draft| draft.fallback.to_email
                write=|draft, on| draft.fallback.to_email = on
            />
            <FormSwitch
                form=form
                id="sending-fallback-sms"
                label="sending-fallback-sms-on"
                hint="sending-fallback-sms-hint"
                pointer=POINTER
                read=|draft| draft.fallback.to_sms
                write=|draft, on| draft.fallback.to_sms = on
            />
            <FormSwitch
                form=form
                id="sending-fallback-plain"
                label="sending-fallback-plain-on"
                hint="sending-fallback-plain-hint"
                pointer=POINTER
                read=|draft| draft.fallback.plain
                write=|draft, on| draft.fallback.plain = on
            />
            <p class="muted small">{text.live("sending-fallback-not")}</p>
        </section>
    }
}
