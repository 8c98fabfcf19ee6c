//! How long links work, and what an ended one says.

use leptos::prelude::*;
use sealpost_shared::links::LinkLifetime;
use sealpost_web::text::Text;
use sealpost_web::ui::Segmented;

use super::SecureForm;
use crate::said::lifetime_key;
use crate::settings::form_page::FormSwitch;

#[component]
pub fn LinksPanel(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <section class="card panel">
            <h3>{text.live("links-title")}</h3>
            <Segmented
                name="link-lifetime"
                legend=text.live("links-lifetime")
                choices=LinkLifetime::ALL.map(|lifetime| (lifetime, text.live(lifetime_key(lifetime)))).to_vec()
                chosen=form.read(|draft| draft.lifetime)
                on_choose=move |lifetime| form.change("/link_lifetime", |draft| draft.lifetime = lifetime)
                hint=text.live("links-lifetime-hint")
            />
            <FormSwitch
                form=form
                id="long-links"
                label="pins-long-links"
                hint="pins-long-links-hint"
                pointer="/require_pin_over_24_hours"
                read=|draft| draft.require_pin_over_24_hours
                write=|draft, on| draft.require_pin_over_24_hours = on
            />
            <FormSwitch
                form=form
                id="hide-hint"
                label="links-hide-hint"
                hint="links-hide-hint-hint"
                pointer="/hide_hint"
                read=|draft| draft.hide_hint
                write=|draft, on| draft.hide_hint = on
            />
        </section>
    }
}
