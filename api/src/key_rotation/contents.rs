//! New keys for organizations and contacts, and what the old ones sealed sealed anew (security.md D20).
//!
//! Three rounds over everything, each in small transactions: new versions are made, which seal from then on; rows are
//! sealed anew, one by one, and only as they were read; versions that nothing is under go. Between the rounds a pause,
//! longer than any transaction, so that whoever read the keys in one round has ended in the next. Stopped anywhere,
//! nothing is unreadable. The key for indexes stays: by another one nobody would be found.
//!
//! How far it is stands in the keys' own tables: an organization with two versions is on its way, a contact is behind
//! when no key of theirs is wrapped by the newest one.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use sealpost_shared::ids::{ContactId, OrganizationId};

use super::anew::Key;
use super::{BATCH, Step, Tell};
use crate::db::Db;
use crate::entities::sealed::{self, SealedColumn};
use crate::entities::{contact, contact_key, organization_key};
use crate::problem::{Problem, Result};
use crate::secrets::{KeyRing, Secrets, check_keys, key_file};

/// Longer than any transaction of a server.
pub const PAUSE: Duration = Duration::from_secs(10);

/// Everything under new keys; or the rest of a rotation that was stopped.
pub async fn rotate(
    db: &Db,
    path: &Path,
    now: DateTime<Utc>,
    pause: Duration,
    tell: Tell<'_>,
) -> anyhow::Result<()> {
    let _lock = key_file::lock(path)?;
    let (ring, _) = KeyRing::load(path, false)?;
    check_keys(db, &ring, now).await?;
    let work = Work { db, secrets: Secrets::new(ring), now };
    let organizations = work.begin(tell).await?;
    let mut count = 0;
    for organization in &organizations {
        count += work.make_contacts_keys(*organization).await?;
    }
    tell(Step::ContactsKeys(count))?;
    tokio::time::sleep(pause).await;
    let mut count = 0;
    for organization in &organizations {
        count += work.seal_anew(*organization).await?;
    }
    tell(Step::Resealed(count))?;
    tokio::time::sleep(pause).await;
    let mut left = 0;
    for organization in &organizations {
        left += work.retire(*organization).await?;
    }
    tell(if left == 0 { Step::ContentsDone } else { Step::ContentsLeft(left) })
}

/// How far it is, in a line.
pub async fn status(db: &Db) -> anyhow::Result<String> {
    let known = known(db).await?;
    let (mut contacts, mut left) = (0, 0);
    for one in &known {
        let read = db.of(one.organization).read().await?;
        let counted = contact_key::count_done(&read, one.organization, one.version).await?;
        (contacts, left) = (contacts + counted.0, left + counted.1);
    }
    let behind = known.iter().filter(|one| one.is_under_way).count();
    let all = known.len();
    Ok(if behind == 0 && left == 0 {
        format!("keys of {all} organizations and {contacts} contacts: everything is under the newest")
    } else {
        format!(
            "keys of {all} organizations and {contacts} contacts: {behind} organizations and {left} contacts still have \
             older ones too; `sealpost keys rotate --contents` goes on"
        )
    })
}

/// An organization's newest version.
struct Known {
    organization: OrganizationId,
    version: i64,
    since: DateTime<Utc>,
    is_under_way: bool,
}

async fn known(db: &Db) -> Result<Vec<Known>> {
    let mut known: Vec<Known> = Vec::new();
    for (organization, version, since) in
        organization_key::list_known(&db.before_organization().read().await?).await?
    {
        let is_under_way = known.pop_if(|last| last.organization == organization).is_some();
        known.push(Known { organization, version, since, is_under_way });
    }
    Ok(known)
}

struct Work<'a> {
    db: &'a Db,
    secrets: Secrets,
    now: DateTime<Utc>,
}

