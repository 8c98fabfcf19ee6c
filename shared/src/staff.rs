//! Organizations, the people who work there, and how they sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{OrganizationId, UserId};
use crate::text::{Email, Name};

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
    /// Absent for the first admin until they have set one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
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
    /// The person can come back by email and password. Until the first admin has set them, the setup link is
    /// the only way in.
    pub has_password: bool,
    /// Something is asked for beside the password: a passkey or a code from an app.
    pub has_second_step: bool,
    /// A code from an app is among it.
    pub has_totp: bool,
    /// Setup was begun and is neither finished nor put away: show the wizard. For admins alone.
    pub setup_due: bool,
}

/// What signing in comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SignedIn {
    Session(Box<StaffSession>),
    SecondStepDue(SecondStepDue),
    EnrolmentDue(EnrolmentDue),
}

/// The password was right; `POST /session/second-step` wants a code within five minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecondStepDue {
    /// Always true.
    pub mfa_required: bool,
    /// What this account can take it with.
    #[serde(default)]
    pub methods: Vec<SecondStepMethod>,
}

/// What the second step of signing in can be. Open enum: more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SecondStepMethod {
    /// `POST /session/second-step/passkey`.
    Passkey,
    /// A code from an app: `POST /session/second-step`.
    Totp,
    /// One of the codes kept for the day that the rest is lost: `POST /session/second-step`.
    RecoveryCode,
}

/// The organization wants a second step and there is none yet: it is set up within half an hour, by
/// `POST /session/totp` and `POST /session/totp/confirm`, before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct EnrolmentDue {
    /// Always true.
    pub enrolment_required: bool,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TakeSecondStep {
    /// Six digits from the app, or one of the recovery codes. Spaces and dashes do not count.
    #[cfg_attr(feature = "server", schema(max_length = 40, example = "492039"))]
    pub code: String,
}

/// A JSON merge patch of one's own account. A new email address needs the current password, where there is one.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateOwnUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub current_password: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SetPassword {
    /// 12 to 128 characters that are hard to guess.
    #[cfg_attr(feature = "server", schema(format = "password", min_length = 12, max_length = 128))]
    pub password: String,
    /// Needed where there is one already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub current_password: Option<String>,
}

/// The password once more: whoever found a desk unattended turns nothing on.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StartTotp {
    /// Needed at the desk; not by who has given it a moment ago, to sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub password: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RenewRecoveryCodes {
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub password: String,
}

/// What an authenticator app is given. Shown once; counts only after a code from it was confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TotpEnrolment {
    /// Base32, for typing into the app.
    pub secret: String,
    pub otpauth_url: String,
    pub qr: QrCode,
}

/// A QR code as one SVG path: `<svg viewBox="0 0 SIZE SIZE"><path d="PATH"/></svg>`, with the quiet zone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct QrCode {
    /// Modules on a side.
    pub size: u32,
    /// The dark modules.
    pub path: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ConfirmTotp {
    #[cfg_attr(feature = "server", schema(max_length = 40, example = "492039"))]
    pub code: String,
}

/// Each works once, in the place of a code from the app. Shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RemoveTotp {
    #[cfg_attr(feature = "server", schema(format = "password", max_length = 128))]
    pub password: String,
}

/// A colleague, as admins see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Account {
    #[serde(flatten)]
    pub user: User,
    pub has_second_step: bool,
    pub created_at: DateTime<Utc>,
    /// When they last did something at the desk; sessions are kept for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<DateTime<Utc>>,
    /// Cannot sign in since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<DateTime<Utc>>,
    /// After a hundred wrong passwords or codes in a row, from browsers that the person had not used before, no more
    /// are taken from such browsers. A new password ends it: `POST /users/{user_id}/password-reset`.
    #[serde(default)]
    pub sign_in_locked: bool,
}

/// A JSON merge patch of a colleague's account. A change ends their sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateAccount {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// `false` takes the second step away, for a colleague who lost the phone and the recovery codes. It cannot
    /// be set to `true` for somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_second_step: Option<bool>,
}

/// Whose password is forgotten.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AskForPasswordReset {
    #[cfg_attr(feature = "server", schema(example = "amy.lee@riverside.example"))]
    pub email: String,
}

/// The same whoever asks, for whatever address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordResetAsked {
    /// The installation sends email. Without, an admin of the organization can help.
    pub by_email: bool,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CompletePasswordReset {
    pub token: String,
    /// 12 to 128 characters that are hard to guess.
    #[cfg_attr(feature = "server", schema(format = "password", min_length = 12, max_length = 128))]
    pub password: String,
}

/// How a colleague gets the link for a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    pub by_email: bool,
    /// Where there is no email, this once: give it to your colleague yourself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}
