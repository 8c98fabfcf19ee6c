//! This link is off: too many wrong PINs, which a new one mends, or something that only the practice can mend.

use leptos::prelude::*;
use sealpost_shared::links::RelinkOffer;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use super::frame::{CallLine, Heading, Stage};
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
                    <p class="muted">
                        {match offer.with_value(Option::is_some) {
                            true => view! { {text.live("disabled-text")} " " <WhereTo offer=offer /> }.into_any(),
                            false => view! { <CallLine key="disabled-call" /> }.into_any(),
                        }}
                    </p>
                </div>
                <Offer offer=offer />
            </Stage>
        </Relink>
    }
}
