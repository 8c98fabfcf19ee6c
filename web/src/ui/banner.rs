//! A line of news above or inside the content.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Info,
    Warn,
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "banner",
            Self::Warn => "banner warn",
            Self::Bad => "banner bad",
        }
    }
}

/// Announced once, politely; an alert when something failed.
#[component]
pub fn Banner(
    #[prop(default = Tone::Info)] tone: Tone,
    #[prop(optional, into)] icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=tone.class() role=role>
            {icon.map(|name| view! { <Icon name=name /> })}
            <div class="banner-body">{children()}</div>
        </div>
    }
}
