//! How long links work, and what an ended one says.

use leptos::prelude::*;
use sealpost_shared::links::LinkLifetime;
use sealpost_web::text::Text;
use sealpost_web::ui::{Segmented, Switch};

use super::SecureForm;
use crate::said::lifetime_key;
use crate::settings::frame::on_off;

#[component]
pub fn LinksPanel(form: SecureForm) -> impl IntoView {
    let text = Text::from_context();
    let hide_hint = form.read(|draft| draft.hide_hint);
    let long_links = form.read(|draft| draft.require_pin_over_24_hours);
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
            <Switch
                id="long-links"
                label=text.live("pins-long-links")
                hint=text.live("pins-long-links-hint")
                on=long_links
                state=on_off(text, long_links)
                on_change=move |on| {
                    form.change("/require_pin_over_24_hours", |draft| draft.require_pin_over_24_hours = on);
                }
            />
            <Switch
                id="hide-hint"
                label=text.live("links-hide-hint")
                hint=text.live("links-hide-hint-hint")
                on=hide_hint
                state=on_off(text, hide_hint)
                on_change=move |on| form.change("/hide_hint", |draft| draft.hide_hint = on)
            />
        </section>
    }
}
