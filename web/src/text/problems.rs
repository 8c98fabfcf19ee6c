//! The sentence of each problem. A new code does not compile until it has one here, and the tests want
//! it in every language.

use sealpost_shared::problem::ProblemCode;

pub const fn problem_key(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::BadRequest => "problem-bad-request",
        ProblemCode::CursorInvalid => "problem-cursor-invalid",
        ProblemCode::CredentialsAmbiguous => "problem-credentials-ambiguous",
        ProblemCode::IdempotencyKeyMissing => "problem-idempotency-key-missing",
        ProblemCode::IdempotencyKeyInvalid => "problem-idempotency-key-invalid",
        ProblemCode::Unauthenticated => "problem-unauthenticated",
        ProblemCode::CredentialsInvalid => "problem-credentials-invalid",
        ProblemCode::SessionEnded => "problem-session-ended",
        ProblemCode::PinRequired => "problem-pin-required",
        ProblemCode::PinIncorrect => "problem-pin-incorrect",
        ProblemCode::PasskeyIncorrect => "problem-not-now",
        ProblemCode::CodeIncorrect => "problem-code-incorrect",
        ProblemCode::Forbidden => "problem-forbidden",
        ProblemCode::RequestOriginRefused => "problem-request-origin-refused",
        ProblemCode::PinDisabled => "problem-pin-disabled",
        ProblemCode::NotFound => "problem-not-found",
        ProblemCode::LinkNotFound => "problem-link-not-found",
        ProblemCode::InvitationNotFound => "problem-invitation-not-found",
        ProblemCode::MethodNotAllowed => "problem-method-not-allowed",
        ProblemCode::SessionChanged => "problem-session-changed",
        ProblemCode::IdempotencyKeyInUse => "problem-idempotency-key-in-use",
        ProblemCode::Conflict => "problem-conflict",
        ProblemCode::PasswordDisabled
        | ProblemCode::ResetNotFound
        | ProblemCode::LastAdmin
        | ProblemCode::AdminDue
        | ProblemCode::ChannelFromEnvironment
        | ProblemCode::SecondStepState => "problem-not-now",
        ProblemCode::LinkExpired => "problem-link-expired",
        ProblemCode::PayloadTooLarge => "problem-payload-too-large",
        ProblemCode::UnsupportedMediaType => "problem-unsupported-media-type",
        ProblemCode::ValidationFailed => "problem-validation-failed",
        ProblemCode::IdempotencyKeyReused => "problem-idempotency-key-reused",
        ProblemCode::SecureMessagingDisabled => "problem-secure-messaging-disabled",
        ProblemCode::ChannelNotConfigured => "problem-channel-not-configured",
        ProblemCode::AddressMissing => "problem-address-missing",
        ProblemCode::ContactOptedOut => "problem-contact-opted-out",
        ProblemCode::CountryNotAllowed => "problem-country-not-allowed",
        ProblemCode::PinUnresolved => "problem-pin-unresolved",
        ProblemCode::NoticeUnresolved => "problem-notice-unresolved",
        ProblemCode::PinPolicyUnmet => "problem-pin-policy-unmet",
        ProblemCode::PinsDisabled => "problem-pins-disabled",
        ProblemCode::PinLocked => "problem-pin-locked",
        ProblemCode::RateLimited => "problem-rate-limited",
        ProblemCode::Internal => "problem-internal",
        ProblemCode::Unavailable => "problem-unavailable",
    }
}
