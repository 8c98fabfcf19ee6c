//! Whoever is signed in, or about to be: their account, their second step, an invitation they follow.

use sealpost_shared::invitations::{AcceptInvitation, InvitationOffer, OpenInvitation};
use sealpost_shared::paths;
use sealpost_shared::staff::{
    ConfirmTotp, RecoveryCodes, RemoveTotp, SetPassword, StaffSession, TakeSecondStep, TotpEnrolment,
    UpdateOwnUser,
};

use super::{Answer, Empty, Method, send, send_quietly};

pub async fn second_step(code: String) -> Answer<StaffSession> {
    send(Method::Post, paths::SESSION_SECOND_STEP, &TakeSecondStep { code }).await
}

pub async fn update(patch: &UpdateOwnUser) -> Answer<StaffSession> {
    send(Method::Patch, paths::SESSION_USER, patch).await
}

pub async fn set_password(password: String, current_password: Option<String>) -> Answer<()> {
    send_quietly(Method::Put, paths::SESSION_PASSWORD, &SetPassword { password, current_password }).await
}

pub async fn start_totp() -> Answer<TotpEnrolment> {
    send(Method::Post, paths::SESSION_TOTP, &Empty {}).await
}

pub async fn confirm_totp(code: String) -> Answer<RecoveryCodes> {
    send(Method::Post, paths::SESSION_TOTP_CONFIRM, &ConfirmTotp { code }).await
}

pub async fn remove_totp(password: String) -> Answer<()> {
    send_quietly(Method::Post, paths::SESSION_TOTP_REMOVE, &RemoveTotp { password }).await
}

/// Uses nothing up: who invites, and as what.
pub async fn open_invitation(token: String) -> Answer<InvitationOffer> {
    send(Method::Post, paths::INVITATIONS_OPEN, &OpenInvitation { token }).await
}

pub async fn accept_invitation(accept: &AcceptInvitation) -> Answer<StaffSession> {
    send(Method::Post, paths::INVITATIONS_ACCEPT, accept).await
}
