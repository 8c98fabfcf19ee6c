//! What went wrong, as `application/problem+json` (RFC 9457).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::links::{LinkLifetime, RelinkOffer};
use crate::staff::OrganizationCard;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $code:ident $name:literal $status:literal $title:literal)*) => {
        /// Every way a call can fail, named for what the reader can act on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[doc = $doc])* #[serde(rename = $name)] $code,)*
        }

        impl ProblemCode {
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name),* }
            }

            pub const fn status(self) -> u16 {
                match self { $(Self::$code => $status),* }
            }

            pub const fn title(self) -> &'static str {
                match self { $(Self::$code => $title),* }
            }

            /// Of a stored one. What a later version stored is `internal` to this one.
            pub fn of(name: &str) -> Self {
                Self::ALL.iter().copied().find(|code| code.as_str() == name).unwrap_or(Self::Internal)
            }

            /// What the comment beside it says; empty where the title says it all.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$code => concat!($($doc),*).trim_ascii_start()),* }
            }
        }
    };
}

codes! {
    /// The request could not be read: bad JSON, a bad parameter, a missing header.
    BadRequest "bad_request" 400 "The request could not be read"
    /// The cursor does not fit the list or its filters. Start again from the first page.
    CursorInvalid "cursor_invalid" 400 "The cursor does not fit this list"
    /// A key and a session cookie in one request.
    CredentialsAmbiguous "credentials_ambiguous" 400 "Send a key or a session, not both"
    /// A key's creating call needs an `Idempotency-Key`.
    IdempotencyKeyMissing "idempotency_key_missing" 400 "An Idempotency-Key header is needed"
    /// The `Idempotency-Key` is empty, too long or holds other than visible ASCII.
    IdempotencyKeyInvalid "idempotency_key_invalid" 400 "The Idempotency-Key is malformed"
    /// No credential, or one that does not count.
    Unauthenticated "unauthenticated" 401 "Sign in first"
    /// Email or password is wrong.
    CredentialsInvalid "credentials_invalid" 401 "Email or password is not right"
    /// The session ended by time, sign-out or revocation.
    SessionEnded "session_ended" 401 "The session has ended"
    /// This link asks for a PIN.
    PinRequired "pin_required" 401 "A PIN is needed"
    /// The PIN is wrong; `attempts_left` says how many tries are left.
    PinIncorrect "pin_incorrect" 401 "That PIN is not right"
    /// The code of the second step is wrong, was used, or is too old.
    CodeIncorrect "code_incorrect" 401 "That code is not right"
    /// The passkey's answer is wrong, was given before, or came too late.
    PasskeyIncorrect "passkey_incorrect" 401 "That passkey did not work"
    /// The caller may not do this.
    Forbidden "forbidden" 403 "Not allowed"
    /// Too many wrong passwords or codes in a row: the password is turned off until it is reset by email.
    PasswordDisabled "password_disabled" 403 "Choose a new password by email"
    /// The request came from another site, or without the header `X-Sealpost-Request: 1`.
    RequestOriginRefused "request_origin_refused" 403 "The request's origin is not allowed"
    /// Too many wrong PINs for good; a new link may help unless `relink` is absent.
    PinDisabled "pin_disabled" 403 "PIN entry is turned off"
    /// No such thing, or not yours.
    NotFound "not_found" 404 "Not found"
    /// Unknown, malformed, revoked and deleted links, all alike.
    LinkNotFound "link_not_found" 404 "This link does not work"
    /// Unknown, used, withdrawn and ended invitations, all alike.
    InvitationNotFound "invitation_not_found" 404 "This invitation does not work"
    /// Unknown, used and ended links for a new password, all alike.
    ResetNotFound "reset_not_found" 404 "This link for a new password does not work"
    MethodNotAllowed "method_not_allowed" 405 "This address does not take that method"
    /// The session in this browser belongs to another conversation.
    SessionChanged "session_changed" 409 "Another conversation is open in this browser"
    /// The same `Idempotency-Key` is being worked on.
    IdempotencyKeyInUse "idempotency_key_in_use" 409 "The first request with this key is still running"
    /// A value that must be unique is taken.
    Conflict "conflict" 409 "It exists already"
    /// It would leave the organization without an admin who can sign in.
    LastAdmin "last_admin" 409 "One admin must stay"
    /// The first admin has no email and password yet, so nobody could come back.
    AdminDue "admin_due" 409 "Set your email and password first"
    /// The environment sets this channel; it can be changed there alone.
    ChannelFromEnvironment "channel_from_environment" 409 "The server's environment sets this channel"
    /// The second step is on already, or is not on.
    SecondStepState "second_step_state" 409 "The second step is not in that state"
    /// The link is past its end; `relink` says where a new one can go.
    LinkExpired "link_expired" 410 "The link has expired"
    PayloadTooLarge "payload_too_large" 413 "The request is too large"
    UnsupportedMediaType "unsupported_media_type" 415 "Send JSON"
    /// Fields are wrong; `errors` names each.
    ValidationFailed "validation_failed" 422 "Some fields are not right"
    /// The `Idempotency-Key` was used with another body.
    IdempotencyKeyReused "idempotency_key_reused" 422 "This key was used for another request"
    /// `secure: true` while secure messaging is off.
    SecureMessagingDisabled "secure_messaging_disabled" 422 "Secure messaging is turned off"
    /// The installation has no transport for this channel.
    ChannelNotConfigured "channel_not_configured" 422 "This channel is not set up"
    /// The contact has no address for this channel.
    AddressMissing "address_missing" 422 "The contact has no address for this channel"
    /// The contact does not want messages on this channel.
    ContactOptedOut "contact_opted_out" 422 "The contact has opted out of this channel"
    /// Texts do not go to numbers of that country or kind; the settings say which countries they go to.
    CountryNotAllowed "country_not_allowed" 422 "Texts do not go to that number"
    /// The default PIN's template gives nothing for this contact.
    PinUnresolved "pin_unresolved" 422 "No PIN can be made for this contact"
    /// A field that the notice shows is empty for this contact; the detail says which.
    NoticeUnresolved "notice_unresolved" 422 "The notice would be incomplete for this contact"
    /// A link over 24 hours needs a PIN here.
    PinPolicyUnmet "pin_policy_unmet" 422 "A link this long needs a PIN"
    /// A message's own PIN while PINs are turned off.
    PinsDisabled "pins_disabled" 422 "PINs are turned off"
    /// Too many wrong PINs for now; wait for `Retry-After` seconds.
    PinLocked "pin_locked" 429 "Too many tries"
    RateLimited "rate_limited" 429 "Too many requests"
    /// Something here broke; the request id finds it in the log.
    Internal "internal" 500 "Something went wrong here"
    /// The server is busy or its database is away; try again after `Retry-After` seconds.
    Unavailable "unavailable" 503 "Not available right now"
}

