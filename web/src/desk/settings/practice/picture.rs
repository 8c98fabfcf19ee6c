//! A small picture of the page that clients see, as it will look. Its words are the patients' own.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{Icon, IconName, Logo, wear_accent_on};

use super::PracticeForm;
use crate::desk::Desk;

#[component]
pub fn Picture(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let page = NodeRef::<html::Div>::new();
    let color = form.read(|draft| draft.accent_color.trim().to_ascii_lowercase());
    Effect::new(move || {
        if let Some(page) = page.get() {
            wear_accent_on(&page, Some(&*color.read()).filter(|color| !color.is_empty()).map(String::as_str));
        }
    });
    view! {
        <figure class="picture" aria-label=text.live("picture-label")>
            <figcaption class="tiny muted">{text.live("picture-label")}</figcaption>
            <div class="picture-page" node_ref=page>
                <div class="card picture-card">
                    <Who form=form />
                    <p class="strong">{text.live("pin-title")}</p>
                    <p class="small muted">
                        {move || text.say_with("pin-text", &[("organization", form.draft.read().name.as_str().into())])}
                    </p>
                    <span class="input picture-pin" aria-hidden="true">"••••"</span>
                    <span class="btn primary">
                        <Icon name=IconName::Lock />
                        {text.live("open-message")}
                    </span>
                    <Call form=form />
                </div>
                <p class="tiny muted picture-foot">
                    {move || {
                        let own = form.draft.with(|draft| draft.emergency_notice.trim().to_owned());
                        if own.is_empty() { text.say("emergency") } else { own }
                    }}
                </p>
            </div>
        </figure>
    }
}

#[component]
fn Who(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let desk = Desk::from_context();
    let name = form.read(|draft| draft.name.clone());
    let logo = form.known(|saved| saved.logo_url.clone());
    let sender = move || {
        let name = desk.gate.session.with(|s| s.as_ref().map(|s| s.user.name.clone())).unwrap_or_default();
        text.say_with("private-from", &[("sender", name.into())])
    };
    view! {
        <div class="org">
            <Logo url=logo name=name />
            <div class="grow">
                <p class="strong"><bdi>{name}</bdi></p>
                <p class="muted tiny">{sender}</p>
            </div>
        </div>
    }
}

#[component]
fn Call(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let phone = form.read(|draft| draft.phone.trim().to_owned());
    let words = move || {
        let phone = match phone.get() {
            none if none.is_empty() => text.say("the-practice"),
            phone => phone,
        };
        text.say_with("pin-forgotten", &[("phone", phone.into())])
    };
    view! { <p class="small muted">{words}</p> }
}
