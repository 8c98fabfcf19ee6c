//! Colleagues, and those who are invited to become some.

use sealpost_shared::ids::{InvitationId, UserId};
use sealpost_shared::invitations::{CreateInvitation, Invitation};
use sealpost_shared::page::{MAX_LIMIT, Page};
use sealpost_shared::paths;
use sealpost_shared::staff::{Account, PasswordReset, UpdateAccount};
use uuid::Uuid;

use super::{Answer, Empty, Method, get, query, send, send_quietly, send_with};

/// A page of colleagues.
pub async fn users(limit: u64, cursor: Option<String>) -> Answer<Page<Account>> {
    get(&(paths::USERS.to_owned() + &query(&[("limit", Some(limit.to_string())), ("cursor", cursor)]))).await
}

pub async fn update_user(id: UserId, patch: &UpdateAccount) -> Answer<Account> {
    send(Method::Patch, &format!("{}/{id}", paths::USERS), patch).await
}

/// A link for a new password, by email or to hand over.
pub async fn send_reset(id: UserId) -> Answer<PasswordReset> {
    send(Method::Post, &format!("{}/{id}/password-reset", paths::USERS), &Empty {}).await
}

/// The newest ones, as many as one page can hold.
pub async fn invitations() -> Answer<Page<Invitation>> {
    get(&(paths::INVITATIONS.to_owned() + &query(&[("limit", Some(MAX_LIMIT.to_string()))]))).await
}

/// The same `key` twice is one invitation.
pub async fn invite(invitation: &CreateInvitation, key: Uuid) -> Answer<Invitation> {
    let key = key.to_string();
    send_with(Method::Post, paths::INVITATIONS, invitation, &[(paths::IDEMPOTENCY_KEY, &key)]).await
}

pub async fn resend(id: InvitationId, key: Uuid) -> Answer<Invitation> {
    let (address, key) = (format!("{}/{id}/resend", paths::INVITATIONS), key.to_string());
    send_with(Method::Post, &address, &Empty {}, &[(paths::IDEMPOTENCY_KEY, &key)]).await
}

pub async fn withdraw(id: InvitationId) -> Answer<()> {
    send_quietly(Method::Delete, &format!("{}/{id}", paths::INVITATIONS), &Empty {}).await
}
