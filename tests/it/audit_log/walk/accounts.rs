//! The walk through accounts: invitations and links that let in, second steps, forgotten passwords, and keys.

use chrono::TimeDelta;
use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use sealpost_tests::app::TestApp;
use sealpost_tests::client::Client;
use sealpost_tests::given::{PASSWORD, id};
use sealpost_tests::passkey::Authenticator;
use serde_json::{Value, json};

use super::Walk;

const LOU: &str = "lou.park@riverside.example";
const NEW_PASSWORD: &str = "seven unlikely ladders hum";

pub async fn walk_all(walk: &mut Walk<'_>) {
    let lou = walk_in(walk).await;
    walk_codes(walk, &lou).await;
    walk_passkeys(walk, &lou).await;
    walk_forgotten(walk, id(&lou.get(paths::SESSION).await.expect(200)["user"])).await;
    walk_keys(walk).await;
}

/// The token after `mark` in the newest email that has one.
async fn mailed(app: &TestApp, mark: &str) -> String {
    app.deliver().await;
    let texts = app.mail.mails().into_iter().rev().map(|mail| mail.text());
    let after = |text: String| Some(text.split_once(mark)?.1.to_owned());
    let rest = texts.filter_map(after).next().expect("an email with a link");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// A colleague by invitation, who is then let in by a link that works once: the desk at which she sits.
async fn walk_in(walk: &mut Walk<'_>) -> Client {
    let (app, practice) = (walk.app, walk.practice);
    let invited = json!({ "name": "Lou Park", "email": LOU, "role": Role::Member });
    practice.staff.post(paths::INVITATIONS, invited).await.expect(201);
    let token = mailed(app, "/desk#invite=").await;
    let accept = json!({ "token": token, "name": "Lou Park", "password": PASSWORD });
    let accept = async { app.anybody().post(paths::INVITATIONS_ACCEPT, accept).await.expect(200) };
    let session = walk.leaves("POST /invitations/accept", "invitation.accepted", accept).await;

    let (state, organization) = (app.state(), practice.organization_id.parse().expect("an id"));
    let user = id(&session["user"]).parse().expect("an id");
    let made = state
        .db
        .of(organization)
        .write(async |tx| staff::create_one_time_sign_in(state, tx, organization, user).await);
    let token = made.await.expect("a token");
    let lou = app.anybody();
    let once = async { lou.post(paths::SESSION_ONE_TIME, json!({ "token": token })).await.expect(200) };
    walk.leaves("POST /session/one-time", "session.started", once).await;
    lou
}

/// Somebody with Lou's password, of whom the second step is asked.
async fn pending(app: &TestApp) -> Client {
    let browser = app.anybody();
    let due = browser.post(paths::SESSION, json!({ "email": LOU, "password": PASSWORD })).await.expect(200);
    assert_eq!(due["mfa_required"], true);
    browser
}

async fn walk_codes(walk: &mut Walk<'_>, lou: &Client) {
    let app = walk.app;
    let password = json!({ "password": PASSWORD });
    let enrolment = lou.post(paths::SESSION_TOTP, &password).await.expect(200);
    let secret = enrolment["secret"].as_str().expect("a secret");
    let code = json!({ "code": app.code(secret) });
    let confirm = async { lou.post(paths::SESSION_TOTP_CONFIRM, code).await.expect(200) };
    walk.leaves("POST /session/totp/confirm", "user.second_step_turned_on", confirm).await;
    let renew = async { lou.post(paths::SESSION_RECOVERY_CODES, &password).await.expect(200) };
    let codes = walk.leaves("POST /session/recovery-codes", "user.recovery_codes_renewed", renew).await;
    app.clock.advance(TimeDelta::seconds(30));
    let shown = Value::from(app.code(secret));
    for (code, action) in
        [(&shown, "session.started"), (&codes["recovery_codes"][0], "user.recovery_code_used")]
    {
        let browser = pending(app).await;
        let step = json!({ "code": code });
        let step = async { browser.post(paths::SESSION_SECOND_STEP, step).await.expect(200) };
        walk.leaves("POST /session/second-step", action, step).await;
    }
    let remove = async { lou.post(paths::SESSION_TOTP_REMOVE, &password).await.expect(200) };
    walk.leaves("POST /session/totp/remove", "user.second_step_turned_off", remove).await;
}

async fn walk_passkeys(walk: &mut Walk<'_>, lou: &Client) {
    let app = walk.app;
    let mut device = Authenticator::new(&app.origin());
    let password = json!({ "password": PASSWORD });
    let started = lou.post(paths::SESSION_PASSKEYS_START, &password).await.expect(200);
    let credential = device.create(&started["options"]);
    let made = json!({ "ceremony": started["ceremony"], "name": "My phone", "credential": credential });
    let add = async { lou.post(paths::SESSION_PASSKEYS, made).await.expect(201) };
    let added = walk.leaves("POST /session/passkeys", "user.passkey_added", add).await;
    let path = format!("{}/{}", paths::SESSION_PASSKEYS, id(&added["passkey"]));
    let rename = async { lou.patch(&path, json!({ "name": "Old phone" })).await.expect(200) };
    walk.leaves("PATCH /session/passkeys/{passkey_id}", "user.passkey_renamed", rename).await;

    let browser = pending(app).await;
    let asked = browser.post(paths::SESSION_SECOND_STEP_PASSKEY, json!({})).await.expect(200);
    let credential = device.get(&asked["options"]);
    let answer = json!({ "ceremony": asked["ceremony"], "credential": credential });
    let finish = async { browser.post(paths::SESSION_SECOND_STEP_PASSKEY_FINISH, answer).await.expect(200) };
    walk.leaves("POST /session/second-step/passkey/finish", "session.started", finish).await;

    let remove = async { lou.post(&format!("{path}/remove"), &password).await.expect(200) };
    walk.leaves("POST /session/passkeys/{passkey_id}/remove", "user.passkey_removed", remove).await;
}

/// A new password by email: asked for by the person, then sent by an admin.
async fn walk_forgotten(walk: &mut Walk<'_>, lou: &str) {
    let (app, practice) = (walk.app, walk.practice);
    let ask = async {
        app.anybody().post(paths::SESSION_PASSWORD_RESET, json!({ "email": LOU })).await.expect(202)
    };
    walk.leaves("POST /session/password-reset", "user.password_reset_asked", ask).await;
    let chosen = json!({ "token": mailed(app, "/desk#reset=").await, "password": NEW_PASSWORD });
    let complete =
        async { app.anybody().post(paths::SESSION_PASSWORD_RESET_COMPLETE, chosen).await.expect(204) };
    walk.leaves("POST /session/password-reset/complete", "user.password_reset", complete).await;
    let path = format!("{}/{lou}/password-reset", paths::USERS);
    let send = async { practice.staff.post(&path, json!({})).await.expect(202) };
    walk.leaves("POST /users/{id}/password-reset", "user.password_reset_sent", send).await;
    app.deliver().await;
}

async fn walk_keys(walk: &mut Walk<'_>) {
    let staff = &walk.practice.staff;
    let key = json!({ "name": "Practice software", "scope": "read", "current_password": PASSWORD });
    let make = async { staff.post(paths::API_KEYS, key).await.expect(201) };
    let made = walk.leaves("POST /api-keys", "api_key.created", make).await;
    let path = format!("{}/{}", paths::API_KEYS, id(&made["api_key"]));
    let revoke = async { staff.delete(&path).await.expect(204) };
    walk.leaves("DELETE /api-keys/{key_id}", "api_key.revoked", revoke).await;
}
