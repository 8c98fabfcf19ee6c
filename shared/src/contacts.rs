//! The people an organization writes to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::contact_fields::{CustomFields, CustomFieldsPatch};
use crate::deliveries::FailureCode;
use crate::ids::ContactId;
use crate::patch::Patch;
use crate::text::{Email, Name, Phone, Pin};

/// How a notice travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Channel {
    Sms,
    Email,
}

impl Channel {
    pub const fn other(self) -> Self {
        match self {
            Self::Sms => Self::Email,
            Self::Email => Self::Sms,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateContact {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_channel: Option<Channel>,
    /// A BCP 47 tag, such as `en` or `es-MX`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// An IANA time zone, such as `America/Chicago`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The caller's own id, unique in the organization, 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Values of the organization's own fields, by key.
    #[serde(default, skip_serializing_if = "CustomFields::is_empty")]
    #[cfg_attr(feature = "server", schema(value_type = std::collections::HashMap<String, String>, example = json!({"birth_year": "1984"})))]
    pub custom_fields: CustomFields,
}

/// A JSON merge patch: absent fields stay, `null` clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateContact {
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "Jordan"))]
    pub first_name: Patch<Name>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "Reyes"))]
    pub last_name: Patch<Name>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "+15550100142"))]
    pub phone: Patch<Phone>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "jordan@example.org"))]
    pub email: Patch<Email>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "sms"))]
    pub preferred_channel: Patch<Channel>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "en"))]
    pub language: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "America/Chicago"))]
    pub time_zone: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, example = "ehr-20481"))]
    pub external_id: Patch<String>,
    /// By key; `null` removes a value, and all of them in the place of the object.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "server", schema(value_type = Option<std::collections::HashMap<String, Option<String>>>, example = json!({"birth_year": "1984"})))]
    pub custom_fields: Patch<CustomFieldsPatch>,
}

/// A number or address of which it is known that nothing arrives there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AddressFault {
    pub channel: Channel,
    pub code: FailureCode,
    pub since: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Contact {
    pub id: ContactId,
    /// First and last name, else the phone number or email address.
    pub display_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Values of the organization's own fields, by key.
    #[serde(default, skip_serializing_if = "CustomFields::is_empty")]
    #[cfg_attr(feature = "server", schema(value_type = std::collections::HashMap<String, String>, example = json!({"birth_year": "1984"})))]
    pub custom_fields: CustomFields,
    /// A PIN is set. It is never shown.
    pub has_pin: bool,
    /// Too many wrong PINs on all links together; `POST /contacts/{id}/unlock` clears it.
    pub pin_disabled: bool,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_disabled_at: Option<DateTime<Utc>>,
    /// Channels this person does not want.
    #[serde(default)]
    pub opted_out: Vec<Channel>,
    /// Known until the number or address is changed, or something arrives there again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address_faults: Vec<AddressFault>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SetPin {
    pub pin: Pin,
}

/// Which contacts a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ContactQuery {
    /// The start of a first or last name, or a whole phone number or email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// The caller's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Entries per page, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 200))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
