//! The fields that an organization adds to its contacts, and what a contact holds in them.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::ContactFieldId;
use crate::text::{FieldKey, FieldValue, Name};

/// The most fields an organization may have.
pub const CONTACT_FIELDS_MAX: usize = 50;

/// What a field may hold. All are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum ContactFieldKind {
    /// One line of up to 500 characters.
    Text,
    /// A decimal number, such as `1984` or `-2.5`.
    Number,
    /// A day, such as `1984-03-21`.
    Date,
    /// `true` or `false`.
    Boolean,
}

impl ContactFieldKind {
    pub const ALL: [Self; 4] = [Self::Text, Self::Number, Self::Date, Self::Boolean];

    /// What a value that this kind does not take must be instead; nothing when it takes it.
    pub fn refusal(self, value: &str) -> Option<&'static str> {
        let takes = match self {
            Self::Text => true,
            Self::Number => is_number(value),
            Self::Date => is_date(value),
            Self::Boolean => matches!(value, "true" | "false"),
        };
        match self {
            _ if takes => None,
            Self::Text => None,
            Self::Number => Some("must be a number, such as 1984 or -2.5"),
            Self::Date => Some("must be a day, such as 1984-03-21"),
            Self::Boolean => Some("must be true or false"),
        }
    }
}

fn is_number(value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let value = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    value.len() <= 30 && digits(whole) && digits(part)
}

fn is_date(value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    // Four digits first: a sign is no part of a year.
    value.len() == 10
        && digits
        && chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok_and(|it| it.year() > 0)
}

/// A field of this organization's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContactField {
    pub id: ContactFieldId,
    /// How templates (`{{ custom.birth_year }}`) and `custom_fields` name it.
    pub key: FieldKey,
    /// How people read it.
    #[cfg_attr(feature = "server", schema(value_type = String, example = "Year of birth"))]
    pub label: Name,
    pub kind: ContactFieldKind,
    /// Where it stands in lists, smallest first.
    pub position: u32,
    /// Notices may name it. A notice travels unprotected: leave this off for anything private.
    pub in_notices: bool,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"key": "birth_year", "label": "Year of birth", "kind": "number"})))]
pub struct CreateContactField {
    pub key: FieldKey,
    #[cfg_attr(feature = "server", schema(value_type = String, example = "Year of birth"))]
    pub label: Name,
    pub kind: ContactFieldKind,
    /// Behind all others when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(maximum = 10_000))]
    pub position: Option<u32>,
    #[serde(default)]
    pub in_notices: bool,
}

/// A JSON merge patch. The kind stays what it was: contacts hold values of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({"label": "Born in", "position": 3})))]
pub struct UpdateContactField {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<FieldKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "Year of birth"))]
    pub label: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(maximum = 10_000))]
    pub position: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_notices: Option<bool>,
}

/// What a contact holds in its organization's own fields, by key.
pub type CustomFields = BTreeMap<String, FieldValue>;
/// A merge patch of them: `null` removes one.
pub type CustomFieldsPatch = BTreeMap<String, Option<FieldValue>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_takes_its_own_values() {
        use ContactFieldKind::{Boolean, Date, Number, Text};
        for (kind, value, taken) in [
            (Text, "anything at all", true),
            (Number, "1984", true),
            (Number, "-2.5", true),
            (Number, "007", true),
            (Number, "2.", false),
            (Number, ".5", false),
            (Number, "1e3", false),
            (Number, "--1", false),
            (Number, "1,5", false),
            (Number, "٣", false),
            (Date, "1984-02-29", true),
            (Date, "1983-02-29", false),
            (Date, "1984-2-9", false),
            (Date, "21/03/1984", false),
            (Date, "+984-03-21", false),
            (Boolean, "true", true),
            (Boolean, "yes", false),
        ] {
            assert_eq!(kind.refusal(value).is_none(), taken, "{kind:?} {value}");
        }
    }
}
