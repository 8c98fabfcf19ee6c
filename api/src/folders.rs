//! The numbers on the badges: kept by the transactions that change them, never counted. Below whatever moves a
//! conversation from one folder to another: what is written in it, and what does not reach its contact.

use std::collections::BTreeMap;

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, IntoActiveModel as _};
use sealpost_shared::conversations::Folder;
use sealpost_shared::ids::{ContactId, OrganizationId, UserId};

use crate::auth::Caller;
use crate::entities::{conversation, conversation_unread, delivery, folder_count};
use crate::problem::Result;

/// Which folders show a conversation, and who has it unread.
pub struct Standing {
    folders: Vec<Folder>,
    unread_by: Vec<UserId>,
}

impl Standing {
    /// Of a conversation that does not exist yet, or no more.
    pub const fn nowhere() -> Self {
        Self { folders: Vec::new(), unread_by: Vec::new() }
    }

    pub async fn of(db: &impl ConnectionTrait, row: &conversation::Model) -> Result<Self> {
        let unread_by = conversation_unread::list_users(db, row.organization_id, row.id).await?;
        Ok(Self { folders: row.folders().collect(), unread_by })
    }

    pub fn has_unread_of(&self, caller: &Caller) -> bool {
        caller.actor.user().is_some_and(|user| self.unread_by.contains(&user))
    }

    fn add_to(&self, deltas: &mut BTreeMap<(UserId, &'static str), (Folder, i64)>, step: i64) {
        for folder in &self.folders {
            for user in self.unread_by.iter().chain([&folder_count::EVERYBODY]) {
                deltas.entry((*user, folder.as_str())).or_insert((*folder, 0)).1 += step;
            }
        }
    }
}

/// Moves the numbers from one standing to another. Rows are taken in one order by everybody, so two
/// transactions never wait for each other.
pub async fn shift(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    before: &Standing,
    after: &Standing,
) -> Result<()> {
    let mut deltas = BTreeMap::new();
    before.add_to(&mut deltas, -1);
    after.add_to(&mut deltas, 1);
    let changes: Vec<_> = deltas
        .into_iter()
        .filter(|(_, (_, delta))| *delta != 0)
        .map(|((user, _), (folder, delta))| (user, folder, delta))
        .collect();
    Ok(folder_count::add(tx, organization, changes).await?)
}

/// Puts a contact's conversation into the folder of what failed, or takes it out: by whether anything waits for
/// somebody to act. The conversation is locked by this, so it comes before the rows of deliveries.
pub async fn keep_failed(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<()> {
    let Some(mut row) = conversation::get_locked(tx, organization, contact).await? else { return Ok(()) };
    let has_failed = delivery::has_unresolved(tx, organization, contact).await?;
    if row.has_failed == has_failed {
        return Ok(());
    }
    let before = Standing::of(tx, &row).await?;
    row.has_failed = has_failed;
    let row = row.into_active_model().reset_all().update(tx).await?;
    shift(tx, organization, &before, &Standing::of(tx, &row).await?).await
}
