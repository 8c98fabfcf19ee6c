//! Every call that changes something, made once: each leaves its entry.

mod accounts;

use chrono::TimeDelta;
use reqwest::Method;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{PASSWORD, Practice, id};
use serde_json::{Value, json};

/// What a call leaves in the log; or why nothing.
struct Walk<'a> {
    app: &'a TestApp,
    practice: &'a Practice,
    seen: Vec<String>,
}

impl Walk<'_> {
    /// Does it, and looks at what was written down meanwhile.
    async fn leaves(&mut self, template: &str, action: &str, call: impl Future<Output = Value>) -> Value {
        let before = self.length().await;
        let answer = call.await;
        let rows = entries_in(self.app, self.practice, before).await;
        assert!(rows.iter().any(|row| row == action), "{template} left {rows:?}, not {action}");
        self.seen.push(template.to_owned());
        answer
    }

    async fn length(&self) -> i64 {
        entries_in(self.app, self.practice, 0).await.len().try_into().expect("few")
    }
}

async fn entries_in(app: &TestApp, practice: &Practice, after: i64) -> Vec<String> {
    use sealpost_api::entities::audit_entry::list_after;
    let organization = practice.organization_id.parse().expect("an id");
    let rows = list_after(&app.raw().await, organization, after, 10_000).await.expect("entries");
    rows.into_iter().map(|row| row.action).collect()
}

/// Calls that leave nothing, and why.
const NOTHING: &[(&str, &str)] = &[
    ("POST /session/stay", "keeps a session awake"),
    ("POST /chat/{conversation_id}/stay", "keeps a session awake"),
    ("POST /chat/{conversation_id}/read", "what was on screen stands with the message, and an event tells"),
    ("POST /session/totp", "a secret that does not count until it is confirmed"),
    ("POST /session/passkeys/start", "a challenge; the passkey that answers it leaves the entry"),
    ("POST /session/second-step/passkey", "a challenge; signing in with its answer leaves the entry"),
    ("POST /secure-links/open", "free and repeatable; often a scanner (security.md D6)"),
    ("POST /invitations/open", "shows what the holder of the link may know"),
    ("POST /settings/secure-messaging/preview", "changes nothing"),
    ("POST /settings/texts/dismiss", "a notice that somebody has seen"),
    (
        "POST /hooks/email/raw",
        "needs a secret that is not set up here; what it leaves is a message that came in, or a receipt",
    ),
    ("POST /setup/check-address", "asks this server for itself; the result is kept with the setup"),
];

#[tokio::test]
async fn every_call_that_changes_something_leaves_an_entry() {
    let app = TestApp::start_with(|config| (config.sms, config.mail) = (None, None)).await;
    let practice = app.practice().await;
    let mut walk = Walk { app: &app, practice: &practice, seen: Vec::new() };
    walk_channels(&mut walk).await;
    walk_contacts(&mut walk).await;
    walk_messages(&mut walk).await;
    walk_locks(&mut walk).await;
    walk_settings(&mut walk).await;
    app.deliver().await;
    accounts::walk_all(&mut walk).await;
    walk_people(&mut walk).await;
    let nothing = NOTHING.iter().map(|(call, _)| (*call).to_owned());
    let covered: Vec<_> = walk.seen.into_iter().chain(nothing).collect();
    let operations = sealpost_tests::contract::contract().operations();
    let writing = operations.iter().filter(|(method, _)| method != "GET");
    let writing = writing.map(|(method, path)| format!("{method} {}", path.trim_start_matches("/api/v1")));
    let silent: Vec<_> = writing.filter(|call| !covered.contains(call)).collect();
    assert!(silent.is_empty(), "say in tests/it/audit_log.rs what these leave in the log: {silent:#?}");
    app.deliver().await;
}

/// Nothing is in the environment: the practice stores its own.
async fn walk_channels(walk: &mut Walk<'_>) {
    let (app, staff) = (walk.app, &walk.practice.staff);
    let mail = json!({ "host": "127.0.0.1", "port": app.mail.port(), "security": "none", "from": "post@clinic.example" });
    let gateway = json!({ "url": app.gateway.url(), "account_sid": sealpost_tests::fakes::ACCOUNT_SID,
        "auth_token": sealpost_tests::fakes::AUTH_TOKEN, "from": sealpost_tests::fakes::FROM });
    for (channel, body, to) in
        [("email", mail, "amy.lee@riverside.example"), ("sms", gateway, "+15550100177")]
    {
        let path = format!("{}/{channel}", paths::SETTINGS_CHANNELS);
        let put = async { staff.put(&path, body).await.expect(200) };
        let test = async { staff.post(&format!("{path}/test"), json!({ "to": to })).await.expect(200) };
        walk.leaves(&format!("PUT /settings/channels/{channel}"), "channel.changed", put).await;
        walk.leaves(&format!("POST /settings/channels/{channel}/test"), "channel.tested", test).await;
    }
}

