//! Who may call what, and what the walk through it all reaches and cannot do.

use super::{ADMINS, ADMINS_IN_PERSON, Access, EVERYBODY, PENDING, PEOPLE, READERS, THE_PATIENT, WRITERS};

/// The last parts of addresses under `/api/v1`, but for the health calls.
pub const CALLS: &[(Access, &[&str])] = &[
    (EVERYBODY, &["GET /healthz", "GET /readyz", "GET /openapi.json", "GET logos/{organization_id}/{file}"]),
    (
        EVERYBODY,
        &["POST session", "POST session/one-time", "POST invitations/open", "POST invitations/accept"],
    ),
    (EVERYBODY, &["POST secure-links/open", "POST secure-links/enter", "POST secure-links/verify-pin"]),
    (EVERYBODY, &["POST secure-links/relink"]),
    // Whose word counts is decided by a signature or a secret, which nobody here has.
    (
        EVERYBODY,
        &["POST /hooks/twilio/status/{handle}", "POST /hooks/twilio/inbound", "POST /hooks/email/raw"],
    ),
    (EVERYBODY, &["POST session/password-reset", "POST session/password-reset/complete"]),
    (PENDING, &["POST session/second-step"]),
    (THE_PATIENT, &["GET chat/{conversation_id}", "GET chat/{conversation_id}/messages"]),
    (THE_PATIENT, &["GET chat/{conversation_id}/events", "POST chat/{conversation_id}/messages"]),
    (THE_PATIENT, &["POST chat/{conversation_id}/read", "POST chat/{conversation_id}/stay"]),
    (THE_PATIENT, &["POST chat/{conversation_id}/leave"]),
    (PEOPLE, &["GET session", "POST session/stay", "DELETE session", "PATCH session/user"]),
    (PEOPLE, &["PUT session/password", "POST session/totp", "POST session/totp/confirm"]),
    (PEOPLE, &["POST session/totp/remove", "GET sessions", "POST sessions/end-others"]),
    (PEOPLE, &["DELETE sessions/{session_id}"]),
    (
        ADMINS_IN_PERSON,
        &["GET users", "PATCH users/{id}", "GET setup", "POST setup/skip", "POST setup/dismiss"],
    ),
    (PEOPLE, &["GET session/passkeys", "POST session/passkeys/start", "POST session/passkeys"]),
    (PEOPLE, &["PATCH session/passkeys/{passkey_id}", "POST session/passkeys/{passkey_id}/remove"]),
    (PENDING, &["POST session/second-step/passkey", "POST session/second-step/passkey/finish"]),
    (PEOPLE, &["POST session/recovery-codes"]),
    (
        ADMINS_IN_PERSON,
        &["GET settings/security", "PATCH settings/security", "POST users/{id}/password-reset"],
    ),
    (ADMINS_IN_PERSON, &["GET api-keys", "POST api-keys", "DELETE api-keys/{key_id}"]),
    (ADMINS_IN_PERSON, &["GET audit", "GET audit/export", "GET audit/state"]),
    (ADMINS_IN_PERSON, &["POST setup/check-address", "GET invitations", "POST invitations"]),
    (ADMINS_IN_PERSON, &["DELETE invitations/{id}", "POST invitations/{id}/resend", "GET settings/channels"]),
    (ADMINS_IN_PERSON, &["PUT settings/channels/sms", "DELETE settings/channels/sms"]),
    (ADMINS_IN_PERSON, &["POST settings/channels/sms/test", "PUT settings/channels/email"]),
    (ADMINS_IN_PERSON, &["DELETE settings/channels/email", "POST settings/channels/email/test"]),
    (READERS, &["GET contact-fields", "GET contact-fields/{contact_field_id}", "GET contacts"]),
    (
        READERS,
        &["GET contacts/{contact_id}", "GET contacts/{contact_id}/messages", "GET messages/{message_id}"],
    ),
    (READERS, &["GET conversations", "GET conversations/counts", "GET conversations/{conversation_id}"]),
    (READERS, &["GET conversations/{conversation_id}/messages", "GET events", "GET links"]),
    (READERS, &["GET scheduled-messages", "GET scheduled-messages/{message_id}", "GET settings/sending"]),
    (READERS, &["GET settings/organization", "GET settings/secure-messaging"]),
    (READERS, &["POST settings/secure-messaging/preview", "GET contacts/{contact_id}/texts"]),
    (READERS, &["GET settings/texts", "GET settings/texts/usage"]),
    (WRITERS, &["POST contacts", "PATCH contacts/{contact_id}", "DELETE contacts/{contact_id}"]),
    (WRITERS, &["PUT contacts/{contact_id}/pin", "DELETE contacts/{contact_id}/pin"]),
    (WRITERS, &["POST contacts/{contact_id}/unlock", "POST messages", "POST messages/{message_id}/resend"]),
    (WRITERS, &["POST messages/{message_id}/retry"]),
    (WRITERS, &["PATCH conversations/{conversation_id}", "POST conversations/{conversation_id}/messages"]),
    (WRITERS, &["PATCH scheduled-messages/{message_id}", "DELETE scheduled-messages/{message_id}"]),
    (WRITERS, &["POST scheduled-messages/{message_id}/send"]),
    (WRITERS, &["POST links/{link_id}/revoke", "POST links/{link_id}/unlock"]),
    (ADMINS, &["POST contact-fields", "PATCH contact-fields/{contact_field_id}"]),
    (ADMINS, &["DELETE contact-fields/{contact_field_id}", "PATCH settings/organization"]),
    (ADMINS, &["PUT settings/organization/logo", "DELETE settings/organization/logo"]),
    (ADMINS, &["PATCH settings/sending"]),
    (ADMINS, &["PATCH settings/secure-messaging", "POST settings/secure-messaging/test"]),
    (ADMINS, &["PATCH settings/texts"]),
    (ADMINS_IN_PERSON, &["POST settings/texts/dismiss"]),
];

