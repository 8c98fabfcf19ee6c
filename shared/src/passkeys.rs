//! Passkeys (W3C Web Authentication, level 3): what the browser is asked for, and what it answers. Names are the
//! specification's own (`PublicKeyCredentialCreationOptionsJSON` and its kin), so that a page can hand them on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::PasskeyId;
use crate::text::Name;

/// The most that one person can have.
pub const PASSKEYS_MAX: usize = 20;

/// One of one's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Passkey {
    pub id: PasskeyId,
    /// As its owner calls it.
    #[cfg_attr(feature = "server", schema(example = "My phone"))]
    pub name: String,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<DateTime<Utc>>,
    /// It was used by something that seems to be a copy of it, and lets nobody in since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distrusted_at: Option<DateTime<Utc>>,
}

/// The password once more: whoever found a desk unattended adds nothing.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StartPasskey {
    /// Needed at the desk; not by who has given it a moment ago, to sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub password: Option<String>,
}

/// Asked before one is removed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyPassword {
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub password: String,
}

/// What to give `navigator.credentials.create`, and what to send back with its answer, within five minutes.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyRegistration {
    #[cfg_attr(feature = "server", schema(example = "3fT9kQ2mZx7LwB5cVn8RdY"))]
    pub ceremony: String,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON`.
    pub options: CreationOptions,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreationOptions {
    pub rp: RelyingParty,
    pub user: PasskeyOwner,
    pub challenge: String,
    pub pub_key_cred_params: Vec<KeyKind>,
    /// In milliseconds.
    pub timeout: u32,
    #[serde(default)]
    pub exclude_credentials: Vec<CredentialName>,
    pub authenticator_selection: AuthenticatorSelection,
    pub attestation: String,
}

/// This installation.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RelyingParty {
    #[cfg_attr(feature = "server", schema(example = "messages.riverside.example"))]
    pub id: String,
    pub name: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyOwner {
    pub id: String,
    pub name: String,
    pub display_name: String,
}

/// A COSE algorithm.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct KeyKind {
    #[serde(rename = "type")]
    pub kind: String,
    pub alg: i64,
}

#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CredentialName {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AuthenticatorSelection {
    pub resident_key: String,
    pub require_resident_key: bool,
    pub user_verification: String,
}

/// The browser's answer, named by its owner.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AddPasskey {
    #[cfg_attr(feature = "server", schema(example = "3fT9kQ2mZx7LwB5cVn8RdY"))]
    pub ceremony: String,
    pub name: Name,
    pub credential: NewCredential,
}

/// Of `PublicKeyCredential.toJSON()` what counts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct NewCredential {
    pub id: String,
    pub raw_id: String,
    #[serde(rename = "type")]
    #[cfg_attr(feature = "server", schema(example = "public-key"))]
    pub kind: String,
    pub response: Attestation,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Attestation {
    pub attestation_object: String,
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: String,
}

/// The passkey, and with the first second step the codes for the day it is lost. Shown once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AddedPasskey {
    pub passkey: Passkey,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RenamePasskey {
    pub name: Name,
}

/// What to give `navigator.credentials.get`, and what to send back with its answer, within five minutes.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyRequest {
    #[cfg_attr(feature = "server", schema(example = "3fT9kQ2mZx7LwB5cVn8RdY"))]
    pub ceremony: String,
    /// For `PublicKeyCredential.parseRequestOptionsFromJSON`.
    pub options: RequestOptions,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RequestOptions {
    pub challenge: String,
    /// In milliseconds.
    pub timeout: u32,
    pub rp_id: String,
    pub allow_credentials: Vec<CredentialName>,
    pub user_verification: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TakePasskey {
    #[cfg_attr(feature = "server", schema(example = "3fT9kQ2mZx7LwB5cVn8RdY"))]
    pub ceremony: String,
    pub credential: UsedCredential,
}

/// Of `PublicKeyCredential.toJSON()` what counts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UsedCredential {
    pub id: String,
    pub raw_id: String,
    #[serde(rename = "type")]
    #[cfg_attr(feature = "server", schema(example = "public-key"))]
    pub kind: String,
    pub response: Assertion,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Assertion {
    pub authenticator_data: String,
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: String,
    pub signature: String,
}
