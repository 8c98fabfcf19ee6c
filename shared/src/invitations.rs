//! Invitations: how colleagues get an account.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::InvitationId;
use crate::staff::{OrganizationCard, Role};
use crate::text::{Email, Name};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum InvitationState {
    Pending,
    Accepted,
    /// Seven days have passed; `resend` makes it good again.
    Expired,
}

/// Where the invitation's email is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum InvitationEmail {
    /// On its way.
    Queued,
    Sent,
    Failed,
    /// The installation has no email: `link` was given to the admin, to hand over.
    NotSent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: InvitationId,
    pub name: Name,
    pub email: Email,
    pub role: Role,
    pub state: InvitationState,
    pub email_status: InvitationEmail,
    /// Why the email did not arrive, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_failure: Option<String>,
    /// Who invited.
    pub invited_by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
    /// Only in the answer to creating or resending, and only when the installation has no email: give it to
    /// your colleague yourself. It is not shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(example = json!({ "name": "Sam Ortiz", "email": "sam.ortiz@riverside.example", "role": "member" })))]
pub struct CreateInvitation {
    pub name: Name,
    pub email: Email,
    pub role: Role,
}

/// The token of `/desk#invite=TOKEN`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OpenInvitation {
    pub token: String,
}

/// What somebody with an invitation in hand sees before they accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct InvitationOffer {
    pub organization: OrganizationCard,
    pub name: Name,
    pub email: Email,
    pub role: Role,
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AcceptInvitation {
    pub token: String,
    pub name: Name,
    #[cfg_attr(feature = "server", schema(format = "password", min_length = 12, max_length = 128))]
    pub password: String,
}

/// Tokens and passwords do not print themselves.
impl fmt::Debug for OpenInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenInvitation").finish_non_exhaustive()
    }
}

impl fmt::Debug for AcceptInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptInvitation").field("name", &self.name).finish_non_exhaustive()
    }
}
