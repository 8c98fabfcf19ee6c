//! What somebody with an invitation in hand does. Tries are charged before the token is looked up; unknown, used,
//! withdrawn and ended invitations are one answer (security.md D7, D9).

use sealpost_shared::invitations::{AcceptInvitation, InvitationOffer};
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::Role;

use super::manage::{address, hash};
use crate::auth::DeviceTokens;
use crate::entities::{invitation, organization, user};
use crate::journal::{Actor, Journal};
use crate::problem::{Problem, Result, not_found};
use crate::secrets::valid_token;
use crate::staff::service::Entered;
use crate::staff::{INVITATION, NewUser, Try, check_password, create_user, let_in};
use crate::state::State;

fn unknown() -> Problem {
    ProblemCode::InvitationNotFound.into()
}

/// One try at a token: charged before it is looked up.
async fn charge<'a>(state: &State, token: &str, network: &'a [u8]) -> Result<Try<'a>> {
    let attempt = Try::new(&INVITATION, hash(state, token), network);
    attempt.charge(state).await?;
    Ok(attempt)
}

async fn find(state: &State, token: &str) -> Result<invitation::Model> {
    if !valid_token(token) {
        return Err(unknown());
    }
    let found = invitation::find_acceptable(
        &state.db.before_organization().read().await?,
        hash(state, token),
        state.now(),
    )
    .await?;
    found.ok_or_else(unknown)
}

/// What the invitation says. Changes nothing, and can be repeated.
pub async fn open(state: &State, token: &str, network: &[u8]) -> Result<InvitationOffer> {
    let attempt = charge(state, token, network).await?;
    let found = find(state, token).await?;
    // Looking is free for who holds a token; accepting hashes a password, and is not until it is done.
    attempt.give_back(state).await?;
    let db = &state.db.of(found.organization_id).read().await?;
    let organization = organization::get(db, found.organization_id).await?.ok_or_else(unknown)?;
    let inviter = user::list_by_ids(db, found.organization_id, [found.invited_by]).await?.pop();
    Ok(InvitationOffer {
        organization: organization.card(),
        name: found.name.parse().map_err(Problem::internal)?,
        email: address(state, db, &found).await?,
        role: found.role,
        invited_by: inviter.map(|user| user.name).unwrap_or_default(),
        expires_at: found.expires_at,
    })
}

/// Makes the account and signs in.
pub async fn accept(
    state: &State,
    request: AcceptInvitation,
    network: &[u8],
    devices: &DeviceTokens,
) -> Result<Entered> {
    let attempt = charge(state, &request.token, network).await?;
    let found = find(state, &request.token).await?;
    let db = state.db.of(found.organization_id).read().await?;
    let organization = organization::get(&db, found.organization_id).await?.ok_or_else(unknown)?;
    let email = address(state, &db, &found).await?;
    drop(db);
    check_password(&request.password, &[request.name.as_str(), email.as_str(), &organization.name])?;
    let password = state.secrets.hashing.hash(&request.password).await?;
    state
        .db
        .of(found.organization_id)
        .write(async |tx| {
            let now = state.now();
            // Somebody who lost the right to invite meanwhile lets nobody in.
            let inviter = user::find_active(tx, found.organization_id, found.invited_by).await?;
            if inviter.is_none_or(|inviter| inviter.role != Role::Admin) {
                return Err(unknown());
            }
            if !invitation::accept(tx, found.id, hash(state, &request.token), now).await? {
                return Err(unknown());
            }
            attempt.succeeded(tx).await?;
            let new = NewUser { name: request.name, email, password: None, role: found.role };
            let made = create_user(state, tx, found.organization_id, new, Some(password)).await;
            let id = made.map_err(|problem| match problem.code {
                ProblemCode::Conflict => Problem::new(
                    ProblemCode::Conflict,
                    "This address has an account already. Ask for an invitation to another address.",
                ),
                _ => problem,
            })?;
            let mut journal = Journal::new(found.organization_id, Actor::Staff(id), now);
            journal.audit("invitation.accepted", found.id);
            journal.write(tx).await?;
            let user = user::find_active(tx, found.organization_id, id).await?.ok_or_else(not_found)?;
            let_in(state, tx, &user, "pwd", devices).await
        })
        .await
}
