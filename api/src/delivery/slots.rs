//! How many tries a provider gets at once, and whose: nobody's thousand notices, no dead provider and no pile of
//! retries may keep the others waiting (security.md D16). What is in hand is known to this process alone; each of
//! several has its own slots.

use std::collections::{BTreeMap, HashMap};

use sealpost_shared::ids::OrganizationId;
use tokio::task::{Id, JoinSet};

/// Per provider.
pub(super) const SLOTS: u64 = 16;
/// Of those, one organization's at most.
pub(super) const PER_ORGANIZATION: i64 = 12;
/// Of those, retries at most: the others are for first tries.
const RETRIES: u64 = 8;

/// What runs now.
#[derive(Default)]
pub(super) struct InHand {
    tasks: JoinSet<()>,
    held: HashMap<Id, (OrganizationId, bool)>,
}

impl InHand {
    pub(super) fn start(
        &mut self,
        organization: OrganizationId,
        retry: bool,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.tasks.spawn(work).id();
        self.held.insert(id, (organization, retry));
    }

    /// Waits until one is done; false when there is none.
    pub(super) async fn one_done(&mut self) -> bool {
        let id = match self.tasks.join_next_with_id().await {
            None => return false,
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => error.id(),
        };
        self.held.remove(&id);
        true
    }

    pub(super) fn free(&self) -> u64 {
        SLOTS.saturating_sub(self.held.len() as u64)
    }

    pub(super) fn free_for_retries(&self) -> u64 {
        let retries = self.held.values().filter(|(_, retry)| *retry).count() as u64;
        RETRIES.saturating_sub(retries).min(self.free())
    }

    pub(super) fn by_organization(&self) -> BTreeMap<OrganizationId, i64> {
        let mut counts = BTreeMap::new();
        for (organization, _) in self.held.values() {
            *counts.entry(*organization).or_default() += 1;
        }
        counts
    }
}
