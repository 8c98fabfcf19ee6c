//! The link has ended by its time; a new one may be a tap away.

use leptos::prelude::*;
use sealpost_shared::links::{LinkLifetime, RelinkOffer};
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use super::frame::{Heading, Stage};
use super::relink::{Offer, Relink, WhereTo};

#[component]
pub fn Expired(offer: Option<RelinkOffer>, lifetime: Option<LinkLifetime>) -> impl IntoView {
    let text = Text::from_context();
    let ended = match lifetime {
        Some(LinkLifetime::Hours24) => "expired-24-hours",
        Some(LinkLifetime::Days10) => "expired-10-days",
        Some(LinkLifetime::Months6) => "expired-6-months",
        Some(LinkLifetime::Year1) => "expired-1-year",
        None => "expired-text",
    };
    view! {
        <Relink offer=offer let:offer>
            <Stage>
                <div class="says">
                    <p class="sign warn"><Icon name=IconName::Clock class="i large" /></p>
                    <Heading key="expired-title" />
                    <p class="muted">{text.live(ended)} " " <WhereTo offer=offer /></p>
                </div>
                <Offer offer=offer />
            </Stage>
        </Relink>
    }
}