async fn walk_channels_away(walk: &mut Walk<'_>) {
    let staff = &walk.practice.staff;
    for channel in ["email", "sms"] {
        let path = format!("{}/{channel}", paths::SETTINGS_CHANNELS);
        let remove = async { staff.delete(&path).await.expect(204) };
        walk.leaves(&format!("DELETE /settings/channels/{channel}"), "channel.removed", remove).await;
    }
}

async fn walk_contacts(walk: &mut Walk<'_>) {
    let key = &walk.practice.key;
    let create = async { key.post(paths::CONTACTS, json!({ "first_name": "Robin" })).await.expect(201) };
    let robin = walk.leaves("POST /contacts", "contact.created", create).await;
    let path = format!("{}/{}", paths::CONTACTS, id(&robin));
    let pin = format!("{path}/pin");
    let change = async { key.patch(&path, json!({ "first_name": "Rob" })).await.expect(200) };
    walk.leaves("PATCH /contacts/{contact_id}", "contact.updated", change).await;
    let set = async { key.put(&pin, json!({ "pin": "4821" })).await.expect(204) };
    walk.leaves("PUT /contacts/{contact_id}/pin", "contact.pin_set", set).await;
    let remove = async { key.delete(&pin).await.expect(204) };
    walk.leaves("DELETE /contacts/{contact_id}/pin", "contact.pin_removed", remove).await;
    let erase = async { key.delete(&path).await.expect(204) };
    walk.leaves("DELETE /contacts/{contact_id}", "contact.erased", erase).await;

    let field = json!({ "key": "birth_year", "label": "Year of birth", "kind": "number" });
    let add = async { key.post(paths::CONTACT_FIELDS, field).await.expect(201) };
    let field = walk.leaves("POST /contact-fields", "contact_field.created", add).await;
    let path = format!("{}/{}", paths::CONTACT_FIELDS, id(&field));
    let change = async { key.patch(&path, json!({ "label": "Born in" })).await.expect(200) };
    walk.leaves("PATCH /contact-fields/{contact_field_id}", "contact_field.updated", change).await;
    let remove = async { key.delete(&path).await.expect(204) };
    walk.leaves("DELETE /contact-fields/{contact_field_id}", "contact_field.deleted", remove).await;
}

async fn walk_gateway(walk: &mut Walk<'_>, jordan: &Value) {
    let (app, practice) = (walk.app, walk.practice);
    app.deliver().await;
    let message = practice.send(jordan, json!({})).await;
    app.deliver().await;
    let newest = app.gateway.requests().len() - 1;
    let failed = async { app.receipt(newest, "undelivered", Some(30_007)).await.expect(204) };
    walk.leaves("POST /hooks/twilio/status/{handle}", "delivery.failed", failed).await;
    let again = format!("{}/{}/retry", paths::MESSAGES, id(&message));
    let again = async { practice.key.post(&again, json!({})).await.expect(201) };
    walk.leaves("POST /messages/{message_id}/retry", "message.retried", again).await;
    let hello = async { app.text_in("SM1", "+15550100142", "Hello").await.expect(204) };
    walk.leaves("POST /hooks/twilio/inbound", "message.received", hello).await;
}

