//! `id:` of a told event, which comes back as `Last-Event-ID`: the event's number, sealed, for the numbers
//! of all events tell how busy an organization is.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sealpost_shared::ids::OrganizationId;

use crate::problem::Result;
use crate::secrets::Field;
use crate::state::State;

pub async fn write(state: &State, organization: OrganizationId, sequence: i64) -> Result<String> {
    let keys = state.secrets.organization(&state.db.of(organization).read().await?, organization).await?;
    let sealed = keys.seal(Field::EventCursor, b"", &sequence.to_be_bytes())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// Nothing for what we did not write: the stream then starts from now.
pub async fn read(state: &State, organization: OrganizationId, text: &str) -> Result<Option<i64>> {
    let keys = state.secrets.organization(&state.db.of(organization).read().await?, organization).await?;
    let opened =
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|sealed| keys.open(Field::EventCursor, b"", &sealed).ok());
    Ok(opened.and_then(|plain| Some(i64::from_be_bytes(plain.as_slice().try_into().ok()?))))
}
