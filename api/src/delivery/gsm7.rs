//! What a text message costs: GSM 03.38's alphabet fits 160 characters into a segment, anything outside
//! of it makes the whole message UCS-2 with 70.

use sealpost_shared::settings::{SmsEncoding, SmsPreview};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Behind an escape: these count twice.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// A notice is at most two segments long (security.md D29).
pub const NOTICE_SEGMENTS_MAX: u32 = 2;

/// Gateways take no text of more than 1,600 characters; ten segments are below that in either alphabet.
const SEGMENTS_MAX: u32 = 10;

/// Whether what somebody wrote can travel as one text message.
pub fn fits_a_text(text: &str) -> bool {
    measure(text).segments <= SEGMENTS_MAX
}

/// What a message costs, counted as the gateway counts.
pub fn measure(text: &str) -> SmsPreview {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let lengths: Option<Vec<usize>> = text.chars().map(septets_of).collect();
    let (encoding, lengths, alone, shared) = match lengths {
        Some(lengths) => (SmsEncoding::Gsm7, lengths, 160, 153),
        None => (SmsEncoding::Ucs2, text.chars().map(char::len_utf16).collect(), 70, 67),
    };
    let units = lengths.iter().sum();
    let per_segment = if units <= alone { alone } else { shared };
    let (segments, left) = split(&lengths, per_segment);
    SmsPreview {
        body: text.to_owned(),
        characters: number(text.chars().count()),
        encoding,
        units: number(units),
        per_segment: number(per_segment),
        segments: number(segments),
        left: number(left),
        not_gsm7: outside(text),
    }
}

/// The characters that no septet stands for, each once.
fn outside(text: &str) -> Vec<String> {
    let mut outside: Vec<String> =
        text.chars().filter(|letter| septets_of(*letter).is_none()).map(String::from).collect();
    outside.sort_unstable();
    outside.dedup();
    outside
}

/// Said of a name without one (security.md D29).
pub const NO_LIKENESS: &str =
    "has letters that text messages would double in price and length; write it in Latin letters";

/// Whether a text message can spell this without leaving GSM's alphabet.
pub fn has_likeness(text: &str) -> bool {
    septets(&fit(text)).is_some()
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

/// How many segments, and what is left of the last. Characters that count twice are not torn apart.
fn split(lengths: &[usize], room: usize) -> (usize, usize) {
    let mut segments = usize::from(!lengths.is_empty());
    let mut used = 0;
    for length in lengths {
        if used + length > room {
            segments += 1;
            used = 0;
        }
        used += length;
    }
    (segments, room - used)
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
    use SmsEncoding::{Gsm7, Ucs2};

    /// Text, encoding, units, room in each segment, segments, what is left of the last.
    #[test]
    fn segments_gsm7_ucs2() {
        for (text, encoding, units, per_segment, segments, left) in [
            (String::new(), Gsm7, 0, 160, 0, 160),
            ("a".to_owned(), Gsm7, 1, 160, 1, 159),
            ("a".repeat(160), Gsm7, 160, 160, 1, 0),
            ("a".repeat(161), Gsm7, 161, 153, 2, 145),
            ("a".repeat(306), Gsm7, 306, 153, 2, 0),
            ("a".repeat(307), Gsm7, 307, 153, 3, 152),
            ("a".repeat(459), Gsm7, 459, 153, 3, 0),
            ("a".repeat(460), Gsm7, 460, 153, 4, 152),
            // Line breaks and capital Greek are in the alphabet, small Greek is not.
            ("Δ\n".repeat(80), Gsm7, 160, 160, 1, 0),
            ("δ".repeat(70), Ucs2, 70, 70, 1, 0),
            // Each of these counts twice.
            ("\u{c}^{}\\[~]|€".to_owned(), Gsm7, 20, 160, 1, 140),
            ("€".repeat(80), Gsm7, 160, 160, 1, 0),
            ("€".repeat(81), Gsm7, 162, 153, 2, 143),
            // 153 is odd: 76 fit into a segment.
            ("€".repeat(152), Gsm7, 304, 153, 2, 1),
            ("€".repeat(153), Gsm7, 306, 153, 3, 151),
            // 152 and one that counts twice: the last does not fit the first segment.
            (format!("{}€{}", "a".repeat(152), "a".repeat(151)), Gsm7, 305, 153, 2, 0),
            (format!("{}€{}", "a".repeat(152), "a".repeat(152)), Gsm7, 306, 153, 3, 152),
            (format!("{}€", "a".repeat(158)), Gsm7, 160, 160, 1, 0),
            (format!("{}€", "a".repeat(159)), Gsm7, 161, 153, 2, 145),
            ("ñ".repeat(160), Gsm7, 160, 160, 1, 0),
            ("á".repeat(70), Ucs2, 70, 70, 1, 0),
            ("á".repeat(71), Ucs2, 71, 67, 2, 63),
            ("á".repeat(134), Ucs2, 134, 67, 2, 0),
            ("á".repeat(135), Ucs2, 135, 67, 3, 66),
            // One character outside makes all of it UCS-2, where € counts once.
            (format!("{}’", "a".repeat(69)), Ucs2, 70, 70, 1, 0),
            (format!("{}’", "€".repeat(70)), Ucs2, 71, 67, 2, 63),
            ("🐱".repeat(35), Ucs2, 70, 70, 1, 0),
            ("🐱".repeat(36), Ucs2, 72, 67, 2, 61),
            // 67 is odd: a pair is not torn apart.
            ("🐱".repeat(66), Ucs2, 132, 67, 2, 1),
            ("🐱".repeat(67), Ucs2, 134, 67, 3, 65),
            (format!("{}🐱{}", "a".repeat(66), "a".repeat(65)), Ucs2, 133, 67, 2, 0),
            (format!("{}🐱{}", "a".repeat(66), "a".repeat(66)), Ucs2, 134, 67, 3, 66),
        ] {
            let size = measure(&text);
            let got = (size.encoding, size.units, size.per_segment, size.segments, size.left);
            let name = format!("{} × {:?}", text.chars().count(), text.chars().next());
            assert_eq!(got, (encoding, units, per_segment, segments, left), "{name}");
            assert_eq!(size.not_gsm7.is_empty(), encoding == Gsm7, "{name}");
            assert_eq!(size.characters as usize, text.chars().count(), "{name}");
        }
    }

    #[test]
    fn what_makes_a_text_ucs2_is_named_once() {
        assert_eq!(measure("’a’🐱").not_gsm7, ["’", "🐱"]);
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
            assert_eq!(has_likeness(text), text.is_ascii() || !text.starts_with(['К', '診']), "{text}");
        }
    }

    #[test]
    fn the_default_notice_is_one_segment_and_two_at_the_longest() {
        let text = |name: &str| {
            let sender = crate::templates::SenderFields {
                user_name: "Amy Lee",
                organization_name: name,
                organization_phone: None,
                office_hours: None,
            };
            let fields = crate::templates::NoticeFields {
                sender,
                contact: crate::templates::ContactFields::default(),
                secure_link: "https://msg.riverside.example/m#0123456789abcdefABCDEF",
            };
            let notice =
                crate::templates::render_notice(crate::templates::DEFAULT_SMS_BODY, &fields).expect("a text");
            measure(&notice.text).segments
        };
        assert_eq!(text("Riverside Family Clinic"), 1);
        assert_eq!(text(&"N".repeat(100)), 2);
    }
}