impl Work<'_> {
    /// The organizations that have two versions, from now on. Of a rotation that was stopped: those that it had not
    /// come to, which is all that were last given one before it began.
    async fn begin(&self, tell: Tell<'_>) -> anyhow::Result<Vec<OrganizationId>> {
        let known = known(self.db).await?;
        let began = known.iter().filter(|one| one.is_under_way).map(|one| one.since).min();
        if began.is_some() {
            tell(Step::ContentsGoOn)?;
        }
        let mut made = 0;
        let mut organizations = Vec::new();
        for one in known {
            if !one.is_under_way {
                if began.is_some_and(|began| one.since >= began) {
                    continue;
                }
                self.make_organization_key(one.organization).await?;
                made += 1;
            }
            organizations.push(one.organization);
        }
        tell(Step::OrganizationsKeys(made))?;
        Ok(organizations)
    }

    async fn make_organization_key(&self, organization: OrganizationId) -> Result<()> {
        self.db
            .of(organization)
            .write(async |tx| {
                let rows = organization_key::list_locked(tx, organization).await?;
                let newest = rows.last().ok_or_else(|| Problem::internal("an organization has no key"))?;
                let row = self.secrets.ring().next_organization_key(newest, self.now)?;
                let row = row.into_active_model().reset_all();
                organization_key::Entity::insert(row).exec_without_returning(tx).await?;
                Ok(())
            })
            .await
    }

    async fn make_contacts_keys(&self, organization: OrganizationId) -> Result<usize> {
        let (mut made, mut after) = (0, None);
        loop {
            let contacts = {
                let read = self.db.of(organization).read().await?;
                let version =
                    self.secrets.organization(&read, organization).await.map_err(Problem::from)?.version();
                contact_key::list_behind(&read, organization, version, after, BATCH).await?
            };
            let Some(last) = contacts.last() else { return Ok(made) };
            after = Some(*last);
            made += self
                .db
                .of(organization)
                .write(async |tx| {
                    let mut made = 0;
                    for contact in &contacts {
                        made += usize::from(self.make_contact_key(tx, organization, *contact).await?);
                    }
                    Ok(made)
                })
                .await?;
        }
    }

    /// The contact is held meanwhile: one who is erased gets no key that outlives them.
    async fn make_contact_key(
        &self,
        tx: &impl ConnectionTrait,
        organization: OrganizationId,
        contact: ContactId,
    ) -> Result<bool> {
        if contact::get_locked(tx, organization, contact).await?.is_none() {
            return Ok(false);
        }
        let keys = self.secrets.organization(tx, organization).await?;
        let rows = contact_key::list(tx, organization, [contact], true).await?;
        let Some(newest) = rows.last().filter(|row| row.organization_key_version < keys.version()) else {
            return Ok(false);
        };
        let row = keys.contact_key_row(contact, newest.version + 1, self.now)?;
        contact_key::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
        Ok(true)
    }

    async fn seal_anew(&self, organization: OrganizationId) -> Result<usize> {
        let (mut done, mut after) = (0, None);
        loop {
            let contacts = self.several(organization, after).await?;
            let Some(last) = contacts.last() else { break };
            after = Some(*last);
            for contact in contacts {
                done += self.seal_all(organization, Some(contact), &SealedColumn::OF_CONTACTS).await?;
            }
        }
        Ok(done + self.seal_all(organization, None, &SealedColumn::OF_ORGANIZATIONS).await?)
    }

    async fn several(
        &self,
        organization: OrganizationId,
        after: Option<ContactId>,
    ) -> Result<Vec<ContactId>> {
        let read = self.db.of(organization).read().await?;
        Ok(contact_key::list_several(&read, organization, after, BATCH).await?)
    }

    async fn seal_all(
        &self,
        organization: OrganizationId,
        contact: Option<ContactId>,
        columns: &[SealedColumn],
    ) -> Result<usize> {
        let mut done = 0;
        for column in columns {
            loop {
                let some = self
                    .db
                    .of(organization)
                    .write(async |tx| self.seal_some(tx, organization, contact, *column).await)
                    .await?;
                done += some;
                // What does not open stays, and its key with it.
                if some == 0 {
                    break;
                }
            }
        }
        Ok(done)
    }

    async fn seal_some(
        &self,
        tx: &impl ConnectionTrait,
        organization: OrganizationId,
        contact: Option<ContactId>,
        column: SealedColumn,
    ) -> Result<usize> {
        let Some(key) = self.key(tx, organization, contact).await? else { return Ok(0) };
        let rows =
            sealed::list_under_others(tx, column, organization, contact, key.version()?, BATCH).await?;
        let mut done = 0;
        for row in rows {
            match key.anew(column, &row) {
                Ok(anew) => done += usize::from(sealed::set(tx, column, organization, &row, anew).await?),
                Err(error) => {
                    tracing::error!(error.cause = %error, "a row keeps its old key: it does not open")
                }
            }
        }
        Ok(done)
    }

    /// Nothing of a contact who is erased.
    async fn key(
        &self,
        tx: &impl ConnectionTrait,
        organization: OrganizationId,
        contact: Option<ContactId>,
    ) -> Result<Option<Key>> {
        let keys = self.secrets.organization(tx, organization).await?;
        let Some(contact) = contact else { return Ok(Some(Key::Organization(keys))) };
        Ok(self.secrets.contacts(tx, organization, [contact]).await?.remove(&contact).map(Key::Contact))
    }

    /// Takes the older versions away; how many stay, because something is under them.
    async fn retire(&self, organization: OrganizationId) -> Result<usize> {
        let (mut left, mut after) = (0, None);
        loop {
            let contacts = self.several(organization, after).await?;
            let Some(last) = contacts.last() else { break };
            after = Some(*last);
            for contact in contacts {
                let write = self.db.of(organization);
                let gone = write.write(async |tx| retire_contact(tx, organization, contact).await).await;
                left += usize::from(!is_gone(gone));
            }
        }
        let write = self.db.of(organization);
        let gone = write.write(async |tx| retire_organization(tx, organization).await).await;
        Ok(left + usize::from(!is_gone(gone)))
    }
}

