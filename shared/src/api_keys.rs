//! Integrators' keys: what each may do, until when, and the secret that is shown once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::KeyId;
use crate::text::Name;

/// The longest that a key can be given, in days.
pub const DAYS_MAX: u32 = 3660;

/// What a key may do: as much as a member of the staff with the role `read_only`, `member` or `admin`, but for what
/// is for people alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum KeyScope {
    /// Reads, and follows events.
    Read,
    /// Also writes messages and contacts.
    Write,
    /// Also changes the organization's settings.
    Admin,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub id: KeyId,
    #[cfg_attr(feature = "server", schema(example = "Practice software"))]
    pub name: String,
    /// How the secret starts, to tell keys apart; absent for keys from before there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(example = "spk_live_7Gq2"))]
    pub prefix: Option<String>,
    pub scope: KeyScope,
    pub created_at: DateTime<Utc>,
    /// Lets nobody in from then on; absent for a key that is good until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it last let somebody in, to the minute; absent when it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<DateTime<Utc>>,
    /// Lets nobody in since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Which keys a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyQuery {
    /// `true`: also those that were revoked or are over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<bool>,
    /// Entries per page, 1 to 200; 50 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 200))]
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateApiKey {
    pub name: Name,
    pub scope: KeyScope,
    /// Days until it ends; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 3660, example = 365))]
    pub expires_in_days: Option<u32>,
    /// One's own.
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub current_password: String,
}

/// The new key with its secret. Shown once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreatedApiKey {
    pub api_key: ApiKey,
    #[cfg_attr(feature = "server", schema(example = "spk_live_7Gq2mZx7LwB5cVn8RdYkT3fT9kQ2mZx7LwB5cVn8RdY"))]
    pub secret: String,
}
