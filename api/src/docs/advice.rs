//! What a developer does about each problem. A new code does not compile until it has a sentence here.

use sealpost_shared::problem::ProblemCode;

#[expect(clippy::too_many_lines, reason = "a table: a sentence per code")]
pub const fn advice(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::BadRequest => {
            "Read `detail`; it names the header, the parameter or the place in the JSON. Sending the same again gives the same answer."
        }
        ProblemCode::CursorInvalid => {
            "Drop `cursor` and read the list from its first page, with the same filters on every page."
        }
        ProblemCode::CredentialsAmbiguous => "Send `Authorization` alone. A program has no use for cookies.",
        ProblemCode::IdempotencyKeyMissing => {
            "Send a fresh `Idempotency-Key`, such as a UUID, with each request that you mean, and the same one when you repeat it."
        }
        ProblemCode::IdempotencyKeyInvalid => "Use 1 to 255 visible ASCII characters; a UUID is fine.",
        ProblemCode::Unauthenticated => "Send `Authorization: Bearer spk_…` with a whole, living key.",
        ProblemCode::CredentialsInvalid => {
            "Check both; which of the two is wrong is not said. After several wrong tries comes `rate_limited`."
        }
        ProblemCode::SessionEnded => {
            "Sign in again, or open the private link again. Keys have no sessions: one that gets this was withdrawn."
        }
        ProblemCode::PinRequired => "Ask for the PIN and call `verify-pin`.",
        ProblemCode::PinIncorrect => "Ask again, and say how many tries are left.",
        ProblemCode::PasskeyIncorrect => {
            "Ask for a new challenge and try again: each is answered once, within five minutes. A recovery code works, too."
        }
        ProblemCode::CodeIncorrect => {
            "Type the code that the app shows now; each works once. Check that the clock of the phone is right."
        }
        ProblemCode::Forbidden => "Use somebody whose role allows it: `detail` says what is missing.",
        ProblemCode::RequestOriginRefused => {
            "From a browser: call from the installation's own origin, with the header. Programs should use a key; then neither counts."
        }
        ProblemCode::PinDisabled => {
            "When `relink` is there, offer a new link. When it is not, the person must call; a member of the staff can unlock the contact."
        }
        ProblemCode::NotFound => {
            "Check the id and the address. Another organization's things are not found either."
        }
        ProblemCode::LinkNotFound => {
            "Check that the whole link was opened, or ask the practice for a new one."
        }
        ProblemCode::InvitationNotFound => "Ask an admin for a new invitation; the newest one counts.",
        ProblemCode::PasswordDisabled => {
            "Ask for a new password by email: `POST /session/password-reset`. Browsers in which the person has signed in before are let in as usual."
        }
        ProblemCode::ResetNotFound => "Ask for a new link; each works once, for half an hour.",
        ProblemCode::MethodNotAllowed => "Use one of the methods that `Allow` names.",
        ProblemCode::SessionChanged => {
            "Open the link of the conversation that you want; this browser can hold one at a time."
        }
        ProblemCode::IdempotencyKeyInUse => {
            "Wait for a second and send the same request again: you will get the first one's answer."
        }
        ProblemCode::Conflict => {
            "Look up what is there, by the value that `detail` names, and use or change it."
        }
        ProblemCode::LastAdmin => "Make somebody else an admin first.",
        ProblemCode::AdminDue => "Set the first admin's email and password, then go on.",
        ProblemCode::ChannelFromEnvironment => {
            "Change the server's environment and start it again, or take the channel out of it to set it here."
        }
        ProblemCode::SecondStepState => "Read the session: it says whether the second step is on.",
        ProblemCode::LinkExpired => {
            "Call `relink` with the same token: a new link goes to the number or address on file."
        }
        ProblemCode::PayloadTooLarge => "Send less: 64 KiB of JSON at most, unless the operation says more.",
        ProblemCode::UnsupportedMediaType => "Send `Content-Type: application/json`.",
        ProblemCode::ValidationFailed => {
            "Read `errors`: each has a JSON Pointer to the field, a code and a sentence."
        }
        ProblemCode::IdempotencyKeyReused => {
            "Use a fresh key for another request; keep a key for repeats of the very same one."
        }
        ProblemCode::SecureMessagingDisabled => {
            "Turn secure messaging on in the settings, or send with `\"secure\": false`."
        }
        ProblemCode::ChannelNotConfigured => "Set the channel up, or use the other one. See Channels.",
        ProblemCode::AddressMissing => {
            "Give the contact a phone number or an email address, or choose the other channel."
        }
        ProblemCode::ContactOptedOut => {
            "Use the other channel, or another way to reach them. Do not try again on this one."
        }
        ProblemCode::CountryNotAllowed => {
            "Use the other channel, or have an admin allow the country in the settings. Premium and satellite numbers are never texted."
        }
        ProblemCode::PinUnresolved => {
            "Fill in what the template uses for this contact, set a PIN of the contact's own, or send one with the message."
        }
        ProblemCode::NoticeUnresolved => {
            "Fill in what the notice's template uses for this contact, or change the template in the settings."
        }
        ProblemCode::PinPolicyUnmet => "Set a PIN, or choose a link that ends within 24 hours.",
        ProblemCode::PinsDisabled => "Leave `pin` out, or turn PINs on in the settings.",
        ProblemCode::PinLocked => {
            "Wait until `locked_until`. More tries before then do not count and do not help."
        }
        ProblemCode::RateLimited => "Wait for as many seconds as `Retry-After` says, then go on more slowly.",
        ProblemCode::Internal => {
            "Try again once. If it stays, give the operator the `request_id`: the log has the cause."
        }
        ProblemCode::Unavailable => {
            "Wait for as many seconds as `Retry-After` says and send the same again, with the same `Idempotency-Key`."
        }
    }
}
