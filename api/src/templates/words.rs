//! A template, read without running it.
//!
//! The engine does not tell which fields a text uses, and a trial run sees one branch only; so this
//! reads every `{{ … }}` and `{% … %}` and knows each field, its place and how deep in `if` it stands. It
//! also keeps from the engine what makes it fall over, such as endless nesting.

use super::TemplateError;
use super::markup::{self, Refusal};

const DEPTH_MAX: usize = 5;

pub(super) struct Words {
    pub fields: Vec<Field>,
    /// Every `{{ … }}` with a field, in order.
    pub outputs: Vec<Output>,
}

/// A field, wherever it is named.
pub(super) struct Field {
    pub name: String,
    pub at: usize,
    /// Printed by itself, without a filter, outside of every `if`.
    always_shown: bool,
}

/// Something that is printed and made of a field.
pub(super) struct Output {
    /// The first field in it.
    pub value: String,
    pub at: usize,
    /// Where its markup ends: before `}}` or `-}}`.
    pub end: usize,
}

struct If {
    at: usize,
    has_else: bool,
}

impl Words {
    pub(super) fn of(text: &str) -> Result<Self, TemplateError> {
        Self::read(text).map_err(|refusal| refusal.in_text(text))
    }

    fn read(text: &str) -> Result<Self, Refusal> {
        let mut read = Self { fields: Vec::new(), outputs: Vec::new() };
        let mut open: Vec<If> = Vec::new();
        let mut from = 0;
        while let Some(found) = text[from..].find(['{', '}']) {
            let at = from + found;
            let (is_tag, end) = match text.get(at..at + 2) {
                Some("{{") => (false, "}}"),
                Some("{%") => (true, "%}"),
                Some("}}") => return refused(at, "This }} has no {{ before it"),
                _ if text[..at].ends_with('%') && text[at..].starts_with('}') => {
                    return refused(at - 1, "This %} has no {% before it");
                }
                _ => {
                    from = at + 1;
                    continue;
                }
            };
            let Some(length) = closing(&text[at + 2..], end) else {
                return refused(at, format!("This {} is not closed; {end} is missing", &text[at..at + 2]));
            };
            let (start, markup) = inner(&text[at + 2..at + 2 + length], at + 2);
            let words = markup::words(markup, start)?;
            if is_tag {
                read.tag(&words, at, &mut open)?;
            } else {
                read.output(&words, at, start + markup.len(), open.len())?;
            }
            from = at + 2 + length + 2;
        }
        match open.pop() {
            Some(open) => refused(open.at, "This {% if %} has no {% endif %} after it"),
            None => Ok(read),
        }
    }

    fn output(
        &mut self,
        words: &[markup::Word<'_>],
        at: usize,
        end: usize,
        depth: usize,
    ) -> Result<(), Refusal> {
        markup::check_output(words, at)?;
        let alone = words.len() == 1 && depth == 0;
        let fields = self.fields.len();
        // The word behind a | is a filter.
        let mut before = "";
        for word in words {
            if before != "|" && word.is_field() {
                self.fields.push(Field { name: word.text.to_owned(), at: word.at, always_shown: alone });
            }
            before = word.text;
        }
        if let Some(first) = self.fields.get(fields) {
            self.outputs.push(Output { value: first.name.clone(), at, end });
        }
        Ok(())
    }

    fn tag(&mut self, words: &[markup::Word<'_>], at: usize, open: &mut Vec<If>) -> Result<(), Refusal> {
        let Some((tag, rest)) = words.split_first() else {
            return refused(at, "There is nothing between these braces; write if, elsif, else or endif");
        };
        match tag.text {
            "if" if open.len() == DEPTH_MAX => {
                return refused(at, format!("More than {DEPTH_MAX} {{% if %}} stand in each other"));
            }
            "if" => open.push(If { at, has_else: false }),
            "elsif" | "else" | "endif" => match open.last_mut() {
                None => return refused(at, format!("This {{% {} %}} has no {{% if %}} before it", tag.text)),
                Some(last) if last.has_else && tag.text != "endif" => {
                    return refused(at, format!("This {{% {} %}} comes after an {{% else %}}", tag.text));
                }
                Some(last) => last.has_else = tag.text == "else",
            },
            other => {
                return refused(
                    at,
                    format!("The tag {other} cannot be used here; there are if, elsif, else and endif"),
                );
            }
        }
        match tag.text {
            "if" | "elsif" => markup::check_condition(tag.text, rest, tag.at)?,
            "endif" => {
                open.pop();
            }
            _ => {}
        }
        if let ("else" | "endif", Some(more)) = (tag.text, rest.first()) {
            return refused(more.at, format!("Nothing can follow {}", tag.text));
        }
        let joined = |word: &&markup::Word<'_>| !matches!(word.text, "and" | "or" | "contains");
        let fields = rest.iter().filter(|word| word.is_field()).filter(joined);
        self.fields.extend(fields.map(|word| Field {
            name: word.text.to_owned(),
            at: word.at,
            always_shown: false,
        }));
        Ok(())
    }

    pub(super) fn always_shows(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.always_shown && field.name == name)
    }
}

fn refused<T>(at: usize, detail: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { at, detail: detail.into() })
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
    // An open quote swallows the end; then the quote is what is wrong.
    quote.and_then(|_| text.find(end))
}

/// `{{-` and `-}}` trim spaces; the dash is no part of what is said.
fn inner(markup: &str, at: usize) -> (usize, &str) {
    let (at, markup) = markup.strip_prefix('-').map_or((at, markup), |rest| (at + 1, rest));
    (at, markup.strip_suffix('-').unwrap_or(markup))
}
