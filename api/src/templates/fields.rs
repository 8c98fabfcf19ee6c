//! What templates can name, and what it stands for.

use std::collections::BTreeMap;

use liquid_core::model::{Object, Value};
use sealpost_shared::contact_fields::ContactFieldKind;

use super::TemplateError;
use super::language::NOTHING;
use super::words::{Field, Words};

pub(super) const LINK: &str = "secure_link";
const USER: &[&str] = &["user.name", "user.name_and_company"];
const ORGANIZATION: &[&str] = &["organization.name", "organization.phone", "organization.office_hours"];
const CONTACT: &[&str] = &[
    "contact.first_name",
    "contact.last_name",
    "contact.phone",
    "contact.email",
    "contact.external_id",
    "contact.language",
];
/// All that a notice may say of its reader unless the organization allows more.
const CONTACT_IN_NOTICES: &[&str] = &["contact.first_name"];
const UNPROTECTED: &str = "a notice travels unprotected";

/// A field that the organization added to its contacts.
#[derive(Debug, Clone)]
pub struct CustomField {
    pub key: String,
    pub kind: ContactFieldKind,
    pub in_notices: bool,
}

/// What one contact holds in them: every field the organization has, with or without a value.
#[derive(Clone, Default)]
pub struct CustomValues(pub Vec<(CustomField, Option<String>)>);

/// Where a text stands decides what it may name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Notice { link: bool },
    Pin,
}

/// Who wrote, and for which organization.
#[derive(Clone, Copy)]
pub struct SenderFields<'a> {
    pub user_name: &'a str,
    pub organization_name: &'a str,
    pub organization_phone: Option<&'a str>,
    pub office_hours: Option<&'a str>,
}

/// What an organization knows of a contact.
#[derive(Clone, Copy, Default)]
pub struct ContactFields<'a> {
    pub first_name: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
    pub external_id: Option<&'a str>,
    pub language: Option<&'a str>,
    pub custom: Option<&'a CustomValues>,
}

/// Whether a text names one of these fields.
pub fn names_custom_field(text: &str, key: &str) -> bool {
    let named = |name: &str| custom_key(name) == Some(key);
    // A text that cannot be read names everything that it could.
    Words::of(text)
        .map_or_else(|_| text.contains(key), |words| words.fields.iter().any(|field| named(&field.name)))
}

/// `custom.birth_year`, and the same through the contact.
fn custom_key(name: &str) -> Option<&str> {
    name.strip_prefix("contact.").unwrap_or(name).strip_prefix("custom.")
}

/// Every field must be one that this place knows and allows.
pub(super) fn check_names(
    text: &str,
    words: &Words,
    place: Place,
    custom: &[CustomField],
) -> Result<(), TemplateError> {
    words.fields.iter().try_for_each(|field| {
        check_name(field, place, custom).map_err(|detail| TemplateError::at(text, field.at, detail))
    })
}

fn check_name(field: &Field, place: Place, custom: &[CustomField]) -> Result<(), String> {
    let name = field.name.as_str();
    let own = custom_key(name).and_then(|key| custom.iter().find(|field| field.key == key));
    let exists = own.is_some() || [USER, ORGANIZATION, CONTACT, &[LINK]].concat().contains(&name);
    if !exists {
        return Err(unknown(name, place, custom));
    }
    match place {
        Place::Pin if own.is_some_and(|own| own.in_notices) => {
            Err(format!("{name} can be shown in notices, beside the link; a PIN never travels with its link"))
        }
        Place::Pin if own.is_some() || CONTACT.contains(&name) => Ok(()),
        Place::Pin => Err(format!("A PIN is made of the contact's own fields; {name} is none of them")),
        Place::Notice { link: false } if name == LINK => {
            Err("The link belongs into the text and not into the subject".to_owned())
        }
        Place::Notice { .. } => match own {
            Some(own) if !own.in_notices => Err(format!(
                "{name} cannot be shown here: {UNPROTECTED}. Allow it in the field's own settings"
            )),
            None if CONTACT.contains(&name) && !CONTACT_IN_NOTICES.contains(&name) => {
                Err(format!("{name} cannot be shown here: {UNPROTECTED}"))
            }
            _ => Ok(()),
        },
    }
}

fn unknown(name: &str, place: Place, custom: &[CustomField]) -> String {
    if name.starts_with("message.") || name == "body" {
        return format!("{name} cannot be shown here: what you write stays behind the link");
    }
    let known = known(place, custom);
    match known.iter().map(|known| (distance(name, known), known)).min() {
        Some((1..=2, near)) => format!("There is no field {name}; did you mean {near}?"),
        _ => format!("There is no field {name}; you can use {}", known.join(", ")),
    }
}

