//! Staff by session cookie, integrators by key.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use sea_orm::ConnectionTrait;
use sealpost_shared::api_keys::KeyScope;
use sealpost_shared::ids::{OrganizationId, SessionId};
use sealpost_shared::paths::CONVERSATIONS;
use sealpost_shared::problem::ProblemCode;
use sealpost_shared::staff::Role;

use super::{cookies, has_second_factor, origin, state_of, touches, user_agent};
use crate::entities::{api_key, organization, staff_session, user};
use crate::journal::Actor;
use crate::problem::{Problem, Result};
use crate::secrets::sha256;
use crate::session_tokens::{Audience, Token};
use crate::state::State;

/// Somebody of an organization: a person at the desk or an integrator's key.
#[derive(Debug, Clone)]
pub struct Caller {
    pub organization: OrganizationId,
    pub actor: Actor,
    /// As messages name the author.
    pub name: String,
    pub role: Role,
    /// A person's session; keys have none.
    pub session: Option<SessionId>,
}

impl Caller {
    pub fn may_write(&self) -> Result<()> {
        match self.role {
            Role::Admin | Role::Member => Ok(()),
            Role::ReadOnly => Err(Problem::new(
                ProblemCode::Forbidden,
                "your role or your key's scope can read but not change",
            )),
        }
    }

    /// Asked again inside a transaction: a request's body may take its time, and what let the caller in must
    /// still count when something changes.
    pub async fn still_counts(&self, state: &State, tx: &impl ConnectionTrait) -> Result<()> {
        let counts = match (self.actor, self.session) {
            (Actor::ApiKey(key), _) => {
                api_key::find_live(tx, self.organization, key, state.now()).await?.is_some()
            }
            (_, Some(session)) => find_staff(state, tx, session).await?.is_some(),
            // The demo and the command line call services directly.
            (_, None) => true,
        };
        if counts { Ok(()) } else { Err(ProblemCode::SessionEnded.into()) }
    }

    pub fn may_administer(&self) -> Result<()> {
        match self.role {
            Role::Admin => Ok(()),
            Role::Member | Role::ReadOnly => Err(Problem::new(
                ProblemCode::Forbidden,
                "only an admin, or a key with the scope `admin`, may do this",
            )),
        }
    }
}

/// May read.
pub struct Reader(pub Caller);
/// May read and change.
pub struct Writer(pub Caller);
/// May change how the organization works.
pub struct Admin(pub Caller);

/// A person at the desk, with their session; keys have none.
pub struct StaffMember {
    pub user: user::Model,
    pub session: staff_session::Model,
}

/// An admin in person: who works here and how the installation sends is no key's business.
pub struct AdminMember(pub StaffMember);

impl StaffMember {
    pub fn caller(&self) -> Caller {
        Caller {
            organization: self.user.organization_id,
            actor: Actor::Staff(self.user.id),
            name: self.user.name.clone(),
            role: self.user.role,
            session: Some(self.session.id),
        }
    }
}

/// What is stored of a key: it has 256 bits of its own, so a plain hash is enough.
pub fn hash_api_key(key: &str) -> Vec<u8> {
    sha256(key.as_bytes())
}

/// The session behind a token, when it still counts. Also asked by open event streams.
pub async fn find_staff(
    state: &State,
    db: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Option<(staff_session::Model, user::Model)>> {
    let now = state.now();
    let Some((session, user)) = staff_session::find_live(db, session, now).await? else { return Ok(None) };
    let Some(organization) = organization::get(db, user.organization_id).await? else { return Ok(None) };
    if session.active_at <= now - organization.staff_idle() {
        return Ok(None);
    }
    // Also of sessions that began before the organization asked for it.
    if organization.require_second_factor && !has_second_factor(db, &user).await? {
        return Ok(None);
    }
    Ok(Some((session, user)))
}

pub(super) async fn staff_member(request: &HttpRequest) -> Result<StaffMember> {
    let state = state_of(request)?;
    if !cookies::present(request, &state, Audience::Staff) {
        return Err(nobody(request));
    }
    let ended = || Problem::from(ProblemCode::SessionEnded);
    let verified =
        cookies::read(request, &state, Audience::Staff).filter(|it| it.in_time).ok_or_else(ended)?;
    let db = state.db.of(verified.token.organization);
    let found = find_staff(&state, &db.read().await?, verified.token.session).await?;
    let (session, user) = found.filter(|(row, _)| is_of(&verified.token, row)).ok_or_else(ended)?;
    cookies::renew(request, &state, &verified);
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(ProblemCode::CredentialsAmbiguous.into());
    }
    origin::check_cookie_call(request, &state.config)?;
    let now = state.now();
    // A PATCH of a conversation is how the desk marks it read, by itself (security.md D11).
    let by_itself = request.method() == Method::PATCH && request.path().starts_with(CONVERSATIONS);
    if !request.method().is_safe() && !by_itself && touches(session.active_at, now) {
        db.write(async |tx| Ok(staff_session::touch(tx, session.id, now).await?)).await?;
    }
    note_device(request, &state, &session).await;
    Ok(StaffMember { user, session })
}

