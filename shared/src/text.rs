//! Texts that are valid by construction. Personal ones cannot print themselves: `Debug` is redacted
//! and there is no `Display`; `as_str` is the one way out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// Why a text was refused; a sentence part that follows the field's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("must not be empty")]
    Empty,
    #[error("must have at most {0} characters")]
    TooLong(usize),
    #[error("must have 4 to 64 characters")]
    PinLength,
    #[error("must be a phone number with its country code, such as +1 555 010 0142")]
    Phone,
    #[error("must be an email address, such as name@example.org")]
    Email,
    #[error("must not hold control characters")]
    Control,
    #[error("must be 1 to 40 lower-case letters, digits and _, starting with a letter")]
    FieldKey,
    #[error("must be #rrggbb, such as #0f6e6e")]
    Color,
    #[error("must be a time of day, such as 09:00")]
    TimeOfDay,
    #[error("must be a country in two capital letters (ISO 3166-1), such as US")]
    Country,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:path, personal, { $($schema:tt)* }) => {
        text!(@type $(#[$doc])* $name, $parse, { $($schema)* });
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $parse:path, plain, { $($schema:tt)* }) => {
        text!(@type $(#[$doc])* $name, $parse, { $($schema)* });
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident, $parse:path, { $($schema:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "server", schema(value_type = String, $($schema)*))]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, TextError> {
                $parse(text).map(Self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

text!(
    /// A phone number in E.164 form (ITU-T E.164): `+` and 8 to 15 digits.
    Phone, parse_phone, personal,
    { pattern = r"^\+[1-9][0-9]{7,14}$", example = "+15550100142" }
);
text!(
    /// An email address, kept as written but for spaces around it and the case of its domain.
    Email, parse_email, personal,
    { format = "email", max_length = 254, example = "jordan@example.org" }
);
text!(
    /// A PIN: any 4 to 64 characters; spaces at the ends do not count (security.md D4).
    Pin, parse_pin, personal,
    { min_length = 4, max_length = 64, format = "password", example = "4821" }
);
text!(
    /// What staff and patients write to each other: plain text, line breaks kept (security.md D28).
    MessageText, parse_message, personal,
    { min_length = 1, max_length = 10_000, example = "Your results are in." }
);
text!(
    /// The name of a person or an organization: NFC, one line, no invisible marks (security.md D29).
    Name, parse_name, plain,
    { min_length = 1, max_length = 100, example = "Jordan" }
);

text!(
    /// How templates and requests name one of an organization's own contact fields.
    FieldKey, parse_field_key, plain,
    { pattern = "^[a-z][a-z0-9_]{0,39}$", example = "birth_year" }
);
text!(
    /// What a contact holds in such a field: one line.
    FieldValue, parse_field_value, personal,
    { min_length = 1, max_length = 500, example = "1984" }
);
text!(
    /// A colour, in lower case.
    Color, parse_color, plain,
    { pattern = "^#[0-9a-f]{6}$", example = "#0f6e6e" }
);
text!(
    /// Hours and minutes of a day's clock.
    TimeOfDay, parse_time_of_day, plain,
    { pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00" }
);
text!(
    /// A country that has phone numbers.
    CountryCode, parse_country, plain,
    { pattern = "^[A-Z]{2}$", example = "US" }
);

impl Pin {
    /// A phone shows its number pad for such a one.
    pub fn is_digits(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The longest message, in characters.
pub const MESSAGE_MAX: usize = 10_000;
/// The longest name, in characters.
pub const NAME_MAX: usize = 100;
/// The longest value of a contact field, in characters.
const FIELD_VALUE_MAX: usize = 500;

fn parse_phone(text: &str) -> Result<String, TextError> {
    let compact: String =
        text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/')).collect();
    let digits = compact.strip_prefix('+').ok_or(TextError::Phone)?;
    let valid = (8..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if valid { Ok(compact) } else { Err(TextError::Phone) }
}

fn parse_email(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(TextError::Email)?;
    let domain = domain.to_lowercase();
    let local_valid = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b));
    let domain_valid = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    if local_valid && domain_valid && text.len() <= 254 {
        Ok(format!("{local}@{domain}"))
    } else {
        Err(TextError::Email)
    }
}

fn parse_pin(text: &str) -> Result<String, TextError> {
    let pin = composed(text.trim().chars());
    if pin.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    match pin.chars().count() {
        4..=64 => Ok(pin),
        _ => Err(TextError::PinLength),
    }
}

fn parse_field_key(text: &str) -> Result<String, TextError> {
    let valid = (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if valid { Ok(text.to_owned()) } else { Err(TextError::FieldKey) }
}

fn parse_field_value(text: &str) -> Result<String, TextError> {
    let value = composed(text.trim().chars());
    if value.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    match value.chars().count() {
        0 => Err(TextError::Empty),
        n if n > FIELD_VALUE_MAX => Err(TextError::TooLong(FIELD_VALUE_MAX)),
        _ => Ok(value),
    }
}

fn parse_color(text: &str) -> Result<String, TextError> {
    let digits = text.strip_prefix('#').ok_or(TextError::Color)?;
    let valid = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if valid { Ok(text.to_ascii_lowercase()) } else { Err(TextError::Color) }
}

fn parse_time_of_day(text: &str) -> Result<String, TextError> {
    let digits = |text: &str, limit: u32| {
        text.len() == 2
            && text.bytes().all(|b| b.is_ascii_digit())
            && text.parse().is_ok_and(|value: u32| value < limit)
    };
    let valid = text.split_once(':').is_some_and(|(hour, minute)| digits(hour, 24) && digits(minute, 60));
    if valid { Ok(text.to_owned()) } else { Err(TextError::TimeOfDay) }
}

fn parse_country(text: &str) -> Result<String, TextError> {
    if crate::texts::COUNTRIES.contains(&text) { Ok(text.to_owned()) } else { Err(TextError::Country) }
}

fn parse_message(text: &str) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = composed(text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()));
    let text = text.trim_matches(|c: char| c == '\n' || c == ' ');
    match text.chars().count() {
        0 => Err(TextError::Empty),
        n if n > MESSAGE_MAX => Err(TextError::TooLong(MESSAGE_MAX)),
        _ if text.trim().is_empty() => Err(TextError::Empty),
        _ => Ok(text.to_owned()),
    }
}

fn parse_name(text: &str) -> Result<String, TextError> {
    // Before it is composed: what stands between two letters keeps them apart.
    let is_seen = |c: &char| (c.is_whitespace() || !c.is_control()) && !is_hidden(*c);
    let name = composed(text.chars().filter(is_seen));
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(TextError::Empty),
        n if n > NAME_MAX => Err(TextError::TooLong(NAME_MAX)),
        _ => Ok(name),
    }
}

/// Canonical composition (NFC), so that what looks the same is the same.
#[cfg(not(target_arch = "wasm32"))]
fn composed(text: impl Iterator<Item = char>) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// The browser has the tables already; with ours the patients' app would be a sixth larger.
#[cfg(target_arch = "wasm32")]
fn composed(text: impl Iterator<Item = char>) -> String {
    let text: String = text.collect();
    if text.is_ascii() { text } else { js_sys::JsString::from(text).normalize("NFC").into() }
}

/// Marks that can make one text look like another: direction controls, and characters that show nothing.
pub(crate) const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What a telephone dials of a number written for people.
pub fn dialed(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_compacted_to_e164() {
        let phone: Phone = "+1 (555) 010-0142".parse().expect("a phone");
        assert_eq!(phone.as_str(), "+15550100142");
        for bad in ["", "5550100142", "+0555010014", "+1555", "+1234567890123456", "+1555O100142"] {
            assert_eq!(bad.parse::<Phone>(), Err(TextError::Phone), "{bad}");
        }
    }

    #[test]
    fn a_telephone_dials_no_brackets() {
        assert_eq!(dialed("(555) 010-0100"), "5550100100");
        assert_eq!(dialed("+1 555 010 0100"), "+15550100100");
    }

    #[test]
    fn emails_keep_their_local_part_and_cannot_carry_a_header() {
        let email: Email = " Jordan.Reyes+lab@Example.ORG ".parse().expect("an email");
        assert_eq!(email.as_str(), "Jordan.Reyes+lab@example.org");
        for bad in ["", "a", "a@b", "@b.c", "a@b..c", "a@-b.c", "a b@c.d", "a@b.c\r\nBcc: x@y.z", "a..b@c.d"]
        {
            assert_eq!(bad.parse::<Email>(), Err(TextError::Email), "{bad}");
        }
    }

    #[test]
    fn pins_are_trimmed_and_have_4_to_64_characters() {
        assert_eq!("  4821 ".parse::<Pin>().expect("a pin").as_str(), "4821");
        assert!("🐱🐶🐭🐹".parse::<Pin>().is_ok());
        assert_eq!(" 123 ".parse::<Pin>(), Err(TextError::PinLength));
        assert_eq!("1".repeat(65).parse::<Pin>(), Err(TextError::PinLength));
        assert_eq!("12\u{0}34".parse::<Pin>(), Err(TextError::Control));
    }

    /// Bidi controls, zero-width and other unseen characters, C0 and C1; composed; one line.
    #[test]
    fn bidi_strip() {
        for (text, name) in [
            ("Jor\u{202e}dan\u{200b}  Reyes", "Jordan Reyes"),
            ("\u{2066}Amy\u{2069} \u{200e}Lee\u{200f}\u{61c}\u{feff}", "Amy Lee"),
            ("Jos\u{65}\u{301}", "José"),
            ("Jose\u{200b}\u{301}", "José"),
            ("Amy\r\nBcc: x@y.example\u{0}", "Amy Bcc: x@y.example"),
            ("A\u{85}m\u{9b}y\u{2028}Lee", "A my Lee"),
            ("\u{202b}עמית\u{202c}", "עמית"),
            ("Amy\u{3164}\u{e0041}\u{ad}", "Amy"),
        ] {
            assert_eq!(text.parse::<Name>().expect("a name").as_str(), name, "{text:?}");
        }
        for nothing in ["", " \n", "\u{200b}\u{202e}", "\u{3164}", "\u{0}"] {
            assert_eq!(nothing.parse::<Name>(), Err(TextError::Empty), "{nothing:?}");
        }
        assert!("é".repeat(100).parse::<Name>().is_ok());
        assert_eq!("é".repeat(101).parse::<Name>(), Err(TextError::TooLong(100)));
    }

    #[test]
    fn messages_keep_their_lines_and_lose_control_characters() {
        assert_eq!("a\r\nb\u{7}\n".parse::<MessageText>().expect("a message").as_str(), "a\nb");
        assert_eq!(" \n\t".parse::<MessageText>(), Err(TextError::Empty));
        assert!("é".repeat(10_000).parse::<MessageText>().is_ok());
        assert_eq!("é".repeat(10_001).parse::<MessageText>(), Err(TextError::TooLong(10_000)));
    }

    #[test]
    fn keys_colours_and_times_have_one_spelling() {
        for good in ["a", "birth_year", "x2", &"a".repeat(40)] {
            assert!(good.parse::<FieldKey>().is_ok(), "{good}");
        }
        for bad in ["", "Birth", "1st", "_a", "a-b", "a.b", "é", &"a".repeat(41)] {
            assert_eq!(bad.parse::<FieldKey>(), Err(TextError::FieldKey), "{bad}");
        }
        assert_eq!("#0F6e6E".parse::<Color>().expect("a colour").as_str(), "#0f6e6e");
        for bad in ["", "#fff", "0f6e6e", "#0f6e6g", "#0f6e6e00", "red"] {
            assert_eq!(bad.parse::<Color>(), Err(TextError::Color), "{bad}");
        }
        for (text, good) in
            [("00:00", true), ("23:59", true), ("24:00", false), ("9:00", false), ("+9:00", false)]
        {
            assert_eq!(text.parse::<TimeOfDay>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn personal_texts_do_not_print_themselves() {
        assert_eq!(format!("{:?}", "4821".parse::<Pin>().expect("a pin")), "Pin(…)");
    }
}
