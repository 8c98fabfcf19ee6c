//! Whoever is signed in, or about to be: their account, their second step, an invitation they follow.

use sealpost_shared::invitations::{AcceptInvitation, InvitationOffer, OpenInvitation};
use sealpost_shared::paths;
use sealpost_shared::staff::{
    AskForPasswordReset, CompletePasswordReset, ConfirmTotp, PasswordResetAsked, RecoveryCodes, RemoveTotp,
    RenewRecoveryCodes, SetPassword, SignedIn, StaffSession, StartTotp, TakeSecondStep, TotpEnrolment,
    UpdateOwnUser,
};

use super::{Answer, Method, send, send_quietly};

pub async fn second_step(code: String) -> Answer<StaffSession> {
    send(Method::Post, paths::SESSION_SECOND_STEP, &TakeSecondStep { code }).await
}

pub async fn update(patch: &UpdateOwnUser) -> Answer<StaffSession> {
    send(Method::Patch, paths::SESSION_USER, patch).await
}

pub async fn set_password(password: String, current_password: Option<String>) -> Answer<()> {
    send_quietly(Method::Put, paths::SESSION_PASSWORD, &SetPassword { password, current_password }).await
}

pub async fn start_totp(password: Option<String>) -> Answer<TotpEnrolment> {
    send(Method::Post, paths::SESSION_TOTP, &StartTotp { password }).await
}

pub async fn renew_codes(password: String) -> Answer<RecoveryCodes> {
    send(Method::Post, paths::SESSION_RECOVERY_CODES, &RenewRecoveryCodes { password }).await
}

pub async fn confirm_totp(code: String) -> Answer<RecoveryCodes> {
    send(Method::Post, paths::SESSION_TOTP_CONFIRM, &ConfirmTotp { code }).await
}

pub async fn remove_totp(password: String) -> Answer<()> {
    send_quietly(Method::Post, paths::SESSION_TOTP_REMOVE, &RemoveTotp { password }).await
}

/// The same answer for whatever address.
pub async fn ask_for_reset(email: String) -> Answer<PasswordResetAsked> {
    send(Method::Post, paths::SESSION_PASSWORD_RESET, &AskForPasswordReset { email }).await
}

pub async fn complete_reset(token: String, password: String) -> Answer<()> {
    let body = CompletePasswordReset { token, password };
    send_quietly(Method::Post, paths::SESSION_PASSWORD_RESET_COMPLETE, &body).await
}

/// Uses nothing up: who invites, and as what.
pub async fn open_invitation(token: String) -> Answer<InvitationOffer> {
    send(Method::Post, paths::INVITATIONS_OPEN, &OpenInvitation { token }).await
}

pub async fn accept_invitation(accept: &AcceptInvitation) -> Answer<SignedIn> {
    send(Method::Post, paths::INVITATIONS_ACCEPT, accept).await
}
