//! How an organization sends privately.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::links::LinkLifetime;

/// Where the default PIN comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum DefaultPinKind {
    #[default]
    None,
    /// One PIN for everybody who has none of their own.
    Text,
    /// Made from each contact's fields, such as `{{ contact.phone | slice: -4, 4 }}`.
    Template,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DefaultPin {
    pub kind: DefaultPinKind,
    /// The PIN or the template. A text PIN is taken and never returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A text PIN does not print itself.
impl fmt::Debug for DefaultPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DefaultPin").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecureMessagingSettings {
    pub enabled: bool,
    pub secure_by_default: bool,
    /// With `{{ secure_link }}`, and `{{ user.name_and_company }}` for who wrote.
    pub notice_sms_body: String,
    pub notice_email_subject: String,
    pub notice_email_body: String,
    pub link_lifetime: LinkLifetime,
    /// Off: contacts' PINs and the default are not asked for. A message's own PIN, once given, always is.
    pub pin_enabled: bool,
    pub default_pin: DefaultPin,
    /// Links over 24 hours are refused for contacts without a PIN.
    pub require_pin_over_24_hours: bool,
    /// Expired links do not say where a new one would go.
    pub hide_hint: bool,
}

/// A JSON merge patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateSecureMessagingSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure_by_default: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_sms_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_email_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_lifetime: Option<LinkLifetime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_pin: Option<DefaultPin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_pin_over_24_hours: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_hint: Option<bool>,
}
