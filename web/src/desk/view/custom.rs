//! An organization's own contact fields: their keys, and what is typed into them.

use std::collections::BTreeMap;

use sealpost_shared::contact_fields::{ContactField, ContactFieldKind, CustomFields, CustomFieldsPatch};
use sealpost_shared::patch::Patch;
use sealpost_shared::text::FieldValue;

const KEY_MAX: usize = 40;

/// How a template names a field.
pub fn custom_code(key: &str) -> String {
    format!("{{{{ custom.{key} }}}}")
}

/// A key made of a name: `Year of birth` is `year_of_birth`. Nothing where no letter begins it.
pub fn key_of(label: &str) -> String {
    let mut key = String::new();
    for letter in label.chars().map(|letter| plain(letter.to_ascii_lowercase())) {
        match letter {
            'a'..='z' => key.push(letter),
            '0'..='9' if !key.is_empty() => key.push(letter),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    key.truncate(KEY_MAX);
    key.trim_end_matches('_').to_owned()
}

/// The letters of our languages without their marks.
const fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'Á' | 'À' | 'Â' | 'Ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'Ó' | 'Ò' | 'Ô' | 'Ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => other,
    }
}

/// What is typed into a contact's own fields, by key; empty for none.
pub type CustomTyped = BTreeMap<String, String>;

pub fn custom_typed(saved: &CustomFields) -> CustomTyped {
    saved.iter().map(|(key, value)| (key.clone(), value.as_str().to_owned())).collect()
}

/// The key of the sentence that says what a kind wants; nothing when it takes the value.
pub fn custom_wrong(kind: ContactFieldKind, typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    if typed.parse::<FieldValue>().is_err() {
        return Some("custom-long");
    }
    kind.refusal(typed)?;
    Some(match kind {
        ContactFieldKind::Text => return None,
        ContactFieldKind::Number => "custom-number",
        ContactFieldKind::Date => "custom-date",
        ContactFieldKind::Boolean => "custom-boolean",
    })
}

/// Only what differs from what the contact holds: emptied fields are removed. Fields that are gone
/// meanwhile stay out of it.
pub fn custom_patch(
    fields: &[ContactField],
    saved: &CustomFields,
    typed: &CustomTyped,
) -> Patch<CustomFieldsPatch> {
    let mut patch = CustomFieldsPatch::new();
    for field in fields {
        let key = field.key.as_str();
        let wanted = typed.get(key).and_then(|typed| typed.parse::<FieldValue>().ok());
        if wanted.as_ref() != saved.get(key) {
            patch.insert(key.to_owned(), wanted);
        }
    }
    if patch.is_empty() { Patch::Absent } else { Patch::Set(patch) }
}

/// The same for somebody new.
pub fn custom_values(fields: &[ContactField], typed: &CustomTyped) -> CustomFields {
    let known = fields.iter().map(|field| field.key.as_str());
    known.filter_map(|key| Some((key.to_owned(), typed.get(key)?.parse().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str) -> ContactField {
        serde_json::from_value(serde_json::json!({
            "id": "fld_01h455vb4pex5vsknk084sn02q", "key": key, "label": key, "kind": "text",
            "position": 0, "in_notices": false, "created_at": "2026-11-01T00:00:00Z",
        }))
        .expect("a field")
    }

    #[test]
    fn a_key_is_made_of_the_name() {
        for (label, key) in [
            ("Year of birth", "year_of_birth"),
            ("  Año de nacimiento ", "ano_de_nacimiento"),
            ("2nd phone (home)", "nd_phone_home"),
            ("Chart #", "chart"),
            ("生年", ""),
        ] {
            assert_eq!(key_of(label), key, "{label}");
        }
        assert_eq!(key_of(&"a".repeat(60)).len(), 40);
    }

    #[test]
    fn a_value_must_fit_its_kind() {
        use ContactFieldKind::{Date, Number, Text};
        assert_eq!(custom_wrong(Text, "anything"), None);
        assert_eq!(custom_wrong(Number, "1984"), None);
        assert_eq!(custom_wrong(Number, " "), None);
        assert_eq!(custom_wrong(Number, "many"), Some("custom-number"));
        assert_eq!(custom_wrong(Date, "1984-13-01"), Some("custom-date"));
        assert_eq!(custom_wrong(Text, &"a".repeat(501)), Some("custom-long"));
    }

    #[test]
    fn a_contacts_fields_are_patched_one_by_one() {
        let fields = ["a", "b", "c"].map(field);
        let value = |text: &str| text.parse::<FieldValue>().expect("a value");
        let saved = CustomFields::from([("a".to_owned(), value("1")), ("b".to_owned(), value("2"))]);
        let mut typed = custom_typed(&saved);
        assert_eq!(custom_patch(&fields, &saved, &typed), Patch::Absent);
        typed.insert("b".to_owned(), " ".to_owned());
        typed.insert("c".to_owned(), "3 ".to_owned());
        typed.insert("gone".to_owned(), "4".to_owned());
        let expected = CustomFieldsPatch::from([("b".to_owned(), None), ("c".to_owned(), Some(value("3")))]);
        assert_eq!(custom_patch(&fields, &saved, &typed), Patch::Set(expected));
        let values = custom_values(&fields, &typed);
        assert_eq!(values.keys().collect::<Vec<_>>(), ["a", "c"]);
    }
}
