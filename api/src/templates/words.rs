//! The words of a template, read without running it.
//!
//! The engine does not tell which fields a text uses, and a trial run sees one branch only; so this
//! reads every `{{ … }}` and `{% … %}` and knows each name, its line and how deep in `if` it stands. It
//! also keeps from the engine what makes it fall over: endless nesting, `[…]` and huge numbers.

use super::TemplateError;

const DEPTH_MAX: usize = 5;
const DIGITS_MAX: usize = 6;
const TAGS: &[&str] = &["if", "elsif", "else", "endif"];
const OPERATORS: &[&str] = &["and", "or", "contains"];
const LITERALS: &[&str] = &["true", "false", "nil", "null", "empty", "blank"];

pub(super) struct Words {
    names: Vec<Name>,
}

struct Name {
    text: String,
    line: usize,
    /// Printed by itself, without a filter, outside of every `if`.
    always_shown: bool,
}

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, TemplateError> {
        let mut names = Vec::new();
        let mut depth = 0_usize;
        let mut rest = text;
        let mut line = 1;
        while let Some(start) = rest.find(['{', '}']) {
            line += newlines(&rest[..start]);
            rest = &rest[start..];
            let (is_tag, end) = match rest.get(..2) {
                Some("{{") => (false, "}}"),
                Some("{%") => (true, "%}"),
                Some("}}") => return Err(TemplateError::at(line, "has a }} without its {{")),
                _ => {
                    rest = &rest[1..];
                    continue;
                }
            };
            let length = closing(&rest[2..], end)
                .ok_or_else(|| TemplateError::at(line, format!("has a {} without its {end}", &rest[..2])))?;
            let markup = &rest[2..2 + length];
            let mut words = markup_words(markup, line)?;
            if is_tag {
                depth = tag_depth(&mut words, depth, line)?;
            }
            let alone = !is_tag && words.len() == 1 && depth == 0;
            names.extend(words.into_iter().filter(Word::is_name).map(|word| Name {
                text: word.text,
                line: word.line,
                always_shown: alone,
            }));
            line += newlines(markup);
            rest = &rest[2 + length + 2..];
        }
        Ok(Self { names })
    }

    pub(super) fn check_names(&self, known: &[&str]) -> Result<(), TemplateError> {
        match self.names.iter().find(|name| !known.contains(&name.text.as_str())) {
            None => Ok(()),
            Some(name) => {
                let detail = format!("has the unknown field {}; known are {}", name.text, known.join(", "));
                Err(TemplateError::at(name.line, detail))
            }
        }
    }

    pub(super) fn always_shows(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.always_shown && name.text == text)
    }

    pub(super) const fn has_names(&self) -> bool {
        !self.names.is_empty()
    }
}

struct Word {
    text: String,
    line: usize,
    kind: WordKind,
}

#[derive(PartialEq)]
enum WordKind {
    Name,
    Filter,
    /// A literal or a sign.
    Other,
}

impl Word {
    fn is_name(&self) -> bool {
        self.kind == WordKind::Name
            && !OPERATORS.contains(&self.text.as_str())
            && !LITERALS.contains(&self.text.as_str())
    }
}

/// Where the markup ends: its closing sign, but not one inside quotes.
fn closing(text: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    for (index, letter) in text.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if text[index..].starts_with(end) => return Some(index),
            None => {}
        }
    }
    None
}

fn markup_words(markup: &str, mut line: usize) -> Result<Vec<Word>, TemplateError> {
    // `{{-` and `-}}` trim spaces.
    let markup = markup.strip_prefix('-').unwrap_or(markup);
    let mut rest = markup.strip_suffix('-').unwrap_or(markup);
    let mut words: Vec<Word> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\n' => {
                line += 1;
                1
            }
            _ if first.is_whitespace() => first.len_utf8(),
            '"' | '\'' => quoted_length(rest, first, line)?,
            '0'..='9' => number_length(rest, line)?,
            _ if first.is_ascii_alphabetic() || first == '_' => name_length(rest),
            '|' | ':' | ',' | '=' | '!' | '<' | '>' | '-' => 1,
            other => return Err(TemplateError::at(line, format!("cannot hold {other} between its braces"))),
        };
        let (text, after) = rest.split_at(length);
        if !first.is_whitespace() {
            let after_bar = words.last().is_some_and(|word| word.text == "|");
            let kind = match first {
                _ if !(first.is_ascii_alphabetic() || first == '_') => WordKind::Other,
                _ if after_bar => WordKind::Filter,
                _ => WordKind::Name,
            };
            words.push(Word { text: text.to_owned(), line, kind });
        }
        line += newlines(text).saturating_sub(usize::from(first == '\n'));
        rest = after;
    }
    Ok(words)
}

/// Takes the tag's own word off and follows the nesting.
fn tag_depth(words: &mut Vec<Word>, depth: usize, line: usize) -> Result<usize, TemplateError> {
    let tag = if words.is_empty() { String::new() } else { words.remove(0).text };
    if !TAGS.contains(&tag.as_str()) {
        return Err(TemplateError::at(
            line,
            format!("cannot use {{% {tag} %}}; only if, elsif, else and endif"),
        ));
    }
    match tag.as_str() {
        "if" if depth == DEPTH_MAX => {
            Err(TemplateError::at(line, format!("can nest {{% if %}} at most {DEPTH_MAX} times")))
        }
        "if" => Ok(depth + 1),
        _ if depth == 0 => Err(TemplateError::at(line, format!("has {{% {tag} %}} without its {{% if %}}"))),
        "endif" => Ok(depth - 1),
        _ => Ok(depth),
    }
}

fn quoted_length(text: &str, quote: char, line: usize) -> Result<usize, TemplateError> {
    text[1..].find(quote).map(|end| end + 2).ok_or_else(|| TemplateError::at(line, "has an open quote"))
}

fn number_length(text: &str, line: usize) -> Result<usize, TemplateError> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    if length > DIGITS_MAX {
        return Err(TemplateError::at(line, "has a number that is too large"));
    }
    Ok(length)
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(text.len())
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}
