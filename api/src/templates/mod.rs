//! The texts that an organization writes itself: its notices, and where the default PIN comes from.
//!
//! Liquid, cut down to fields, a few filters and `if`. Hides the template engine. What can be wrong is
//! found when a text is saved, never when somebody waits for a message: only known fields, in every
//! branch, and a notice that cannot lose its link.

mod language;
mod words;

use liquid_core::model::{Object, Value};
use sealpost_shared::text::Pin;

use words::Words;

/// The longest template, in characters; the engine has no limits of its own.
pub const TEMPLATE_MAX: usize = 2_000;
/// The longest subject line.
pub const SUBJECT_MAX: usize = 200;

pub const DEFAULT_SMS_BODY: &str =
    "{{ user.name_and_company }} sent you a private message: {{ secure_link }}";
pub const DEFAULT_EMAIL_SUBJECT: &str = "A private message from {{ user.name_and_company }}";
pub const DEFAULT_EMAIL_BODY: &str = "{{ user.name_and_company }} sent you a private message.\n\n\
    Open it here:\n{{ secure_link }}\n\n\
    {% if organization.phone %}Questions? Call {{ organization.phone }}.{% endif %}";

const LINK: &str = "secure_link";
const NOTICE_NAMES: &[&str] =
    &["user.name", "user.name_and_company", "organization.name", "organization.phone"];
const CONTACT_NAMES: &[&str] = &[
    "contact.first_name",
    "contact.last_name",
    "contact.phone",
    "contact.email",
    "contact.external_id",
    "contact.language",
];

/// Which of an organization's notices a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    SmsBody,
    EmailSubject,
    EmailBody,
}

/// What is wrong, for the person who wrote the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TemplateError {
    pub detail: String,
    /// Counted from 1.
    pub line: Option<usize>,
}

/// What a notice may say: who wrote and where to read, nothing of the message or of the reader.
#[derive(Clone, Copy)]
pub struct NoticeFields<'a> {
    pub user_name: &'a str,
    pub organization_name: &'a str,
    pub organization_phone: Option<&'a str>,
    pub secure_link: &'a str,
}

/// What a default PIN can be made of.
#[derive(Clone, Copy, Default)]
pub struct ContactFields<'a> {
    pub first_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
    pub external_id: Option<&'a str>,
    pub language: Option<&'a str>,
}

/// Whether an organization's notice can be saved.
pub fn check_notice(kind: NoticeKind, text: &str) -> Result<(), TemplateError> {
    let known = match kind {
        NoticeKind::EmailSubject => NOTICE_NAMES.to_vec(),
        NoticeKind::SmsBody | NoticeKind::EmailBody => [NOTICE_NAMES, &[LINK]].concat(),
    };
    if kind == NoticeKind::EmailSubject && text.contains(['\n', '\r']) {
        return Err(TemplateError::new("must be one line"));
    }
    let words = checked_words(text, &known)?;
    // Outside every `if` and as it is: a notice without its link is a message nobody can read.
    if kind != NoticeKind::EmailSubject && !words.always_shows(LINK) {
        return Err(TemplateError::new("must hold {{ secure_link }}, by itself and outside of any {% if %}"));
    }
    for phone in [None, Some("(555) 010-0100")] {
        let rendered = render_notice(text, &NoticeFields { organization_phone: phone, ..SAMPLE })?;
        if kind == NoticeKind::EmailSubject && rendered.chars().count() > SUBJECT_MAX {
            return Err(TemplateError::new(format!("must have at most {SUBJECT_MAX} characters")));
        }
        if rendered.trim().is_empty() {
            return Err(TemplateError::new("must not be empty"));
        }
    }
    Ok(())
}

const SAMPLE: NoticeFields<'static> = NoticeFields {
    user_name: "Dr. Amy Lee",
    organization_name: "Riverside Family Clinic",
    organization_phone: None,
    secure_link: "https://messages.example.org/m#0123456789abcdefABCDEF",
};

/// A notice's text. Line breaks at its ends, left by an `if` that was not taken, are dropped.
pub fn render_notice(text: &str, fields: &NoticeFields<'_>) -> Result<String, TemplateError> {
    let user =
        object(&[("name", Some(fields.user_name)), ("name_and_company", Some(&fields.name_and_company()))]);
    let organization =
        object(&[("name", Some(fields.organization_name)), ("phone", fields.organization_phone)]);
    let mut values = object(&[(LINK, Some(fields.secure_link))]);
    values.insert("user".into(), Value::Object(user));
    values.insert("organization".into(), Value::Object(organization));
    Ok(language::render(text, &values)?.trim().to_owned())
}

/// Whether a PIN template can be saved.
pub fn check_pin(text: &str) -> Result<(), TemplateError> {
    let words = checked_words(text, CONTACT_NAMES)?;
    if !words.has_names() {
        return Err(TemplateError::new("must use a field, such as {{ contact.phone | slice: -4, 4 }}"));
    }
    let sample = ContactFields {
        first_name: Some("Jordan"),
        last_name: Some("Reyes"),
        phone: Some("+15550100142"),
        email: Some("jordan@example.org"),
        external_id: Some("ehr-20481"),
        language: Some("en"),
    };
    render_pin(text, &sample)?;
    render_pin(text, &ContactFields::default()).map(|_| ())
}

/// The default PIN of one contact. Nothing, or too little to be a PIN, is no PIN: the caller refuses to
/// send, and fails closed at the gate.
pub fn render_pin(text: &str, contact: &ContactFields<'_>) -> Result<Option<Pin>, TemplateError> {
    let contact = object(&[
        ("first_name", contact.first_name),
        ("last_name", contact.last_name),
        ("phone", contact.phone),
        ("email", contact.email),
        ("external_id", contact.external_id),
        ("language", contact.language),
    ]);
    let mut values = Object::new();
    values.insert("contact".into(), Value::Object(contact));
    Ok(language::render(text, &values)?.parse().ok())
}

fn checked_words(text: &str, known: &[&str]) -> Result<Words, TemplateError> {
    if text.chars().count() > TEMPLATE_MAX {
        return Err(TemplateError::new(format!("must have at most {TEMPLATE_MAX} characters")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TemplateError::new("must not hold control characters"));
    }
    let words = Words::of(text)?;
    words.check_names(known)?;
    Ok(words)
}

/// Absent fields are nil and not "": nil is what `if` and `default` take for absent.
fn object(fields: &[(&'static str, Option<&str>)]) -> Object {
    fields
        .iter()
        .map(|(name, value)| {
            let value = value.filter(|text| !text.is_empty());
            ((*name).into(), value.map_or(Value::Nil, |text| Value::scalar(text.to_owned())))
        })
        .collect()
}

impl NoticeFields<'_> {
    /// "Dr. Amy Lee at Riverside Family Clinic", or the organization alone where nobody in person wrote.
    fn name_and_company(&self) -> String {
        if self.user_name.is_empty() || self.user_name == self.organization_name {
            self.organization_name.to_owned()
        } else {
            format!("{} at {}", self.user_name, self.organization_name)
        }
    }
}

impl TemplateError {
    fn new(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), line: None }
    }

    fn at(line: usize, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), line: Some(line) }
    }
}

#[cfg(test)]
mod tests;
