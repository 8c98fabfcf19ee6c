//! The button.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use super::shown::mark;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Plain,
    /// The one thing to do here.
    Primary,
    Quiet,
    Danger,
    /// An icon in a circle; needs a `label`.
    Round,
    RoundPrimary,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "btn",
            Self::Primary => "btn primary",
            Self::Quiet => "btn quiet",
            Self::Danger => "btn danger",
            Self::Round => "btn round quiet",
            Self::RoundPrimary => "btn round primary",
        }
    }
}

/// `disabled` keeps the button in the tab order (`aria-disabled`), so that focus does not get lost when
/// it turns off under somebody's finger; presses are ignored meanwhile.
#[component]
pub fn Button(
    #[prop(default = Look::Plain)] look: Look,
    #[prop(optional, into)] icon: Option<IconName>,
    /// The accessible name where the content is an icon alone.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    /// In a form: sends it. `on_press` may be left out then.
    #[prop(optional)]
    submit: bool,
    /// Compact, for the desk; patients get 44 px.
    #[prop(optional)]
    small: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    #[prop(optional)] node_ref: NodeRef<html::Button>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <button
            node_ref=node_ref
            type=if submit { "submit" } else { "button" }
            class=look.class()
            class:small=small
            aria-label=label
            title=label
            aria-pressed=pressed.map(|pressed| Signal::derive(move || if pressed.get() { "true" } else { "false" }))
            aria-disabled=mark(move || disabled.get())
            on:click=move |event| {
                if disabled.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {children.map(|children| children())}
        </button>
    }
}
