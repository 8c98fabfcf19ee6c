//! The texts that an organization writes itself: its notices, and where the default PIN comes from.
//!
//! Liquid, cut down to fields, a few filters and `if`. Hides the template engine. What can be wrong is
//! found when a text is saved, never when somebody waits for a message: only known fields, in every
//! branch, and a notice that cannot lose its link. A field that is empty for one contact is found before
//! anything is sent to them.

mod fields;
mod hours;
mod language;
mod markup;
mod words;

use sealpost_shared::text::Pin;

pub use fields::{ContactFields, CustomField, CustomValues, SenderFields, names_custom_field};
use fields::{LINK, Place, check_names, notice_values, pin_values};
pub use hours::hours_in_words;
use words::Words;

/// The longest template, in characters; the engine has no limits of its own.
pub const TEMPLATE_MAX: usize = 2_000;
/// The longest subject line.
const SUBJECT_MAX: usize = 200;

pub const DEFAULT_SMS_BODY: &str =
    "{{ user.name_and_company }} sent you a private message: {{ secure_link }}";
pub const DEFAULT_EMAIL_SUBJECT: &str = "A private message from {{ user.name_and_company }}";
pub const DEFAULT_EMAIL_BODY: &str = "{{ user.name_and_company }} sent you a private message.\n\n\
    Open it here:\n{{ secure_link }}\n\n\
    {% if organization.phone %}Questions? Call {{ organization.phone }}.{% endif %}";

/// Which of an organization's notices a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    SmsBody,
    EmailSubject,
    EmailBody,
}

/// What is wrong, for the person who wrote the text: a sentence without its full stop, and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TemplateError {
    pub detail: String,
    /// Counted from 1.
    pub line: Option<u32>,
    /// In characters, counted from 1.
    pub column: Option<u32>,
}

/// All that a notice is made of.
#[derive(Clone, Copy)]
pub struct NoticeFields<'a> {
    pub sender: SenderFields<'a>,
    pub contact: ContactFields<'a>,
    pub secure_link: &'a str,
}

/// What a notice became. With empty places it reads wrong, and yet it is a text with a link: whoever waits
/// for a new link gets it, and nobody gets a first message with it.
pub struct RenderedNotice {
    pub text: String,
    /// The first place that printed nothing.
    pub empty: Option<TemplateError>,
}

/// Whether an organization's notice can be saved. `sender` is the organization as it is: a field of its own
/// that is empty is empty for everybody.
pub fn check_notice(
    kind: NoticeKind,
    text: &str,
    sender: &SenderFields<'_>,
    custom: &[CustomField],
) -> Result<(), TemplateError> {
    let is_subject = kind == NoticeKind::EmailSubject;
    if let Some(at) = text.find(['\n', '\r']).filter(|_| is_subject) {
        return Err(TemplateError::at(text, at, "A subject must be one line"));
    }
    let words = checked_words(text)?;
    check_names(text, &words, Place::Notice { link: !is_subject }, custom)?;
    // Outside every `if` and as it is: a notice without its link is a message nobody can read.
    if !is_subject && !words.always_shows(LINK) {
        let at = words.fields.iter().find(|field| field.name == LINK).map(|field| field.at);
        let detail =
            "The text must hold {{ secure_link }}, by itself, without filters and outside of any {% if %}";
        return Err(at.map_or_else(|| TemplateError::new(detail), |at| TemplateError::at(text, at, detail)));
    }
    let (full, bare) = (CustomValues::sample(custom), CustomValues::empty(custom));
    let somebody = ContactFields { custom: Some(&full), ..SOMEBODY };
    let nobody = ContactFields { custom: Some(&bare), ..ContactFields::default() };
    for (contact, must_be_full) in [(somebody, true), (nobody, false)] {
        let fields = NoticeFields { sender: *sender, contact, secure_link: SAMPLE_LINK };
        let rendered = render_notice(text, &fields)?;
        if let Some(empty) = rendered.empty.filter(|_| must_be_full) {
            return Err(empty);
        }
        if is_subject && rendered.text.chars().count() > SUBJECT_MAX {
            return Err(TemplateError::new(format!("Use at most {SUBJECT_MAX} characters")));
        }
        if rendered.text.is_empty() {
            return Err(TemplateError::new("Write something here; it would be empty"));
        }
    }
    Ok(())
}

