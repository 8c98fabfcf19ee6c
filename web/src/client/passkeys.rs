//! One's own passkeys, and signing in with one after the password.

use sealpost_shared::ids::PasskeyId;
use sealpost_shared::page::Page;
use sealpost_shared::passkeys::{
    AddPasskey, AddedPasskey, Passkey, PasskeyPassword, PasskeyRegistration, PasskeyRequest, RenamePasskey,
    StartPasskey, TakePasskey,
};
use sealpost_shared::paths;
use sealpost_shared::staff::StaffSession;
use sealpost_shared::text::Name;

use super::{Answer, Empty, Method, get, send, send_quietly};

fn one(id: PasskeyId) -> String {
    format!("{}/{id}", paths::SESSION_PASSKEYS)
}

pub async fn list() -> Answer<Page<Passkey>> {
    get(paths::SESSION_PASSKEYS).await
}

/// Without the password while one signs in and must set a second step up.
pub async fn start(password: Option<String>) -> Answer<PasskeyRegistration> {
    send(Method::Post, paths::SESSION_PASSKEYS_START, &StartPasskey { password }).await
}

pub async fn add(answer: &AddPasskey) -> Answer<AddedPasskey> {
    send(Method::Post, paths::SESSION_PASSKEYS, answer).await
}

pub async fn rename(id: PasskeyId, name: Name) -> Answer<Passkey> {
    send(Method::Patch, &one(id), &RenamePasskey { name }).await
}

pub async fn remove(id: PasskeyId, password: String) -> Answer<()> {
    send_quietly(Method::Post, &format!("{}/remove", one(id)), &PasskeyPassword { password }).await
}

/// Between the password and the desk: a challenge.
pub async fn ask() -> Answer<PasskeyRequest> {
    send(Method::Post, paths::SESSION_SECOND_STEP_PASSKEY, &Empty {}).await
}

pub async fn take(answer: &TakePasskey) -> Answer<StaffSession> {
    send(Method::Post, paths::SESSION_SECOND_STEP_PASSKEY_FINISH, answer).await
}
