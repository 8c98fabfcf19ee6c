//! What stands between a template's braces, read word by word: a field with its filters, or a condition.
//!
//! The engine would refuse most of what this refuses, but not say where in a way that anybody understands;
//! and some of it makes the engine fall over: `[…]` and huge numbers.

use super::TemplateError;

const DIGITS_MAX: usize = 6;
const LITERALS: &[&str] = &["true", "false", "nil", "null", "empty", "blank"];
/// Each filter, and how many values it takes at least and at most.
pub(super) const FILTERS: &[(&str, usize, usize)] = &[
    ("append", 1, 1),
    ("capitalize", 0, 0),
    ("default", 1, 1),
    ("downcase", 0, 0),
    ("prepend", 1, 1),
    ("slice", 1, 2),
    ("strip", 0, 0),
    ("upcase", 0, 0),
];

/// A word and where it starts, in bytes from the template's start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub at: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Quoted,
    Number,
    Sign,
}

/// A refusal and the place it is about.
pub(super) struct Refusal {
    pub at: usize,
    pub detail: String,
}

fn refusal<T>(at: usize, detail: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { at, detail: detail.into() })
}

impl<'a> Word<'a> {
    fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    fn is_value(&self) -> bool {
        self.kind != Kind::Sign
    }

    /// A field, and not `true` or `nil`.
    pub fn is_field(&self) -> bool {
        self.kind == Kind::Name && !LITERALS.contains(&self.text)
    }
}

/// Splits markup, which starts `at`, into its words.
pub(super) fn words(markup: &str, at: usize) -> Result<Vec<Word<'_>>, Refusal> {
    let mut words = Vec::new();
    let mut from = 0;
    while let Some(first) = markup[from..].chars().next() {
        let rest = &markup[from..];
        let digit_after = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
        let (kind, length) = match first {
            ' ' | '\n' | '\r' => {
                from += 1;
                continue;
            }
            _ if first.is_whitespace() => {
                return refusal(at + from, "Use a plain space here; this is a tab or another kind of space");
            }
            '"' | '\'' => match rest[1..].find(first) {
                Some(end) => (Kind::Quoted, end + 2),
                None => return refusal(at + from, format!("The quote {first} is not closed")),
            },
            '“' | '”' | '‘' | '’' => {
                return refusal(at + from, format!("Use straight quotes, ' or \", instead of {first}"));
            }
            _ if first.is_ascii_digit() || (first == '-' && digit_after) => (Kind::Number, number(rest)),
            _ if first.is_ascii_alphabetic() || first == '_' => (Kind::Name, name(rest)),
            '|' | ':' | ',' | '=' | '!' | '<' | '>' => (Kind::Sign, sign(rest)),
            other => return refusal(at + from, format!("The sign {other} cannot stand between braces")),
        };
        let word = Word { text: &rest[..length], at: at + from, kind };
        if kind == Kind::Number && length > DIGITS_MAX {
            return refusal(word.at, "This number is too large");
        }
        if kind == Kind::Number && (word.text.ends_with('.') || word.text.matches('.').count() > 1) {
            return refusal(word.at, "This is no number");
        }
        words.push(word);
        from += length;
    }
    Ok(words)
}

fn number(text: &str) -> usize {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let length = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    length + (text.len() - digits.len())
}

fn name(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(text.len())
}

fn sign(text: &str) -> usize {
    if ["==", "!=", "<=", ">="].iter().any(|sign| text.starts_with(sign)) { 2 } else { 1 }
}

