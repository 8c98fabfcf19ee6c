//! What tests start from, in a line each. Everything is made over HTTP, as it is in life, but the practice,
//! which `admin bootstrap` makes.

use chrono::TimeDelta;
use sealpost_api::staff;
use sealpost_shared::paths;
use sealpost_shared::staff::Role;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::passkey::Authenticator;

pub const PASSWORD: &str = "correct horse battery staple";

/// An organization, its admin signed in at a desk, and its key.
pub struct Practice {
    pub organization_id: String,
    pub email: String,
    pub staff: Client,
    pub key: Client,
}

/// A patient's browser in which a link was opened.
pub struct Patient {
    pub browser: Client,
    pub conversation: String,
}

/// The id in an answer's body.
pub fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// `fields` with `more` on top.
pub fn with(mut fields: Value, more: Value) -> Value {
    let (Value::Object(fields_map), Value::Object(more)) = (&mut fields, more) else { panic!("objects") };
    fields_map.extend(more);
    fields
}

/// The token of the link in a text or mail.
pub fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("/m#").unwrap_or_else(|| panic!("no link in {text:?}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

impl TestApp {
    pub async fn practice(&self) -> Practice {
        self.practice_named("Riverside Clinic", "amy.lee@riverside.example").await
    }

    /// A practice with Amy Lee for its admin, signed in.
    pub async fn practice_named(&self, name: &str, email: &str) -> Practice {
        let (organization_id, key) = self.bootstrap(name, email, "Amy Lee", PASSWORD).await;
        let practice = Practice {
            organization_id,
            email: email.to_owned(),
            staff: self.anybody(),
            key: self.with_key(&key),
        };
        practice.sign_in().await;
        practice
    }

    /// One more who works there, signed in.
    pub async fn colleague(&self, practice: &Practice, name: &str, email: &str, role: Role) -> Client {
        let organization = practice.organization_id.parse().expect("an id");
        let new = staff::NewUser {
            name: name.parse().expect("a name"),
            email: email.parse().expect("an address"),
            password: Some(PASSWORD.to_owned()),
            role,
        };
        let state = self.state();
        let hash = staff::hash_password(state, PASSWORD, &[name, email]).await.expect("a hash");
        let made = state
            .db
            .of(organization)
            .write(async |tx| staff::create_user(state, tx, organization, new, Some(hash)).await);
        made.await.expect("a colleague");
        let desk = self.anybody();
        desk.post(paths::SESSION, json!({ "email": email, "password": PASSWORD })).await.expect(200);
        desk
    }

    /// A passkey of the practice's admin; its id.
    pub async fn add_passkey(&self, practice: &Practice) -> String {
        let password = json!({ "password": PASSWORD });
        let started = practice.staff.post(paths::SESSION_PASSKEYS_START, password).await.expect(200);
        let credential = Authenticator::new(&self.origin()).create(&started["options"]);
        let made = json!({ "ceremony": started["ceremony"], "name": "My phone", "credential": credential });
        let added = practice.staff.post(paths::SESSION_PASSKEYS, made).await.expect(201);
        id(&added["passkey"]).to_owned()
    }

    /// The code that an app with this secret shows now.
    pub fn code(&self, secret: &str) -> String {
        let secret = Secret::try_from_base32(secret).expect("base32");
        let totp = Builder::new().with_secret(secret).build().expect("a secret");
        totp.generate(self.state().now().timestamp().unsigned_abs()).to_string()
    }

    /// Delivers what is queued; the token of the newest text.
    pub async fn newest_token(&self) -> String {
        self.deliver().await;
        let text = self.gateway.texts().pop().expect("a text arrived");
        token_in(&text.body)
    }

    /// A patient taps the link and "Open my message".
    pub async fn enter(&self, token: &str) -> Patient {
        let browser = self.anybody();
        let entered = browser.post(paths::SECURE_LINKS_ENTER, json!({ "token": token })).await.expect(200);
        Patient::of(browser, &entered)
    }

    pub async fn enter_with_pin(&self, token: &str, pin: &str) -> Patient {
        let browser = self.anybody();
        let entered = browser.verify_pin(token, pin).await.expect(200);
        Patient::of(browser, &entered)
    }
}

impl Client {
    pub async fn open(&self, token: &str) -> Answer {
        self.post(paths::SECURE_LINKS_OPEN, json!({ "token": token })).await
    }

    pub async fn verify_pin(&self, token: &str, pin: &str) -> Answer {
        self.post(paths::SECURE_LINKS_VERIFY_PIN, json!({ "token": token, "pin": pin })).await
    }

    pub async fn relink(&self, token: &str) -> Answer {
        self.post(paths::SECURE_LINKS_RELINK, json!({ "token": token })).await
    }
}

impl Practice {
    /// Signs in, or in again: sessions end when the clock moves.
    pub async fn sign_in(&self) {
        self.staff.set_cookies(std::collections::BTreeMap::new());
        let body = json!({ "email": self.email, "password": PASSWORD });
        self.staff.post(paths::SESSION, body).await.expect(200);
    }

    pub async fn contact(&self, fields: Value) -> Value {
        self.key.post(paths::CONTACTS, fields).await.expect(201)
    }

    /// Jordan Reyes, whom texts reach.
    pub async fn jordan(&self) -> Value {
        let contact = json!({
            "first_name": "Jordan", "last_name": "Reyes",
            "phone": "+15550100142", "email": "jordan.reyes@mail.example", "preferred_channel": "sms",
        });
        self.contact(contact).await
    }

    pub async fn set_pin(&self, contact: &Value, pin: &str) {
        let path = format!("{}/{}/pin", paths::CONTACTS, id(contact));
        self.key.put(&path, json!({ "pin": pin })).await.expect(204);
    }

    pub async fn configure(&self, settings: Value) {
        self.key.patch(paths::SETTINGS_SECURE_MESSAGING, settings).await.expect(200);
    }

    /// A private message: "Your results are in.", unless `more` says otherwise.
    pub async fn send(&self, contact: &Value, more: Value) -> Value {
        self.try_send(contact, more).await.expect(201)
    }

    pub async fn try_send(&self, contact: &Value, more: Value) -> Answer {
        let message = json!({ "contact_id": id(contact), "body": "Your results are in.", "secure": true });
        self.key.post(paths::MESSAGES, with(message, more)).await
    }

    pub async fn message(&self, message: &Value) -> Value {
        self.key.get(&format!("{}/{}", paths::MESSAGES, id(message))).await.expect(200)
    }

    /// The contact's messages on every channel, newest first.
    pub async fn history(&self, contact: &Value) -> Vec<Value> {
        let page = self.key.get(&format!("{}/{}/messages", paths::CONTACTS, id(contact))).await.expect(200);
        page["data"].as_array().expect("a list").clone()
    }

    /// A folder, as the signed-in person sees it.
    pub async fn folder(&self, folder: &str) -> Vec<Value> {
        let page = self.staff.get(&format!("{}?folder={folder}", paths::CONVERSATIONS)).await.expect(200);
        page["data"].as_array().expect("a list").clone()
    }
}

impl Patient {
    fn of(browser: Client, entered: &Value) -> Self {
        let conversation = entered["conversation_id"].as_str().expect("an id").to_owned();
        Self { browser, conversation }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("{}/{}{rest}", paths::CHAT, self.conversation)
    }

    /// The texts on screen, oldest first.
    pub async fn bodies(&self) -> Vec<String> {
        let page = self.browser.get(&self.path("/messages")).await.expect(200);
        let mut messages = page["data"].as_array().expect("a list").clone();
        messages.sort_by_key(|message| id(message).to_owned());
        messages.iter().map(|message| message["body"].as_str().expect("text").to_owned()).collect()
    }

    pub async fn reply(&self, body: &str) -> Answer {
        let message = json!({ "body": body, "client_message_id": Uuid::new_v4() });
        self.browser.post(&self.path("/messages"), message).await
    }
}

/// A day and an hour: past the end of a link that works for 24 hours.
pub const PAST_A_DAY: TimeDelta = TimeDelta::hours(25);
