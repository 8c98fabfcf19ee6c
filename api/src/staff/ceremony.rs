//! Challenges for passkeys: which of them waits for whom. Each is kept in a row of its own, sealed, for five minutes,
//! and is answered once, by the session that asked for it.

use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::SessionId;
use sealpost_shared::problem::ProblemCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::entities::passkey_ceremony::{self, Purpose};
use crate::entities::user;
use crate::problem::{Problem, Result};
use crate::secrets::{Field, random_token, valid_token};
use crate::state::State;

/// How long a challenge waits for its answer.
const CEREMONY: TimeDelta = TimeDelta::minutes(5);

/// Who we are to a browser: the public URL, whose host must be a name (a passkey belongs to one).
pub(super) fn relying_party(state: &State) -> Result<Webauthn> {
    let url = &state.config.public_url;
    let name = url.domain().ok_or_else(|| {
        let detail = "Passkeys need a name in SEALPOST_PUBLIC_URL; an address of numbers has none.";
        Problem::new(ProblemCode::SecondStepState, detail)
    })?;
    let party = WebauthnBuilder::new(name, url).and_then(|builder| builder.rp_name("Sealpost").build());
    party.map_err(Problem::internal)
}

/// Keeps what waits for an answer; what the browser gets names it, and its hash is kept.
pub(super) async fn remember(
    state: &State,
    own: &user::Model,
    session: SessionId,
    purpose: Purpose,
    waiting: &impl Serialize,
) -> Result<String> {
    let ceremony = random_token();
    let id_hash = ceremony_hash(state, &ceremony);
    let scope = state.db.of(own.organization_id);
    let waiting = serde_json::to_vec(waiting).map_err(Problem::internal)?;
    scope
        .write(async |tx| {
            let keys = state.secrets.organization(tx, own.organization_id).await?;
            let row = passkey_ceremony::Model {
                sealed_state: keys.seal(Field::PasskeyCeremony, &id_hash, &waiting)?,
                id_hash,
                organization_id: own.organization_id,
                user_id: own.id,
                session_id: session,
                purpose,
                expires_at: state.now() + CEREMONY,
            };
            passkey_ceremony::end_of_session(tx, session).await?;
            let row = row.into_active_model().reset_all();
            passkey_ceremony::Entity::insert(row).exec_without_returning(tx).await?;
            Ok(())
        })
        .await?;
    Ok(ceremony)
}

/// What waits under this name, once and for this session alone.
pub(super) async fn answer<T: DeserializeOwned>(
    state: &State,
    own: &user::Model,
    ceremony: &str,
    session: SessionId,
    purpose: Purpose,
) -> Result<Option<T>> {
    if !valid_token(ceremony) {
        return Ok(None);
    }
    let (id_hash, now) = (ceremony_hash(state, ceremony), state.now());
    let scope = state.db.of(own.organization_id);
    let taken =
        scope.write(async |tx| Ok(passkey_ceremony::take(tx, id_hash, session, purpose, now).await?)).await?;
    let Some(row) = taken else { return Ok(None) };
    let keys = state.secrets.organization(&scope.read().await?, own.organization_id).await?;
    let waiting = keys.open(Field::PasskeyCeremony, &row.id_hash, &row.sealed_state)?;
    serde_json::from_slice(&waiting).map(Some).map_err(Problem::internal)
}

fn ceremony_hash(state: &State, ceremony: &str) -> Vec<u8> {
    state.secrets.ring().keyed_hash("passkey-ceremony", ceremony.as_bytes())
}

/// The same JSON by another type: ours is the document's, theirs the library's.
pub(super) fn same<T: DeserializeOwned>(value: &impl Serialize) -> Result<T> {
    let value = serde_json::to_value(value).map_err(Problem::internal)?;
    serde_json::from_value(value).map_err(Problem::internal)
}