/// `{{ … }}`: a value, then filters.
pub(super) fn check_output(words: &[Word<'_>], at: usize) -> Result<(), Refusal> {
    let Some((value, rest)) = words.split_first() else {
        return refusal(at, "There is nothing between these braces; write a field such as user.name");
    };
    if !value.is_value() {
        return refusal(value.at, format!("A field must stand before {}", value.text));
    }
    if let Some(next) = rest.first().filter(|next| !next.is("|")) {
        let known = FILTERS.iter().any(|(name, ..)| *name == next.text);
        return match known {
            true => refusal(next.at, format!("Put a | before the filter {}", next.text)),
            false => refusal(next.at, format!("After {} only a | with a filter can follow", value.text)),
        };
    }
    let mut filters = rest.split(|word| word.is("|"));
    filters.next();
    let mut bar = rest.iter().filter(|word| word.is("|"));
    filters.try_for_each(|filter| check_filter(filter, bar.next().map_or(at, |bar| bar.at)))
}

fn check_filter(words: &[Word<'_>], bar: usize) -> Result<(), Refusal> {
    let Some((filter, rest)) = words.split_first() else {
        return refusal(bar, "The name of a filter must follow the |");
    };
    let Some((name, least, most)) = FILTERS.iter().find(|(name, ..)| *name == filter.text) else {
        let names: Vec<_> = FILTERS.iter().map(|(name, ..)| *name).collect();
        return refusal(
            filter.at,
            format!("There is no filter {}; you can use {}", filter.text, names.join(", ")),
        );
    };
    let arguments = match rest.split_first() {
        None => &[],
        Some((colon, arguments)) if colon.is(":") => arguments,
        Some((other, _)) => return refusal(other.at, format!("After the filter {name} comes a : or a |")),
    };
    let count = arguments.len().div_ceil(2);
    let in_turn =
        arguments.iter().enumerate().all(|(i, word)| if i % 2 == 0 { word.is_value() } else { word.is(",") });
    if !in_turn || (!arguments.is_empty() && arguments.len() % 2 == 0) {
        return refusal(filter.at, format!("What follows {name}: must be values with commas between them"));
    }
    let mut values = arguments.iter().step_by(2);
    let whole = values.all(|word| word.kind == Kind::Number && !word.text.contains('.'));
    if count < *least || (*name == "slice" && !whole) {
        return refusal(filter.at, needs(name));
    }
    if count > *most {
        let takes = if *most == 0 { "takes no values" } else { "has too many values" };
        return refusal(filter.at, format!("The filter {name} {takes}"));
    }
    if count == 0 && !rest.is_empty() {
        return refusal(filter.at, format!("Leave out the : after {name}"));
    }
    Ok(())
}

fn needs(filter: &str) -> String {
    let example = match filter {
        "slice" => "slice: -4, 4",
        "default" => "default: 'there'",
        "append" => "append: '!'",
        _ => "prepend: 'Dr. '",
    };
    format!("The filter {filter} needs a value, as in {example}")
}

/// `if` and `elsif`: comparisons with `and` or `or` between them.
pub(super) fn check_condition(tag: &str, words: &[Word<'_>], at: usize) -> Result<(), Refusal> {
    let joins = |word: &&Word<'_>| matches!(word.text, "and" | "or") && word.kind == Kind::Name;
    let mut last = at;
    for part in words.split(|word| joins(&word)) {
        let at = part.first().map_or(last, |word| word.at);
        last = part.last().map_or(last, |word| word.at);
        match part {
            [] => return refusal(at, format!("Say what to check after {tag}, as in if organization.phone")),
            [value] if value.is_value() => {}
            [_, sign, _] if sign.is("=") => return refusal(sign.at, "Compare with == and not with ="),
            [left, sign, right] if left.is_value() && right.is_value() && compares(sign) => {}
            [_, bar, ..] if bar.is("|") => {
                return refusal(bar.at, format!("Filters cannot stand in {tag}; use them where you print"));
            }
            _ => {
                return refusal(
                    at,
                    format!("This {tag} cannot be read; write it as in if user.name == 'Amy'"),
                );
            }
        }
    }
    Ok(())
}

fn compares(word: &Word<'_>) -> bool {
    ["==", "!=", "<", ">", "<=", ">="].iter().any(|sign| word.is(sign)) || word.text == "contains"
}

impl Refusal {
    pub fn in_text(self, text: &str) -> TemplateError {
        TemplateError::at(text, self.at, self.detail)
    }
}
