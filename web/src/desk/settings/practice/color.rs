//! The practice's colour, with how well white words can be read on it.

use leptos::html;
use leptos::prelude::*;
use sealpost_web::text::Text;
use sealpost_web::ui::{
    Button, ENOUGH_CONTRAST, Entry, EntryNode, Icon, IconName, contrast_with_white, readable, shown_when,
};

use super::PracticeForm;

/// What stands on the page while no colour is chosen; `--brand` in tokens.css.
const HOUSE_COLOR: &str = "#0f6e6e";

#[component]
pub fn ColorPanel(form: PracticeForm) -> impl IntoView {
    let text = Text::from_context();
    let typed = form.read(|draft| draft.accent_color.clone());
    let set = move |color: String| form.change("/accent_color", |draft| draft.accent_color = color);
    // A colour field cannot be empty; it shows the house colour then.
    let picked = Signal::derive(move || {
        let color = typed.get().trim().to_ascii_lowercase();
        if contrast_with_white(&color).is_some() { color } else { HOUSE_COLOR.to_owned() }
    });
    view! {
        <section class="card panel">
            <h3>{text.live("color-title")}</h3>
            <div class="color-line">
                <input
                    type="color"
                    class="color-well"
                    aria-label=text.live("color-pick")
                    prop:value=picked
                    on:input=move |event| set(event_target_value(&event))
                />
                <Entry
                    id="practice-color"
                    label=text.live("color-code")
                    value=typed
                    on_input=set
                    error=form.saving.error_at("/accent_color")
                    described="color-contrast"
                    placeholder=Signal::stored(HOUSE_COLOR.to_owned())
                    verbatim=true
                    node=EntryNode::Line(NodeRef::<html::Input>::new())
                />
                {shown_when(
                    move || !typed.read().is_empty(),
                    move || {
                        view! {
                            <Button small=true on_press=move || set(String::new())>{text.live("color-house")}</Button>
                        }
                        .into_any()
                    },
                )}
            </div>
            <Contrast color=picked on_use=set />
        </section>
    }
}

/// The figure and what it means; and a darker shade of the same colour where it is not enough.
#[component]
fn Contrast(color: Signal<String>, #[prop(into)] on_use: Callback<String>) -> impl IntoView {
    let text = Text::from_context();
    let ratio = Memo::new(move |_| contrast_with_white(&color.read()).unwrap_or(1.0));
    let good = Memo::new(move |_| ratio.get() >= ENOUGH_CONTRAST);
    let words = move || {
        // Cut, not rounded: 4.49 is not 4.5.
        let figure = format!("{:.1}", (ratio.get() * 10.0).floor() / 10.0);
        text.say_with(if good.get() { "color-good" } else { "color-faint" }, &[("ratio", figure.into())])
    };
    view! {
        <div class="contrast" id="color-contrast" role="status">
            {move || match good.get() {
                true => view! { <span class="ok"><Icon name=IconName::Check /></span> }.into_any(),
                false => view! { <span class="warn"><Icon name=IconName::Alert /></span> }.into_any(),
            }}
            <p class="small">{words}</p>
        </div>
        {shown_when(
            move || !good.get(),
            move || {
                let darker = readable(&color.get());
                darker
                    .map(|darker| {
                        let wanted = darker.clone();
                        view! {
                            <div class="row">
                                <Button small=true on_press=move || on_use.run(wanted.clone())>
                                    {text.say_with("color-darker", &[("color", darker.into())])}
                                </Button>
                            </div>
                        }
                    })
                    .into_any()
            },
        )}
    }
}
