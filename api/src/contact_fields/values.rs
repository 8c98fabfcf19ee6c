//! What one contact holds in its organization's own fields.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sealpost_shared::contact_fields::{CustomFields, CustomFieldsPatch};
use sealpost_shared::ids::ContactFieldId;
use sealpost_shared::patch::Patch;

use crate::entities::{contact, contact_field, secure_messaging_settings};
use crate::problem::{Problem, Result};
use crate::secrets::{ContactKey, Field};
use crate::templates::{CustomField, CustomValues};

/// By the field's id.
pub type Values = BTreeMap<String, String>;

pub fn open(key: &ContactKey, row: &contact::Model) -> Result<Values> {
    let Some(sealed) = &row.sealed_custom_fields else { return Ok(Values::new()) };
    let json = key.open(Field::ContactCustomFields, row.id.uuid(), sealed)?;
    serde_json::from_str(&json).map_err(|_| Problem::internal("stored values are not what they were"))
}

pub fn seal(key: &ContactKey, row: &contact::Model, values: &Values) -> Result<Option<Vec<u8>>> {
    if values.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_string(values).map_err(Problem::internal)?;
    Ok(Some(key.seal(Field::ContactCustomFields, row.id.uuid(), &json)?))
}

/// Whether these could be a contact's: every key is a field, and its kind takes the value.
pub fn check(fields: &[contact_field::Model], wanted: &CustomFields) -> Result<()> {
    let wanted = wanted.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    merge(fields, Values::new(), Patch::Set(wanted)).map(|_| ())
}

/// The values after a merge patch.
pub fn merge(
    fields: &[contact_field::Model],
    current: Values,
    patch: Patch<CustomFieldsPatch>,
) -> Result<Values> {
    let patch = match patch {
        Patch::Absent => CustomFieldsPatch::new(),
        Patch::Clear => return Ok(Values::new()),
        Patch::Set(patch) => patch,
    };
    let known = |id: &str| fields.iter().any(|field| field.id.to_string() == id);
    let mut values: Values = current.into_iter().filter(|(id, _)| known(id)).collect();
    for (key, value) in patch {
        let pointer = format!("/custom_fields/{}", key.replace('~', "~0").replace('/', "~1"));
        let Some(field) = fields.iter().find(|field| field.key == key) else {
            return Err(Problem::field(
                &pointer,
                "unknown",
                "is not a field of this organization's contacts",
            ));
        };
        match value {
            None => {
                values.remove(&field.id.to_string());
            }
            Some(value) => {
                if let Some(refusal) = field.kind.refusal(value.as_str()) {
                    return Err(Problem::field(&pointer, "invalid", refusal));
                }
                values.insert(field.id.to_string(), value.into_string());
            }
        }
    }
    Ok(values)
}

/// As answers show them: by key.
pub fn custom_fields(
    fields: &[contact_field::Model],
    key: &ContactKey,
    row: &contact::Model,
) -> Result<CustomFields> {
    let by_key = |(id, value): (String, String)| {
        let id: ContactFieldId = id.parse().ok()?;
        let field = fields.iter().find(|field| field.id == id)?;
        value.parse().ok().map(|value| (field.key.clone(), value))
    };
    Ok(open(key, row)?.into_iter().filter_map(by_key).collect())
}

/// The definitions, as templates see them.
pub fn for_templates(fields: &[contact_field::Model]) -> Vec<CustomField> {
    let field = |field: &contact_field::Model| CustomField {
        key: field.key.clone(),
        kind: field.kind,
        in_notices: field.in_notices,
    };
    fields.iter().map(field).collect()
}

/// What the organization's templates find of this contact. Looks only when one of them names such a field:
/// most do not, and a send is as few look-ups as it can be.
pub async fn custom_values(
    db: &impl ConnectionTrait,
    settings: &secure_messaging_settings::Model,
    row: &contact::Model,
    key: &ContactKey,
) -> Result<CustomValues> {
    let texts = [
        Some(&settings.notice_sms_body),
        Some(&settings.notice_email_subject),
        Some(&settings.notice_email_body),
        settings.default_pin_template.as_ref(),
    ];
    if !texts.into_iter().flatten().any(|text| text.contains("custom.")) {
        return Ok(CustomValues::default());
    }
    let fields = contact_field::list(db, row.organization_id).await?;
    let values = custom_fields(&fields, key, row)?;
    let values = values.into_iter().map(|(key, value)| (key, value.into_string())).collect();
    Ok(CustomValues::of(for_templates(&fields), values))
}