fn known(place: Place, custom: &[CustomField]) -> Vec<String> {
    let own = |field: &&CustomField| place == Place::Pin || field.in_notices;
    let fixed: Vec<&str> = match place {
        Place::Pin => CONTACT.to_vec(),
        Place::Notice { link } => {
            let link: &[&str] = if link { &[LINK] } else { &[] };
            [USER, ORGANIZATION, CONTACT_IN_NOTICES, link].concat()
        }
    };
    let own = custom.iter().filter(own).map(|field| format!("custom.{}", field.key));
    fixed.into_iter().map(str::to_owned).chain(own).collect()
}

/// How many letters to change, add or leave out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// What a notice is rendered with. Own fields that notices may not show are empty.
pub(super) fn notice_values(sender: &SenderFields<'_>, contact: &ContactFields<'_>, link: &str) -> Object {
    let user =
        object([("name", Some(sender.user_name)), ("name_and_company", Some(&sender.name_and_company()))]);
    let organization = object([
        ("name", Some(sender.organization_name)),
        ("phone", sender.organization_phone),
        ("office_hours", sender.office_hours),
    ]);
    let custom = custom_object(contact.custom, |field| field.in_notices);
    let mut person = object([("first_name", contact.first_name)]);
    person.insert("custom".into(), Value::Object(custom.clone()));
    let mut values = object([(LINK, Some(link))]);
    for (name, fields) in
        [("user", user), ("organization", organization), ("contact", person), ("custom", custom)]
    {
        values.insert(name.into(), Value::Object(fields));
    }
    values
}

/// What a PIN is rendered with.
pub(super) fn pin_values(contact: &ContactFields<'_>) -> Object {
    let custom = custom_object(contact.custom, |_| true);
    let mut person = object([
        ("first_name", contact.first_name),
        ("last_name", contact.last_name),
        ("phone", contact.phone),
        ("email", contact.email),
        ("external_id", contact.external_id),
        ("language", contact.language),
    ]);
    person.insert("custom".into(), Value::Object(custom.clone()));
    let mut values = Object::new();
    values.insert("contact".into(), Value::Object(person));
    values.insert("custom".into(), Value::Object(custom));
    values
}

fn custom_object(values: Option<&CustomValues>, shown: impl Fn(&CustomField) -> bool) -> Object {
    let values = values.map(|values| values.0.as_slice()).unwrap_or_default();
    values
        .iter()
        .map(|(field, value)| (field.key.clone().into(), text(value.as_deref().filter(|_| shown(field)))))
        .collect()
}

fn object<const N: usize>(fields: [(&'static str, Option<&str>); N]) -> Object {
    fields.into_iter().map(|(name, value)| (name.into(), text(value))).collect()
}

/// Absent fields are nil and not "": nil is what `if` and `default` take for absent.
fn text(value: Option<&str>) -> Value {
    let value = value.map(|text| text.replace(NOTHING, "")).filter(|text| !text.is_empty());
    value.map_or(Value::Nil, Value::scalar)
}

impl SenderFields<'_> {
    /// "Dr. Amy Lee at Riverside Family Clinic", or the organization alone where nobody in person wrote.
    fn name_and_company(&self) -> String {
        if self.user_name.is_empty() || self.user_name == self.organization_name {
            self.organization_name.to_owned()
        } else {
            format!("{} at {}", self.user_name, self.organization_name)
        }
    }
}

impl CustomValues {
    /// Of nobody: each field with a value that its kind takes, for trial runs.
    pub fn sample(fields: &[CustomField]) -> Self {
        let value = |kind| match kind {
            ContactFieldKind::Text => "sample text",
            ContactFieldKind::Number => "1984",
            ContactFieldKind::Date => "1984-03-21",
            ContactFieldKind::Boolean => "true",
        };
        Self(fields.iter().map(|field| (field.clone(), Some(value(field.kind).to_owned()))).collect())
    }

    pub fn empty(fields: &[CustomField]) -> Self {
        Self(fields.iter().map(|field| (field.clone(), None)).collect())
    }

    /// Of a contact, by key.
    pub fn of(fields: Vec<CustomField>, mut values: BTreeMap<String, String>) -> Self {
        Self(
            fields
                .into_iter()
                .map(|field| {
                    let value = values.remove(&field.key);
                    (field, value)
                })
                .collect(),
        )
    }
}
