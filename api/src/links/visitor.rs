//! Somebody at the gate: the network they come from, and the browser, when it says that it was here before.

use crate::crowds::Place;
use crate::entities::{contact, known_device};
use crate::problem::Result;
use crate::state::State;

pub struct Visitor {
    /// Hashed; limits are counted for it.
    pub network: Vec<u8>,
    /// The token of the browser's own cookie. It opens nothing: it only says whose tries are used up.
    pub device: Option<String>,
}

impl Visitor {
    /// Waits its turn among those who hold the same link; a browser that was let in before waits for nobody but
    /// itself.
    pub async fn place(&self, state: &State, token: &str) -> Result<Place> {
        let browser = self.device.as_deref().unwrap_or("stranger");
        let key = [token.as_bytes(), b"\0", browser.as_bytes()].concat();
        state.crowds.place(state.secrets.ring().keyed_hash("crowd", &key)).await
    }

    /// The browser as this contact's, when the contact's PIN was right in it before.
    pub async fn known_to(
        &self,
        state: &State,
        contact: &contact::Model,
    ) -> Result<Option<known_device::Model>> {
        let Some(token) = &self.device else { return Ok(None) };
        let hash = device_hash(state, token, contact);
        let (organization, version) = (contact.organization_id, contact.session_version);
        let read = &state.db.of(organization).read().await?;
        Ok(known_device::find_live(read, organization, contact.id, hash, version, state.now()).await?)
    }
}

pub fn device_hash(state: &State, token: &str, contact: &contact::Model) -> Vec<u8> {
    let value = [token.as_bytes(), contact.id.uuid().as_bytes()].concat();
    state.secrets.ring().keyed_hash("known-device", &value)
}
