//! Whose a text or email is that came in: one number and one address serve every organization of an installation.

use sealpost_shared::ids::OrganizationId;

use crate::contacts::{Address, is_known};
use crate::entities::organization;
use crate::problem::{Result, not_found};
use crate::state::State;

/// The organization that the number belongs to, and those that know whoever wrote.
pub(super) struct Owners {
    /// The one that the installation was set up for.
    pub first: OrganizationId,
    pub knowing: Vec<OrganizationId>,
}

pub(super) async fn owners(state: &State, from: &Address) -> Result<Owners> {
    let (first, all) = {
        let db = state.db.before_organization().read().await?;
        (organization::first(&db).await?, organization::list_ids(&db).await?)
    };
    let mut knowing = Vec::new();
    for id in all {
        let db = state.db.of(id).read().await?;
        let keys = state.secrets.organization(&db, id).await?;
        if is_known(&db, id, &keys, from).await? {
            knowing.push(id);
        }
    }
    Ok(Owners { first: first.ok_or_else(not_found)?.id, knowing })
}

impl Owners {
    /// Who gets what was written: the one that knows its writer. Where several do, or none, nothing is guessed: it is
    /// held where the number belongs.
    pub fn reader(&self) -> OrganizationId {
        match self.knowing[..] {
            [only] => only,
            _ => self.first,
        }
    }
}
