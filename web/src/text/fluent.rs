//! Reads Fluent files: messages of text, `{ $values }` and choices by value or plural.
//!
//! Only the part of Fluent that our files use: no terms, functions, attributes or references. The whole
//! of it (fluent-bundle) would be a fifth of the patients' app; it is the tests' oracle instead, which
//! give every message to both.

use std::borrow::Cow;

use super::Language;

/// What stands for a `{ $name }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self::Number(number as i64)
            }
        }
    )*};
}

from_numbers!(i32 u32 i64 u64 usize);

pub type Values<'a> = [(&'static str, Value<'a>)];

/// The messages of some files.
pub struct Messages {
    language: Language,
    entries: Vec<(&'static str, &'static str)>,
}

impl Messages {
    pub fn of(files: &[&'static str], language: Language) -> Self {
        let entries = files.iter().flat_map(|file| entries(file)).collect();
        Self { language, entries }
    }

    /// The message's text; none when there is no such message.
    pub fn format(&self, key: &str, values: &Values<'_>) -> Option<String> {
        let (_, pattern) = self.entries.iter().find(|(other, _)| *other == key)?;
        let mut out = String::with_capacity(pattern.len());
        self.write(pattern, values, &mut out);
        Some(out)
    }

    fn write(&self, pattern: &str, values: &Values<'_>, out: &mut String) {
        let mut rest = pattern;
        while let Some(start) = rest.find('{') {
            out.push_str(&rest[..start]);
            let end = closing(&rest[start..]);
            self.place(rest[start..].get(1..end).unwrap_or_default().trim(), values, out);
            rest = rest[start..].get(end + 1..).unwrap_or_default();
        }
        out.push_str(rest);
    }

    fn place(&self, inside: &str, values: &Values<'_>, out: &mut String) {
        let (name, variants) = match inside.split_once("->") {
            Some((name, variants)) => (name.trim(), Some(variants)),
            None => (inside, None),
        };
        let value = values.iter().find(|(other, _)| name.strip_prefix('$') == Some(*other)).map(|(_, v)| v);
        match (variants, value) {
            (Some(variants), value) => self.write(self.choose(variants, value), values, out),
            (None, Some(Value::Text(text))) => out.push_str(text),
            (None, Some(Value::Number(number))) => out.push_str(&number.to_string()),
            // As Fluent does: a value that is missing shows its name.
            (None, None) => out.push_str(&["{", name, "}"].concat()),
        }
    }

    /// The variant of the value itself, else of its plural, else the one with the star.
    fn choose<'v>(&self, variants: &'v str, value: Option<&Value<'_>>) -> &'v str {
        let (exact, plural) = match value {
            Some(Value::Text(text)) => (text.to_string(), ""),
            Some(Value::Number(number)) => (number.to_string(), self.plural(*number)),
            None => (String::new(), ""),
        };
        let mut chosen = ("", 0);
        let mut rest = variants;
        while let Some((name, body, default, after)) = variant(rest) {
            let rank = if name == exact {
                3
            } else if name == plural {
                2
            } else {
                i32::from(default)
            };
            if rank > chosen.1 {
                chosen = (body, rank);
            }
            rest = after;
        }
        chosen.0
    }

    /// CLDR's plural category of a whole number.
    fn plural(&self, number: i64) -> &'static str {
        match self.language {
            Language::En if number.abs() == 1 => "one",
            Language::Es if number.abs() == 1 => "one",
            Language::Es if number != 0 && number % 1_000_000 == 0 => "many",
            Language::En | Language::Es => "other",
        }
    }
}

/// Each message's key and pattern. A pattern goes on while lines are indented.
fn entries(file: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let line = line_at(file, at);
        let mut end = at + line.len();
        if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with(['#', ' '])) {
            while end < file.len() && line_at(file, end).starts_with([' ', '}']) {
                end += line_at(file, end).len();
            }
            out.push((key, file[at + key.len() + 2..end].trim()));
        }
        at = end;
    }
    out
}

/// With its line break.
fn line_at(file: &'static str, at: usize) -> &'static str {
    file[at..].split_inclusive('\n').next().unwrap_or_default()
}

/// Where the bracket that opens the text closes.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The first variant: its name, its pattern, whether it has the star, and what follows.
fn variant(text: &str) -> Option<(&str, &str, bool, &str)> {
    let open = text.find('[')?;
    let default = text[..open].trim_end().ends_with('*');
    let (name, rest) = text[open + 1..].split_once(']')?;
    let end = next_variant(rest).unwrap_or(rest.len());
    Some((name.trim(), rest[..end].trim(), default, &rest[end..]))
}

/// Where the next line that begins a variant starts.
fn next_variant(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at_line_start = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => at_line_start = true,
            b'[' | b'*' if at_line_start && depth == 0 => return Some(at),
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        at_line_start &= byte == b'\n' || byte == b' ';
    }
    None
}
