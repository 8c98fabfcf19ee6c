//! The addresses both sides use. `{…}` are path parameters as the OpenAPI document writes them.

/// Where the API starts.
pub const API: &str = "/api/v1";
/// The patients' page; the link is `/m#TOKEN`.
pub const PATIENT_PAGE: &str = "/m";
/// The staff's pages.
pub const DESK_PAGE: &str = "/desk";
/// The documentation, for everybody.
pub const DOCS_PAGE: &str = "/docs";

/// The header that a call with a session cookie carries when it changes something (security.md D27).
pub const REQUEST_HEADER: &str = "X-Sealpost-Request";
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
pub const IDEMPOTENCY_REPLAYED: &str = "Idempotency-Replayed";

pub const SESSION: &str = "/api/v1/session";
pub const SESSION_ONE_TIME: &str = "/api/v1/session/one-time";
pub const SESSION_STAY: &str = "/api/v1/session/stay";
pub const SESSION_USER: &str = "/api/v1/session/user";
pub const SESSION_PASSWORD: &str = "/api/v1/session/password";
pub const SESSION_SECOND_STEP: &str = "/api/v1/session/second-step";
pub const SESSION_TOTP: &str = "/api/v1/session/totp";
pub const SESSION_TOTP_CONFIRM: &str = "/api/v1/session/totp/confirm";
pub const SESSION_TOTP_REMOVE: &str = "/api/v1/session/totp/remove";
pub const SESSIONS: &str = "/api/v1/sessions";
pub const SESSIONS_END_OTHERS: &str = "/api/v1/sessions/end-others";
pub const SESSION_PASSWORD_RESET: &str = "/api/v1/session/password-reset";
pub const SESSION_PASSWORD_RESET_COMPLETE: &str = "/api/v1/session/password-reset/complete";
pub const SESSION_RECOVERY_CODES: &str = "/api/v1/session/recovery-codes";
pub const SESSION_PASSKEYS: &str = "/api/v1/session/passkeys";
pub const SESSION_PASSKEYS_START: &str = "/api/v1/session/passkeys/start";
pub const SESSION_SECOND_STEP_PASSKEY: &str = "/api/v1/session/second-step/passkey";
pub const SESSION_SECOND_STEP_PASSKEY_FINISH: &str = "/api/v1/session/second-step/passkey/finish";
pub const SETUP: &str = "/api/v1/setup";
pub const SETUP_SKIP: &str = "/api/v1/setup/skip";
pub const SETUP_DISMISS: &str = "/api/v1/setup/dismiss";
pub const SETUP_CHECK_ADDRESS: &str = "/api/v1/setup/check-address";
pub const SETTINGS_CHANNELS: &str = "/api/v1/settings/channels";
pub const SETTINGS_CHANNELS_SMS: &str = "/api/v1/settings/channels/sms";
pub const SETTINGS_CHANNELS_SMS_TEST: &str = "/api/v1/settings/channels/sms/test";
pub const SETTINGS_CHANNELS_EMAIL: &str = "/api/v1/settings/channels/email";
pub const SETTINGS_CHANNELS_EMAIL_TEST: &str = "/api/v1/settings/channels/email/test";
pub const USERS: &str = "/api/v1/users";
pub const INVITATIONS: &str = "/api/v1/invitations";
pub const INVITATIONS_OPEN: &str = "/api/v1/invitations/open";
pub const INVITATIONS_ACCEPT: &str = "/api/v1/invitations/accept";
pub const API_KEYS: &str = "/api/v1/api-keys";
pub const CONTACTS: &str = "/api/v1/contacts";
pub const CONTACT_FIELDS: &str = "/api/v1/contact-fields";
pub const MESSAGES: &str = "/api/v1/messages";
pub const SCHEDULED_MESSAGES: &str = "/api/v1/scheduled-messages";
pub const CONVERSATIONS: &str = "/api/v1/conversations";
pub const CONVERSATION_COUNTS: &str = "/api/v1/conversations/counts";
pub const LINKS: &str = "/api/v1/links";
pub const SETTINGS_SECURE_MESSAGING: &str = "/api/v1/settings/secure-messaging";
pub const SETTINGS_SECURE_MESSAGING_PREVIEW: &str = "/api/v1/settings/secure-messaging/preview";
pub const SETTINGS_SECURE_MESSAGING_TEST: &str = "/api/v1/settings/secure-messaging/test";
pub const SETTINGS_SENDING: &str = "/api/v1/settings/sending";
pub const SETTINGS_SECURITY: &str = "/api/v1/settings/security";
pub const SETTINGS_TEXTS: &str = "/api/v1/settings/texts";
pub const SETTINGS_TEXTS_USAGE: &str = "/api/v1/settings/texts/usage";
pub const SETTINGS_TEXTS_DISMISS: &str = "/api/v1/settings/texts/dismiss";
pub const SETTINGS_ORGANIZATION: &str = "/api/v1/settings/organization";
pub const SETTINGS_ORGANIZATION_LOGO: &str = "/api/v1/settings/organization/logo";
/// Where `logo_url` points: `/api/v1/logos/{organization_id}/{hash}.png`.
pub const LOGOS: &str = "/api/v1/logos";
pub const AUDIT: &str = "/api/v1/audit";
pub const AUDIT_EXPORT: &str = "/api/v1/audit/export";
pub const AUDIT_STATE: &str = "/api/v1/audit/state";
pub const EVENTS: &str = "/api/v1/events";
pub const SECURE_LINKS_OPEN: &str = "/api/v1/secure-links/open";
pub const SECURE_LINKS_ENTER: &str = "/api/v1/secure-links/enter";
pub const SECURE_LINKS_VERIFY_PIN: &str = "/api/v1/secure-links/verify-pin";
pub const SECURE_LINKS_RELINK: &str = "/api/v1/secure-links/relink";
/// Where the gateway says what became of a text: `…/{handle}`.
pub const HOOKS_TWILIO_STATUS: &str = "/hooks/twilio/status";
/// Where the gateway gives what was texted back.
pub const HOOKS_TWILIO_INBOUND: &str = "/hooks/twilio/inbound";
/// Where a mail server gives what came back by email.
pub const HOOKS_EMAIL_RAW: &str = "/hooks/email/raw";
pub const CHAT: &str = "/api/v1/chat";
pub const DEMO_OUTBOX: &str = "/api/demo/outbox";
pub const DEMO_INBOUND: &str = "/api/demo/inbound";
pub const DEMO_FAULTS: &str = "/api/demo/faults";
pub const DEMO_PEOPLE: &str = "/api/demo/people";