/// By hand: the derive does not see names that a macro gives.
#[cfg(feature = "server")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

    use super::ProblemCode;

    impl utoipa::PartialSchema for ProblemCode {
        fn schema() -> RefOr<Schema> {
            let names = ProblemCode::ALL.iter().map(|it| it.as_str());
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
        }
    }

    impl utoipa::ToSchema for ProblemCode {}
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request body.
    pub pointer: String,
    /// `required`, `unknown`, `invalid`, `too_long`, …
    pub code: String,
    /// A sentence for a person; it names the line itself.
    pub detail: String,
    /// With a wrong template: where, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// In characters, counted from 1; absent where only the line is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProblemBody {
    /// An anchor on this installation's own documentation page.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub code: ProblemCode,
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `pin_incorrect`: tries left before a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts_left: Option<u32>,
    /// With `pin_locked`: when the next try is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(feature = "server"), serde(deserialize_with = "crate::moment::read_some"))]
    pub locked_until: Option<DateTime<Utc>>,
    /// With `link_expired` and `pin_disabled`: who wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Box<OrganizationCard>>,
    /// With `link_expired`: how long such a link works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_lifetime: Option<LinkLifetime>,
    /// With `link_expired` and `pin_disabled`: where a new link can go; absent when nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relink: Option<RelinkOffer>,
}