/// What this walk reaches and cannot do, by its place in it: all else must be done.
pub const NOT_DONE: &[(&str, u16)] = &[
    // Somebody must hold a token, a code, a credential or a picture for it, and the document's examples are none.
    ("POST secure-links/open", 404),
    ("POST secure-links/enter", 404),
    ("POST secure-links/verify-pin", 404),
    ("POST invitations/open", 404),
    ("POST invitations/accept", 404),
    ("POST session", 401),
    ("POST session/one-time", 401),
    ("POST session/password-reset/complete", 404),
    ("POST session/passkeys", 422),
    ("POST session/totp/confirm", 409),
    ("PUT settings/organization/logo", 422),
    ("GET logos/{organization_id}/{file}", 404),
    // One's own alone, and here the thing is somebody else's, or the only one that is there.
    ("PATCH session/passkeys/{passkey_id}", 404),
    ("POST session/passkeys/{passkey_id}/remove", 404),
    ("POST session/passkeys/{passkey_id}/remove", 409),
    ("DELETE sessions/{session_id}", 404),
    ("POST session/recovery-codes", 409),
    // Sent by the call before.
    ("PATCH scheduled-messages/{message_id}", 409),
    ("DELETE scheduled-messages/{message_id}", 409),
    // It did arrive.
    ("POST messages/{message_id}/retry", 409),
    // Nobody here has the gateway's signature or the mail server's secret.
    ("POST /hooks/twilio/status/{handle}", 415),
    ("POST /hooks/twilio/inbound", 415),
    ("POST /hooks/email/raw", 403),
    // The tests' channels come from the environment.
    ("PUT settings/channels/sms", 409),
    ("PUT settings/channels/email", 409),
    ("DELETE settings/channels/sms", 409),
    ("DELETE settings/channels/email", 409),
];