async fn walk_messages(walk: &mut Walk<'_>) {
    let (app, practice) = (walk.app, walk.practice);
    let jordan = practice.jordan().await;
    let send = practice.send(&jordan, json!({}));
    let message = walk.leaves("POST /messages", "message.sent", send).await;
    let resend = format!("{}/{}/resend", paths::MESSAGES, id(&message));
    let resend = async { practice.key.post(&resend, json!({})).await.expect(201) };
    walk.leaves("POST /messages/{message_id}/resend", "link.resent", resend).await;
    walk_gateway(walk, &jordan).await;
    walk_scheduled(walk, &jordan).await;
    let conversation =
        format!("{}/{}", paths::CONVERSATIONS, message["conversation_id"].as_str().expect("an id"));
    let messages = format!("{conversation}/messages");
    let reply = async { practice.key.post(&messages, json!({ "body": "And this." })).await.expect(201) };
    walk.leaves("POST /conversations/{conversation_id}/messages", "message.sent", reply).await;
    let archive =
        async { practice.staff.patch(&conversation, json!({ "archived": true })).await.expect(200) };
    walk.leaves("PATCH /conversations/{conversation_id}", "conversation.archived", archive).await;

    let token = app.newest_token().await;
    let browser = app.anybody();
    let enter =
        async { browser.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await.expect(200) };
    let entered = walk.leaves("POST /secure-links/enter", "link.entered", enter).await;
    let chat =
        |rest: &str| format!("{}/{}{rest}", paths::CHAT, entered["conversation_id"].as_str().expect("an id"));
    let written = json!({ "body": "Thank you!", "client_message_id": uuid::Uuid::new_v4() });
    let reply = async { browser.post(&chat("/messages"), written).await.expect(201) };
    walk.leaves("POST /chat/{conversation_id}/messages", "message.received", reply).await;
    let leave = async { browser.post(&chat("/leave"), json!({})).await.expect(204) };
    walk.leaves("POST /chat/{conversation_id}/leave", "session.left", leave).await;
    practice.set_pin(&jordan, "4821").await;
    let wrong = async { app.anybody().verify_pin(&token, "1234").await.refused(401, "pin_incorrect") };
    walk.leaves("POST /secure-links/verify-pin", "link.pin_failed", wrong).await;
    let links = practice.key.get(&format!("{}?contact_id={}", paths::LINKS, id(&jordan))).await.expect(200);
    let revoke = format!("{}/{}/revoke", paths::LINKS, id(&links["data"][0]));
    let revoke = async { practice.key.post(&revoke, json!({})).await.expect(200) };
    walk.leaves("POST /links/{link_id}/revoke", "link.revoked", revoke).await;
    practice.send(&jordan, json!({})).await;
    let token = app.newest_token().await;
    app.clock.advance(sealpost_tests::given::PAST_A_DAY);
    let relink = async { app.anybody().relink(&token).await.expect(202) };
    walk.leaves("POST /secure-links/relink", "link.relinked", relink).await;
    app.deliver().await;
    practice.sign_in().await;
}

/// Tries given back, of a link and of a contact with all of theirs.
async fn walk_locks(walk: &mut Walk<'_>) {
    let practice = walk.practice;
    let sam = practice.contact(json!({ "first_name": "Sam", "phone": "+15550100155" })).await;
    let message = practice.send(&sam, json!({})).await;
    let link = format!("{}/{}/unlock", paths::LINKS, id(&message["link"]));
    let link = async { practice.staff.post(&link, json!({})).await.expect(200) };
    walk.leaves("POST /links/{link_id}/unlock", "link.unlocked", link).await;
    let contact = format!("{}/{}/unlock", paths::CONTACTS, id(&sam));
    let contact = async { practice.staff.post(&contact, json!({})).await.expect(204) };
    walk.leaves("POST /contacts/{contact_id}/unlock", "contact.unlocked", contact).await;
}

async fn walk_scheduled(walk: &mut Walk<'_>, jordan: &Value) {
    let (app, practice) = (walk.app, walk.practice);
    let at = app.state().now() + TimeDelta::hours(1);
    for call in ["DELETE", "POST"] {
        let message = practice.send(jordan, json!({ "send_at": at }));
        let message = walk.leaves("POST /messages", "message.scheduled", message).await;
        let path = format!("{}/{}", paths::SCHEDULED_MESSAGES, id(&message));
        let change = async { practice.key.patch(&path, json!({ "body": "Other words." })).await.expect(200) };
        let patch = "PATCH /scheduled-messages/{message_id}";
        walk.leaves(patch, "message.rescheduled", change).await;
        if call == "DELETE" {
            let cancel = async { practice.key.delete(&path).await.json };
            walk.leaves("DELETE /scheduled-messages/{message_id}", "message.unscheduled", cancel).await;
        } else {
            let send = async { practice.key.post(&format!("{path}/send"), json!({})).await.expect(200) };
            walk.leaves("POST /scheduled-messages/{message_id}/send", "message.sent", send).await;
        }
    }
}

