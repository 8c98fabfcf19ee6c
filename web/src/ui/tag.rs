//! A short word in a pill. Its colour always comes with words.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TagTone {
    #[default]
    Accent,
    Plain,
    Warn,
    Bad,
    Good,
}

impl TagTone {
    const fn class(self) -> &'static str {
        match self {
            Self::Accent => "tag",
            Self::Plain => "tag plain",
            Self::Warn => "tag warn",
            Self::Bad => "tag bad",
            Self::Good => "tag good",
        }
    }
}

#[component]
pub fn Tag(
    #[prop(default = TagTone::Accent)] tone: TagTone,
    #[prop(optional, into)] icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.class()>{icon.map(|name| view! { <Icon name=name /> })} {children()}</span> }
}