/// Somebody may hold a version for longer than we wait: then it goes with the next run.
fn is_gone(retired: Result<bool>) -> bool {
    retired.unwrap_or_else(|problem| {
        tracing::warn!(problem.code = problem.code.as_str(), "an old key stays for now");
        false
    })
}

/// Locked first: whoever seals with an old version has ended, and is counted.
async fn retire_contact(
    tx: &impl ConnectionTrait,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<bool> {
    let rows = contact_key::list_locked(tx, organization, contact).await?;
    let Some(newest) = rows.last().map(|row| row.version) else { return Ok(true) };
    if is_used(tx, &SealedColumn::OF_CONTACTS, organization, Some(contact), newest).await? {
        return Ok(false);
    }
    contact_key::delete_older(tx, organization, contact, newest).await?;
    Ok(true)
}

async fn retire_organization(tx: &impl ConnectionTrait, organization: OrganizationId) -> Result<bool> {
    let rows = organization_key::list_locked(tx, organization).await?;
    let Some(newest) = rows.last().map(|row| row.version) else { return Ok(true) };
    if contact_key::has_older(tx, organization, newest).await?
        || is_used(tx, &SealedColumn::OF_ORGANIZATIONS, organization, None, newest).await?
    {
        return Ok(false);
    }
    organization_key::delete_older(tx, organization, newest).await?;
    Ok(true)
}

async fn is_used(
    tx: &impl ConnectionTrait,
    columns: &[SealedColumn],
    organization: OrganizationId,
    contact: Option<ContactId>,
    newest: i64,
) -> Result<bool> {
    let newest = u32::try_from(newest).map_err(Problem::internal)?;
    for column in columns {
        if sealed::has_others(tx, *column, organization, contact, newest).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