async fn walk_settings(walk: &mut Walk<'_>) {
    let staff = &walk.practice.staff;
    let secure = async {
        staff.patch(paths::SETTINGS_SECURE_MESSAGING, json!({ "hide_hint": true })).await.expect(200)
    };
    walk.leaves("PATCH /settings/secure-messaging", "settings.secure_messaging_changed", secure).await;
    let test = async {
        staff
            .post(paths::SETTINGS_SECURE_MESSAGING_TEST, json!({ "channel": "sms", "to": "+15550100177" }))
            .await
            .json
    };
    walk.leaves("POST /settings/secure-messaging/test", "message.sent", test).await;
    let named = async {
        staff.patch(paths::SETTINGS_ORGANIZATION, json!({ "phone": "(555) 010-0199" })).await.expect(200)
    };
    walk.leaves("PATCH /settings/organization", "settings.organization_changed", named).await;
    let logo = paths::SETTINGS_ORGANIZATION_LOGO;
    let picture = include_bytes!("../practice/wide.png");
    let put = async {
        let call = staff.call(Method::PUT, logo).header("content-type", "image/png").bytes(picture.to_vec());
        call.send().await.expect(200)
    };
    walk.leaves("PUT /settings/organization/logo", "settings.logo_changed", put).await;
    let remove = async { staff.delete(logo).await.expect(204) };
    walk.leaves("DELETE /settings/organization/logo", "settings.logo_removed", remove).await;
    let undo = async { staff.patch(paths::SETTINGS_SENDING, json!({ "undo_seconds": 5 })).await.expect(200) };
    walk.leaves("PATCH /settings/sending", "settings.sending_changed", undo).await;
    let minutes = async {
        staff.patch(paths::SETTINGS_SECURITY, json!({ "staff_idle_minutes": 20 })).await.expect(200)
    };
    walk.leaves("PATCH /settings/security", "settings.staff_idle_changed", minutes).await;
    let texts =
        async { staff.patch(paths::SETTINGS_TEXTS, json!({ "monthly_segments": 5000 })).await.expect(200) };
    walk.leaves("PATCH /settings/texts", "settings.texts_changed", texts).await;
    let skip = async { staff.post(paths::SETUP_SKIP, json!({ "step": "practice" })).await.expect(200) };
    walk.leaves("POST /setup/skip", "setup.step_skipped", skip).await;
    let dismiss = async { staff.post(paths::SETUP_DISMISS, json!({})).await.json };
    walk.leaves("POST /setup/dismiss", "setup.dismissed", dismiss).await;
}

async fn walk_people(walk: &mut Walk<'_>) {
    let (app, practice) = (walk.app, walk.practice);
    let staff: &Client = &practice.staff;
    let sam = json!({ "name": "Sam Ortiz", "email": "sam@riverside.example", "role": "member" });
    let invite = async { staff.post(paths::INVITATIONS, sam).await.expect(201) };
    let invitation = walk.leaves("POST /invitations", "invitation.created", invite).await;
    let path = format!("{}/{}", paths::INVITATIONS, id(&invitation));
    app.clock.advance(TimeDelta::minutes(2));
    let again = async { staff.post(&format!("{path}/resend"), json!({})).await.json };
    walk.leaves("POST /invitations/{id}/resend", "invitation.resent", again).await;
    let withdraw = async { staff.delete(&path).await.json };
    walk.leaves("DELETE /invitations/{id}", "invitation.withdrawn", withdraw).await;
    app.colleague(practice, "Kim Roe", "kim@riverside.example", Role::Member).await;
    let users = staff.get(paths::USERS).await.expect(200);
    let kim = users["data"].as_array().expect("a list").iter().find(|user| user["name"] == "Kim Roe");
    let path = format!("{}/{}", paths::USERS, id(kim.expect("Kim")));
    let change = async { staff.patch(&path, json!({ "role": "read_only" })).await.expect(200) };
    walk.leaves("PATCH /users/{id}", "user.role_changed", change).await;
    app.deliver().await;
    walk_channels_away(walk).await;
    let rename = async { staff.patch(paths::SESSION_USER, json!({ "name": "Amy Leigh" })).await.expect(200) };
    walk.leaves("PATCH /session/user", "user.renamed", rename).await;
    let other = app.anybody();
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    let sign_in = async { other.post(paths::SESSION, sign_in).await.expect(200) };
    walk.leaves("POST /session", "session.started", sign_in).await;
    let sessions = staff.get(paths::SESSIONS).await.expect(200);
    let distant =
        sessions["data"].as_array().expect("a list").iter().find(|session| session["current"] != true);
    let path = format!("{}/{}", paths::SESSIONS, id(distant.expect("another")));
    let end = async { staff.delete(&path).await.json };
    walk.leaves("DELETE /sessions/{session_id}", "session.ended_remotely", end).await;
    let sign_in = json!({ "email": practice.email, "password": PASSWORD });
    app.anybody().post(paths::SESSION, sign_in).await.expect(200);
    let end = async { staff.post(paths::SESSIONS_END_OTHERS, json!({})).await.expect(200) };
    walk.leaves("POST /sessions/end-others", "session.ended_remotely", end).await;
    let password = json!({ "password": "four unlikely kettles sing", "current_password": PASSWORD });
    let password = async { staff.put(paths::SESSION_PASSWORD, password).await.json };
    walk.leaves("PUT /session/password", "user.password_changed", password).await;
    let sign_out = async { staff.delete(paths::SESSION).await.json };
    walk.leaves("DELETE /session", "session.ended", sign_out).await;
}