/// The first call of a session says which browser it is in. Not worth failing for.
async fn note_device(request: &HttpRequest, state: &State, session: &staff_session::Model) {
    if session.browser.is_some() {
        return;
    }
    let (browser, system) = user_agent::of(request);
    let db = state.db.of(session.organization_id);
    let noted = db.write(async |tx| Ok(staff_session::note_device(tx, session.id, browser, system).await?));
    if let Err(problem) = noted.await {
        tracing::debug!(problem.code = problem.code.as_str(), "a session's browser was not noted");
    }
}

/// What the token says of its session is what the row says.
fn is_of(token: &Token, row: &staff_session::Model) -> bool {
    token.says(row.organization_id, row.user_id.uuid(), row.session_version)
}

/// Whoever sends a key to a route that is for people learns that it is not the key's fault.
fn nobody(request: &HttpRequest) -> Problem {
    if request.headers().contains_key(AUTHORIZATION) {
        let detail = "this call is for people who are signed in at the desk; keys are not taken here";
        return Problem::new(ProblemCode::Unauthenticated, detail);
    }
    ProblemCode::Unauthenticated.into()
}

async fn caller(request: &HttpRequest) -> Result<Caller> {
    let state = state_of(request)?;
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(staff_member(request).await?.caller());
    };
    if cookies::present(request, &state, Audience::Staff) {
        return Err(ProblemCode::CredentialsAmbiguous.into());
    }
    let unknown = || Problem::from(ProblemCode::Unauthenticated);
    let header = header.to_str().map_err(|_| unknown())?;
    let (scheme, key) = header.split_once(' ').ok_or_else(unknown)?;
    if !scheme.eq_ignore_ascii_case("bearer") || !key.starts_with("spk_") {
        return Err(unknown());
    }
    let hash = hash_api_key(key.trim());
    let db = state.db.before_organization();
    let found = api_key::find_live_by_hash(&db.read().await?, hash, state.now()).await?;
    let key = found.ok_or_else(unknown)?;
    note_use(&state, &key).await;
    Ok(Caller {
        organization: key.organization_id,
        actor: Actor::ApiKey(key.id),
        name: key.name,
        role: role_of(key.scope),
        session: None,
    })
}

/// For whoever wonders which keys are still needed. Not worth failing for.
async fn note_use(state: &State, key: &api_key::Model) {
    let now = state.now();
    if key.used_at.is_some_and(|used| !touches(used, now)) {
        return;
    }
    let db = state.db.of(key.organization_id);
    let noted = db.write(async |tx| Ok(api_key::touch(tx, key.organization_id, key.id, now).await?));
    if let Err(problem) = noted.await {
        tracing::debug!(problem.code = problem.code.as_str(), "a key's use was not noted");
    }
}

/// A key's scope is a role: the same extractors ask for both.
const fn role_of(scope: KeyScope) -> Role {
    match scope {
        KeyScope::Read => Role::ReadOnly,
        KeyScope::Write => Role::Member,
        KeyScope::Admin => Role::Admin,
    }
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

fn extracting<T: 'static>(
    request: &HttpRequest,
    who: impl AsyncFnOnce(&HttpRequest) -> Result<T> + 'static,
) -> Extracting<T> {
    let request = request.clone();
    Box::pin(async move { who(&request).await })
}

impl FromRequest for StaffMember {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracting(request, staff_member)
    }
}

impl FromRequest for AdminMember {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracting(request, async |request: &HttpRequest| {
            let member = staff_member(request).await?;
            member.caller().may_administer()?;
            Ok(Self(member))
        })
    }
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracting(request, async |request: &HttpRequest| caller(request).await.map(Self))
    }
}

impl FromRequest for Writer {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracting(request, async |request: &HttpRequest| {
            let caller = caller(request).await?;
            caller.may_write()?;
            Ok(Self(caller))
        })
    }
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extracting(request, async |request: &HttpRequest| {
            let caller = caller(request).await?;
            caller.may_administer()?;
            Ok(Self(caller))
        })
    }
}