pub const SAMPLE_LINK: &str = "https://messages.example.org/m#0123456789abcdefABCDEF";

/// An invented contact.
pub const SOMEBODY: ContactFields<'static> = ContactFields {
    first_name: Some("Jordan"),
    last_name: Some("Reyes"),
    phone: Some("+15550100142"),
    email: Some("jordan@example.org"),
    external_id: Some("ehr-20481"),
    language: Some("en"),
    custom: None,
};

/// A notice's text. Line breaks at its ends, left by an `if` that was not taken, are dropped.
pub fn render_notice(text: &str, fields: &NoticeFields<'_>) -> Result<RenderedNotice, TemplateError> {
    let values = notice_values(&fields.sender, &fields.contact, fields.secure_link);
    let rendered = language::render(text, &values)?;
    let empty = rendered.empty.first().map(|output| {
        let detail = format!(
            "{} is empty here; put it into {{% if %}}, or write {{{{ {0} | default: '…' }}}}",
            output.value
        );
        TemplateError::at(text, output.at, detail)
    });
    // One kind of line break: mail has its own, and a text message counts each character.
    let lines = rendered.text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(RenderedNotice { text: set_apart(lines.trim(), fields.secure_link), empty })
}

/// A word that touches the link becomes part of it on a phone, and the link opens nothing.
fn set_apart(text: &str, link: &str) -> String {
    let mut parts = text.split(link);
    let mut apart = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if apart.chars().next_back().is_some_and(|before| !before.is_whitespace() && before != '(') {
            apart.push(' ');
        }
        apart.push_str(link);
        // A mark that ends a sentence is no part of a link; with more behind it, it is.
        let behind = part.trim_start_matches(['.', ',', ';', ':', '!', '?', ')']);
        if behind.chars().next().is_some_and(|after| !after.is_whitespace()) {
            apart.push(' ');
        }
        apart.push_str(part);
    }
    apart
}

/// Whether a PIN template can be saved.
pub fn check_pin(text: &str, custom: &[CustomField]) -> Result<(), TemplateError> {
    let words = checked_words(text)?;
    check_names(text, &words, Place::Pin, custom)?;
    if words.fields.is_empty() {
        return Err(TemplateError::new(
            "Use a field of the contact, such as {{ contact.phone | slice: -4, 4 }}",
        ));
    }
    let (full, bare) = (CustomValues::sample(custom), CustomValues::empty(custom));
    render_pin(text, &ContactFields { custom: Some(&full), ..SOMEBODY })?;
    render_pin(text, &ContactFields { custom: Some(&bare), ..ContactFields::default() }).map(|_| ())
}

/// The default PIN of one contact. Nothing, or too little to be a PIN, is no PIN: the caller refuses to
/// send, and fails closed at the gate.
pub fn render_pin(text: &str, contact: &ContactFields<'_>) -> Result<Option<Pin>, TemplateError> {
    Ok(language::render(text, &pin_values(contact))?.text.parse().ok())
}

fn checked_words(text: &str) -> Result<Words, TemplateError> {
    if text.chars().count() > TEMPLATE_MAX {
        return Err(TemplateError::new(format!("Use at most {TEMPLATE_MAX} characters")));
    }
    let control = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c == language::NOTHING;
    if let Some(at) = text.find(control) {
        return Err(TemplateError::at(text, at, "There is a character here that cannot be shown; remove it"));
    }
    Words::of(text)
}

impl TemplateError {
    fn new(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), line: None, column: None }
    }

    /// `at` is a place in `text`, in bytes.
    fn at(text: &str, at: usize, detail: impl Into<String>) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        let number = |count: usize| u32::try_from(count).ok();
        Self { detail: detail.into(), line: number(line), column: number(column) }
    }
}

#[cfg(test)]
mod tests;
