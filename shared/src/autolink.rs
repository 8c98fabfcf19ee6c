//! Web addresses in what people write (security.md D28): messages are plain text, and what can be followed is
//! what the reader sees. No part of a message is left out, changed or moved by this.

use crate::text::is_hidden;

/// A piece of a message. Put together again, all pieces are the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

impl<'a> Piece<'a> {
    pub const fn as_str(&self) -> &'a str {
        match *self {
            Self::Text(text) | Self::Link(text) => text,
        }
    }
}

/// Only `http` and `https`, only with a plain host in front that the reader sees: an address that hides its host
/// behind a user name (`https://clinic.example@evil.example`), in look-alike letters or in a number stays text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut written, mut at) = (0, 0);
    while let Some(start) = next_scheme(text, at) {
        let length = text[start..].find(ends_address).unwrap_or(text.len() - start);
        let link = trimmed(&text[start..start + length]);
        if !is_safe(link) || joined_to_a_word(&text[..start]) {
            at = start + length;
            continue;
        }
        if start > written {
            out.push(Piece::Text(&text[written..start]));
        }
        out.push(Piece::Link(link));
        written = start + link.len();
        at = written;
    }
    if written < text.len() {
        out.push(Piece::Text(&text[written..]));
    }
    out
}

const SCHEMES: [&str; 2] = ["https://", "http://"];

fn scheme_at(text: &[u8]) -> Option<&'static str> {
    let starts =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme.as_bytes()));
    SCHEMES.into_iter().find(|scheme| starts(scheme))
}

/// Where the next address may begin. Schemes are ASCII, so this is where a character begins, too.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find(|at| matches!(bytes[*at], b'h' | b'H') && scheme_at(&bytes[*at..]).is_some())
}

fn joined_to_a_word(before: &str) -> bool {
    before.as_bytes().last().is_some_and(u8::is_ascii_alphanumeric)
}

/// White space, quotes and brackets that no address holds as they are, and marks nobody sees: those could turn
/// what is shown around.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "<>\"`{}|^\\“”„«»‹›".contains(c) || is_hidden(c)
        // Variants of the letter before.
        || matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Without the sentence's own punctuation, and without a bracket that was opened before the link.
fn trimmed(link: &str) -> &str {
    let mut link = link;
    // Counted once: a message may be nothing but brackets.
    let surplus = |open, close| link.matches(close).count().saturating_sub(link.matches(open).count());
    let mut brackets = [(')', surplus('(', ')')), (']', surplus('[', ']'))];
    loop {
        let mut shorter =
            link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '’', '…', '。']);
        for (close, surplus) in &mut brackets {
            if *surplus > 0
                && let Some(inner) = shorter.strip_suffix(*close)
            {
                *surplus -= 1;
                shorter = inner;
            }
        }
        if shorter.len() == link.len() {
            return link;
        }
        link = shorter;
    }
}

