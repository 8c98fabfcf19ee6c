//! Organizations, the people who work there, and how they sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{OrganizationId, UserId};

/// What a member of the staff may do. Open enum: more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "server", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Role {
    Admin,
    Member,
    ReadOnly,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Organization {
    pub id: OrganizationId,
    #[serde(flatten)]
    pub card: OrganizationCard,
    /// An IANA time zone, such as `America/Chicago`.
    pub time_zone: String,
}

/// What a patient may know of an organization before anything else: who wrote, and whom to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrganizationCard {
    pub name: String,
    /// As a person would read it, such as `(555) 010-0100`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// `#rrggbb`, checked for contrast; the house colour when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent_color: Option<String>,
    /// "Not for emergencies. …" in the organization's own words; a default sentence when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_notice: Option<String>,
    /// The path of a PNG of at most 256×256; changes with the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SignIn {
    #[cfg_attr(feature = "server", schema(example = "amy.lee@riverside.example"))]
    pub email: String,
    #[cfg_attr(feature = "server", schema(format = "password"))]
    pub password: String,
}

/// A link that signs somebody in once, such as that of the demo's banner.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SignInOnce {
    pub token: String,
}

/// Who is signed in, where, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StaffSession {
    pub user: User,
    pub organization: Organization,
    /// When the session ends if nobody does anything; `POST /session/stay` moves it.
    pub idle_expires_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}
