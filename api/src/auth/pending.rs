//! Staff between the password and the second step: a token of another type, which one route takes
//! (security.md D12).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use sealpost_shared::problem::ProblemCode;

use super::{cookies, origin, state_of};
use crate::entities::{pending_sign_in, user};
use crate::problem::{Problem, Result};
use crate::session_tokens::Audience;

/// Somebody whose password was right a moment ago.
pub struct PendingMember {
    pub user: user::Model,
    pub sign_in: pending_sign_in::Model,
}

async fn pending(request: &HttpRequest) -> Result<PendingMember> {
    let state = state_of(request)?;
    if !cookies::present(request, &state, Audience::PendingStaff) {
        return Err(ProblemCode::Unauthenticated.into());
    }
    origin::check_cookie_call(request, &state.config)?;
    let ended = || Problem::from(ProblemCode::SessionEnded);
    let verified =
        cookies::read(request, &state, Audience::PendingStaff).filter(|it| it.in_time).ok_or_else(ended)?;
    let db = state.db.of(verified.token.organization).read().await?;
    let found = pending_sign_in::find_live(&db, verified.token.session, state.now()).await?;
    let own = |row: &pending_sign_in::Model| {
        verified.token.says(row.organization_id, row.user_id.uuid(), row.session_version)
    };
    let (sign_in, user) = found.filter(|(row, _)| own(row)).ok_or_else(ended)?;
    Ok(PendingMember { user, sign_in })
}

impl FromRequest for PendingMember {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { pending(&request).await })
    }
}
