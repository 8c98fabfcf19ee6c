//! The text of a message: plain text with its line breaks, and links one can follow (security.md D28).

use leptos::prelude::*;
use sealpost_shared::autolink::{Piece, pieces};

/// A link reads from left to right whatever stands around it, so that its host is where people look for it.
#[component]
pub fn MessageBody(#[prop(into)] text: String) -> impl IntoView {
    pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(link) => view! {
                <a href=link.to_owned() dir="ltr" target="_blank" rel="noopener noreferrer">
                    {link.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect_view()
}
