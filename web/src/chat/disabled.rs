//! Too many wrong PINs for good: this link is off; a new one may help.

use leptos::prelude::*;
use sealpost_shared::links::RelinkOffer;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use super::frame::{Heading, Stage};
use super::relink::{Offer, Relink, WhereTo};

#[component]
pub fn Disabled(offer: Option<RelinkOffer>) -> impl IntoView {
    let text = Text::from_context();
    view! {
        <Relink offer=offer let:offer>
            <Stage>
                <div class="says">
                    <p class="sign warn"><Icon name=IconName::Lock class="i large" /></p>
                    <Heading key="disabled-title" />
                    <p class="muted">{text.live("disabled-text")} " " <WhereTo offer=offer /></p>
                </div>
                <Offer offer=offer />
            </Stage>
        </Relink>
    }
}
