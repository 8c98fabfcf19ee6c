//! What is left of setting up, on the home screen until it is done or put away.

use leptos::prelude::*;
use sealpost_web::client::setup;
use sealpost_web::text::Text;
use sealpost_web::ui::{Button, Icon, IconName, Look};

use super::desk::Desk;
use super::view::{Place, Step, left_to_do};

const fn line_of(step: Step) -> (IconName, &'static str) {
    match step {
        Step::Admin => (IconName::User, "left-admin"),
        Step::SecondStep => (IconName::Lock, "left-second"),
        Step::Practice => (IconName::Phone, "left-practice"),
        Step::Address => (IconName::Cog, "left-address"),
        Step::Sms => (IconName::Phone, "left-texts"),
        Step::Email => (IconName::Mail, "left-email"),
        Step::Invitations => (IconName::Plus, "left-people"),
        Step::FirstMessage => (IconName::Send, "left-first"),
    }
}

#[component]
pub fn Checklist() -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let left =
        Memo::new(move |_| desk.setup.with(|setup| setup.as_ref().map(left_to_do).unwrap_or_default()));
    let put_away = move || {
        desk.act(setup::dismiss(), move |fresh| {
            desk.setup.try_set(Some(fresh));
        });
    };
    view! {
        <Show when=move || !left.with(Vec::is_empty)>
            <section class="checklist card" aria-labelledby="checklist-title">
                <h3 id="checklist-title">{move || text.say("left-title")}</h3>
                <ul>
                    {move || {
                        left.get()
                            .into_iter()
                            .map(|step| {
                                let (icon, key) = line_of(step);
                                view! {
                                    <li>
                                        <a href=Place::Setup(Some(step)).path()>
                                            <Icon name=icon />
                                            <span class="grow">{text.say(key)}</span>
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <Button small=true look=Look::Quiet on_press=put_away>{move || text.say("left-put-away")}</Button>
            </section>
        </Show>
    }
}
