//! The link has ended by its time; a new one may be a tap away.

use leptos::prelude::*;
use sealpost_shared::links::RelinkOffer;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use super::frame::{Heading, Stage};
use super::relink::{Offer, Relink, WhereTo};

#[component]
pub fn Expired(offer: Option<RelinkOffer>) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Relink offer=offer let:offer>
            <Stage>
                <div class="says">
                    <p class="sign warn"><Icon name=IconName::Clock class="i large" /></p>
                    <Heading key="expired-title" />
                    <p class="muted">{text.live("expired-text")} " " <WhereTo offer=offer /></p>
                </div>
                <Offer offer=offer />
            </Stage>
        </Relink>
    }
}
