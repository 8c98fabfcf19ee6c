//! Who was invited just now; where there is no email, with the link to hand over, which is shown once.

use leptos::prelude::*;
use sealpost_shared::invitations::Invitation;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName};

use crate::copy::ShownOnce;

#[component]
pub fn SentList(sent: RwSignal<Vec<Invitation>>) -> impl IntoView {
    view! {
        <ul class="sent-list" aria-live="polite">
            <For each=move || sent.get() key=|invitation| invitation.id let:invitation>
                <Sent invitation=invitation />
            </For>
        </ul>
    }
}

#[component]
fn Sent(invitation: Invitation) -> impl IntoView {
    let text = Text::from_context();
    let name = invitation.name.as_str().to_owned();
    let email = invitation.email.as_str().to_owned();
    let key = if invitation.link.is_some() { "invite-hand-over" } else { "invite-on-its-way" };
    let says = text.say_with(key, &[("name", name.into()), ("email", email.into())]);
    view! {
        <li class="sent">
            <Icon name=IconName::Check />
            <div class="grow">
                <p>{says}</p>
                {invitation.link.map(|link| view! { <ShownOnce what=link /> })}
            </div>
        </li>
    }
}
