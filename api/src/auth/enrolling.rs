//! Who may set up a second factor: somebody at the desk, or somebody whose organization lets them in only with one
//! (security.md D12). The latter have a token of another type, which the routes of this extractor alone take.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use sealpost_shared::ids::SessionId;
use sealpost_shared::problem::ProblemCode;

use super::staff::staff_member;
use super::{StaffMember, cookies, origin, state_of};
use crate::entities::{passkey, pending_sign_in, second_step, user};
use crate::problem::{Problem, Result};
use crate::session_tokens::Audience;
use crate::state::State;

/// Whether signing in asks this person for more than the password. Every kind of second factor is counted here.
pub async fn has_second_factor(db: &impl ConnectionTrait, user: &user::Model) -> Result<bool> {
    let (organization, id) = (user.organization_id, user.id);
    // One that lets nobody in any more still means that the password alone is not enough.
    Ok(second_step::find_confirmed(db, organization, id).await?.is_some()
        || !passkey::list(db, organization, id).await?.is_empty())
}

pub enum Enrolling {
    Session(Box<StaffMember>),
    /// The password was right a moment ago.
    SignIn(Box<(user::Model, pending_sign_in::Model)>),
}

impl Enrolling {
    pub const fn user(&self) -> &user::Model {
        match self {
            Self::Session(member) => &member.user,
            Self::SignIn(sign_in) => &sign_in.0,
        }
    }

    /// What a challenge is made for: the session, or the sign-in that waits.
    pub const fn id(&self) -> SessionId {
        match self {
            Self::Session(member) => member.session.id,
            Self::SignIn(sign_in) => sign_in.1.id,
        }
    }

    /// Whether the password was given a moment ago, to sign in.
    pub const fn is_signing_in(&self) -> bool {
        matches!(self, Self::SignIn(_))
    }

    /// Asked again inside a transaction.
    pub async fn still_counts(&self, state: &State, tx: &DatabaseTransaction) -> Result<()> {
        match self {
            Self::Session(member) => member.caller().still_counts(state, tx).await,
            Self::SignIn(sign_in) => {
                let live = pending_sign_in::find_live(tx, sign_in.1.id, state.now()).await?;
                if live.is_some() { Ok(()) } else { Err(ProblemCode::SessionEnded.into()) }
            }
        }
    }

    /// There is a second factor now: a sign-in that waited for it is over, and a session takes its place.
    pub async fn used(&self, state: &State, tx: &DatabaseTransaction) -> Result<()> {
        let Self::SignIn(sign_in) = self else { return Ok(()) };
        if pending_sign_in::consume(tx, sign_in.1.id, state.now()).await? {
            return Ok(());
        }
        Err(ProblemCode::SessionEnded.into())
    }
}

async fn enrolling(request: &HttpRequest) -> Result<Enrolling> {
    let state = state_of(request)?;
    let token = cookies::read(request, &state, Audience::EnrollingStaff).filter(|it| it.in_time);
    let Some(verified) = token else {
        return Ok(Enrolling::Session(Box::new(staff_member(request).await?)));
    };
    origin::check_cookie_call(request, &state.config)?;
    let db = state.db.of(verified.token.organization).read().await?;
    let found = pending_sign_in::find_live(&db, verified.token.session, state.now()).await?;
    let own = |row: &pending_sign_in::Model| {
        row.to_enrol && verified.token.says(row.organization_id, row.user_id.uuid(), row.session_version)
    };
    let (sign_in, user) =
        found.filter(|(row, _)| own(row)).ok_or_else(|| Problem::from(ProblemCode::SessionEnded))?;
    // Half an hour is longer than one token counts.
    cookies::renew(request, &state, &verified);
    Ok(Enrolling::SignIn(Box::new((user, sign_in))))
}

impl FromRequest for Enrolling {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { enrolling(&request).await })
    }
}
