//! What a text message costs: GSM 03.38's alphabet fits 160 characters into a segment, anything outside
//! of it makes the whole message UCS-2 with 70.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Behind an escape: these count twice.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Gateways take no text of more than 1,600 characters; ten segments are below that in either alphabet.
const SEGMENTS_MAX: usize = 10;

/// Whether what somebody wrote can travel as one text message.
pub fn fits_a_text(text: &str) -> bool {
    segments(text) <= SEGMENTS_MAX
}

/// How many segments a message takes.
pub fn segments(text: &str) -> usize {
    match septets(text) {
        Some(length @ 0..=160) => usize::from(length > 0),
        Some(_) => split(text.chars().map(|letter| septets_of(letter).unwrap_or(1)), 153),
        None => match text.encode_utf16().count() {
            0..=70 => 1,
            _ => split(text.chars().map(char::len_utf16), 67),
        },
    }
}

/// The text in GSM's alphabet where every character has a likeness in it, else the text as it is: half a
/// transliteration would cost the same and read worse. For notices, not for what people wrote.
pub fn fit(text: &str) -> String {
    if septets(text).is_some() {
        return text.to_owned();
    }
    let fitted: String = text.nfc().map(likeness).collect();
    if septets(&fitted).is_some() { fitted } else { text.to_owned() }
}

/// Characters that count twice are not torn apart over two segments.
fn split(lengths: impl Iterator<Item = usize>, room: usize) -> usize {
    let mut segments = 1;
    let mut used = 0;
    for length in lengths {
        if used + length > room {
            segments += 1;
            used = 0;
        }
        used += length;
    }
    segments
}

fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

fn septets_of(letter: char) -> Option<usize> {
    if BASIC.contains(letter) {
        Some(1)
    } else if EXTENSION.contains(letter) {
        Some(2)
    } else {
        None
    }
}

fn likeness(letter: char) -> String {
    if septets_of(letter).is_some() {
        return letter.to_string();
    }
    let known = match letter {
        '‘' | '’' | '‚' | '‛' | 'ʼ' | '′' | '`' | '´' => "'",
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '–' | '—' | '‒' | '―' | '‐' | '‑' | '−' | '·' | '•' => "-",
        '…' => "...",
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' => " ",
        'Œ' => "OE",
        'œ' => "oe",
        'Ł' => "L",
        'ł' => "l",
        'Đ' | 'Ð' => "D",
        'đ' | 'ð' => "d",
        'Þ' => "Th",
        'þ' => "th",
        'ı' => "i",
        'ẞ' => "SS",
        '™' => "TM",
        '®' => "(R)",
        '©' => "(C)",
        _ => "",
    };
    if known.is_empty() {
        letter.nfkd().filter(|part| !is_combining_mark(*part)).collect()
    } else {
        known.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_gsm7_ucs2() {
        for (text, wanted) in [
            (String::new(), 0),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            // 152 and one that counts twice: the last does not fit the first segment.
            (format!("{}€{}", "a".repeat(152), "a".repeat(152)), 3),
            ("ñ".repeat(160), 1),
            ("á".repeat(70), 1),
            ("á".repeat(71), 2),
            ("á".repeat(134), 2),
            ("á".repeat(135), 3),
            ("🐱".repeat(35), 1),
            ("🐱".repeat(36), 2),
            // 67 is odd: a pair is not torn apart.
            ("🐱".repeat(66), 2),
            ("🐱".repeat(67), 3),
        ] {
            assert_eq!(segments(&text), wanted, "{} × {:?}", text.chars().count(), text.chars().next());
        }
    }

    #[test]
    fn names_are_written_in_the_small_alphabet_where_they_can_be() {
        for (text, wanted) in [
            ("Clínica São José", "Clinica Sao José"),
            ("Dr. Łukasz O’Neill – “Œuvre”…", "Dr. Lukasz O'Neill - \"OEuvre\"..."),
            ("Ñandú & Søren", "Ñandu & Søren"),
            ("Cli\u{301}nica", "Clinica"),
            ("Клиника", "Клиника"),
            ("診療所 Café", "診療所 Café"),
        ] {
            assert_eq!(fit(text), wanted);
        }
    }

    #[test]
    fn the_default_notice_is_one_segment_and_two_at_the_longest() {
        let text = |name: &str| {
            let fields = crate::templates::NoticeFields {
                user_name: "Amy Lee",
                organization_name: name,
                organization_phone: None,
                secure_link: "https://msg.riverside.example/m#0123456789abcdefABCDEF",
            };
            crate::templates::render_notice(crate::templates::DEFAULT_SMS_BODY, &fields).expect("a text")
        };
        assert_eq!(segments(&text("Riverside Family Clinic")), 1);
        assert_eq!(segments(&text(&"N".repeat(100))), 2);
    }
}
