//! The text of a message: plain text with its line breaks, and links one can follow (security.md D28).

use leptos::prelude::*;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

/// Only `http` and `https`, only with a plain host that the reader sees: an address that hides its host
/// behind a user name (`https://clinic.example@evil.example`) or look-alike letters stays text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = link_start(rest) {
        let end = rest[start..].find(|c: char| c.is_whitespace() || "<>\"“”«»".contains(c));
        let end = end.map_or(rest.len(), |length| start + length);
        let link = trimmed(&rest[start..end]);
        if !has_plain_host(link) {
            out.push(Piece::Text(&rest[..end]));
            rest = &rest[end..];
            continue;
        }
        if start > 0 {
            out.push(Piece::Text(&rest[..start]));
        }
        out.push(Piece::Link(link));
        rest = &rest[start + link.len()..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

fn link_start(text: &str) -> Option<usize> {
    let first = |scheme: &str| text.find(scheme);
    [first("https://"), first("http://")].into_iter().flatten().min()
}

/// Without the sentence's own punctuation, and without a bracket that was opened before the link.
fn trimmed(link: &str) -> &str {
    let mut link = link;
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if inner.matches('(').count() < shorter.matches(')').count() => inner,
            _ => shorter,
        };
        if shorter.len() == link.len() {
            return link;
        }
        link = shorter;
    }
}

fn has_plain_host(link: &str) -> bool {
    let Some((_, rest)) = link.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    !authority.is_empty()
        && authority.starts_with(|c: char| c.is_ascii_alphanumeric())
        && authority.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
}

#[component]
pub fn MessageBody(#[prop(into)] text: String) -> impl IntoView {
    pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(link) => view! {
                <a href=link.to_owned() target="_blank" rel="noopener noreferrer">
                    {link.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Text};
    use super::pieces;

    #[test]
    fn web_addresses_become_links_without_the_punctuation_around_them() {
        assert_eq!(
            pieces("See https://clinic.example/visit?a=1. Or (http://x.example/a_(b)), ok?"),
            [
                Text("See "),
                Link("https://clinic.example/visit?a=1"),
                Text(". Or ("),
                Link("http://x.example/a_(b)"),
                Text("), ok?"),
            ]
        );
        assert_eq!(pieces("https://a.example"), [Link("https://a.example")]);
        assert_eq!(pieces("no link"), [Text("no link")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn addresses_that_hide_their_host_and_other_schemes_stay_text() {
        for text in [
            "https://clinic.example@evil.example/",
            "https://cl\u{456}nic.example/",
            "https://",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:///x",
        ] {
            assert_eq!(pieces(text), [Text(text)], "{text}");
        }
    }
}