/// A host that is what it looks like, and perhaps a port; then a path, a query or a fragment of anything.
fn is_safe(link: &str) -> bool {
    let Some(scheme) = scheme_at(link.as_bytes()) else { return false };
    let rest = &link[scheme.len()..];
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    is_plain_host(host) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.len() <= 5
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// ASCII, as it would be looked up: a name in other letters is written by many in letters that look alike, and
/// one in `xn--` is shown as it is. Numbers only as four of them; others are read by browsers in ways nobody
/// expects.
fn is_plain_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    if host.len() > 253 || !labels.iter().all(|label| is_label(label)) {
        return false;
    }
    let number = last.bytes().all(|b| b.is_ascii_digit())
        || last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    if number {
        let plain = |label: &str| label.parse::<u8>().is_ok_and(|value| value.to_string() == label);
        return labels.len() == 4 && labels.iter().all(|label| plain(label));
    }
    labels.len() > 1 || host.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Piece::{Link, Text};
    use super::*;

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
        for (text, link) in [
            ("https://a.example", "https://a.example"),
            ("HTTPS://A.example/B", "HTTPS://A.example/B"),
            ("[https://a.example/x]", "https://a.example/x"),
            ("https://a.example/[x]!?", "https://a.example/[x]"),
            ("“https://a.example/x”", "https://a.example/x"),
            ("*https://a.example/x*", "https://a.example/x"),
            ("https://a.example:8443/x#y.", "https://a.example:8443/x#y"),
            ("https://192.0.2.7/", "https://192.0.2.7/"),
            ("http://localhost:8080/m", "http://localhost:8080/m"),
            ("https://xn--80ak6aa92e.example/", "https://xn--80ak6aa92e.example/"),
            ("https://a.example/ä/я", "https://a.example/ä/я"),
            ("https://a.example/@me", "https://a.example/@me"),
            // What turns the text around ends the address.
            ("https://a.example/x\u{202e}gnp.exe", "https://a.example/x"),
            ("https://a.example/x\u{200b}y", "https://a.example/x"),
            ("https://a.example\\@evil.example", "https://a.example"),
        ] {
            let links: Vec<_> = pieces(text).into_iter().filter(|piece| matches!(piece, Link(_))).collect();
            assert_eq!(links, [Link(link)], "{text}");
        }
        assert_eq!(pieces("no link"), [Text("no link")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn addresses_that_hide_their_host_and_other_schemes_stay_text() {
        for text in [
            "https://clinic.example@evil.example/",
            "https://clinic.example:443@evil.example/",
            "https://user:word@evil.example/",
            "https://clinic.example%40evil.example/",
            "https://clinic%2eexample/",
            "https://cl\u{456}nic.example/",
            "https://clinic.example\u{ff0f}evil.example/",
            "https://clinic.example\u{3002}evil.example/",
            "https://clinic\u{200b}.example/",
            "https://\u{202e}elpmaxe.cinilc/",
            "https://3232235777/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://0177.0.0.1/",
            "https://256.1.1.1/",
            "https://a.0x7f/",
            "https://[::1]/",
            "https://clinic/",
            "https://-a.example/",
            "https://a..example/",
            "https://a_b.example/",
            "https://a.example:port/",
            "https://a.example:80:90/",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://",
            "https://.",
            "https:///x.example",
            "https:\\\\a.example",
            "https:a.example",
            "javascript:alert(1)",
            "javascript://a.example/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://a.example/",
            "tel:911",
            "mailto:a@b.example",
            "intent://a.example/",
            "xhttps://a.example/",
        ] {
            assert_eq!(pieces(text), [Text(text)], "{text}");
        }
    }

    /// Texts with much of what addresses are made of.
    fn texts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => "[a-z]{1,3}",
            2 => Just("https://".to_owned()),
            1 => Just("HTTP://".to_owned()),
            3 => Just("a.example".to_owned()),
            4 => "[.,:;/?#@%()\\[\\]\\\\<>\"' \n-]",
            1 => "[0-9]{1,4}",
            1 => any::<char>().prop_map(String::from),
            1 => "[\u{200b}\u{202e}\u{2066}\u{ff0f}\u{456}]",
        ];
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_moved(text in texts()) {
            let whole: String = pieces(&text).iter().map(Piece::as_str).collect();
            prop_assert_eq!(whole, text);
        }

        #[test]
        fn a_browser_goes_where_the_reader_sees(text in texts()) {
            for piece in pieces(&text) {
                let Link(link) = piece else { continue };
                let url = url::Url::parse(link).expect("an address");
                prop_assert!(matches!(url.scheme(), "http" | "https"));
                prop_assert!(url.username().is_empty() && url.password().is_none());
                let shown = link.split_once("://").expect("a scheme").1;
                let shown = shown.split(['/', '?', '#', ':']).next().expect("a host");
                prop_assert_eq!(url.host_str().expect("a host"), shown.to_ascii_lowercase());
                prop_assert!(!link.chars().any(|c| is_hidden(c) || c.is_control() || c.is_whitespace()));
            }
        }

        #[test]
        fn prop_sanitise_idempotent(text in texts()) {
            for piece in pieces(&text) {
                if let Link(link) = piece {
                    prop_assert_eq!(pieces(link), vec![Link(link)]);
                }
            }
        }
    }
}
