//! Rotating the master key: a new version in the key file, then every key that an older one wraps, wrapped anew
//! (security.md D20). What the keys seal stays as it is; new keys for that too are made in [`contents`].
//!
//! Each step stands on its own: stopped anywhere, nothing is unreadable, and the next run goes on from there.
//! Servers may run meanwhile: they read the file again when it changes.

mod anew;
pub mod contents;
mod hashes;

use std::fmt;
use std::path::Path;

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::ids::OrganizationId;

use crate::db::{Db, HeadSigner};
use crate::entities::{channel, organization_head, organization_key, server_key};
use crate::journal;
use crate::problem::{Problem, Result};
use crate::secrets::key_file;
pub use crate::secrets::key_file::Kind;
use crate::secrets::{CHANNELS, KEY_CHECK, KeyRing, check_keys};

/// How many keys are wrapped anew in one transaction.
const BATCH: u64 = 100;

/// One step of a rotation, for a caller who wants to stop between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The key file has this version now.
    Made(Kind, i64),
    /// An earlier run was stopped: this one goes on with its version.
    GoesOn(i64),
    Organizations(usize),
    ServerKeys(usize),
    Channels(usize),
    Heads(usize),
    /// Heads that do not hold: a new signature would hide it.
    HeadsLeft(Vec<OrganizationId>),
    /// Nothing needs this version; it is out of the file.
    Retired(Kind, i64),
    /// This many things still need this version.
    Needed(Kind, i64, u64),
    /// Nothing needs this version; the one that followed it is too new for it to go.
    TooEarly(Kind, i64),
    Done(i64),
    /// An earlier rotation of organizations' and contacts' keys was stopped: this one goes on.
    ContentsGoOn,
    /// This many organizations have a new key, which seals from now on.
    OrganizationsKeys(usize),
    ContactsKeys(usize),
    Resealed(usize),
    /// This many older keys stay: something is under them.
    ContentsLeft(usize),
    ContentsDone,
}

/// Who tells what was done; an error of theirs stops the rotation there.
pub type Tell<'a> = &'a mut (dyn FnMut(Step) -> anyhow::Result<()> + Send);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made(kind, version) => {
                write!(f, "The key file has {}.{version} now. Back the file up.", kind.name())
            }
            Self::GoesOn(version) => {
                write!(f, "An earlier rotation was stopped: going on with master.{version}.")
            }
            Self::Organizations(count) => write!(f, "Keys of {count} organizations are wrapped anew."),
            Self::ServerKeys(count) => write!(f, "{count} keys of the installation are wrapped anew."),
            Self::Channels(count) => write!(f, "Settings of {count} channels are sealed anew."),
            Self::Heads(count) => write!(f, "The ends of {count} audit logs are signed anew."),
            Self::HeadsLeft(left) => {
                write!(f, "These audit logs do not hold; look at them with `sealpost audit verify`:")?;
                left.iter().try_for_each(|organization| write!(f, " {organization}"))
            }
            Self::Retired(kind, version) => write!(
                f,
                "{}.{version} is out of the key file. Backups from before need it: keep the old file with them.",
                kind.name()
            ),
            Self::Needed(kind, version, count) => {
                write!(f, "{}.{version} stays: {count} things need it.", kind.name())
            }
            Self::TooEarly(kind, version) => {
                write!(f, "{}.{version} stays for five minutes more.", kind.name())
            }
            Self::Done(version) => write!(f, "Everything is under master.{version}."),
            Self::ContentsGoOn => write!(f, "An earlier rotation of contents was stopped: going on."),
            Self::OrganizationsKeys(count) => write!(f, "{count} organizations have new keys."),
            Self::ContactsKeys(count) => write!(f, "{count} contacts have new keys."),
            Self::Resealed(count) => write!(f, "{count} sealed values are sealed anew."),
            Self::ContentsLeft(count) => write!(
                f,
                "{count} older keys stay, for something is still under them: run this again; the log says what does \
                 not open."
            ),
            Self::ContentsDone => write!(f, "Everything is under the new keys, and the older ones are gone."),
        }
    }
}

/// A new version of a kind. Of the master key: or the rest of a rotation that was stopped. Of the others the older
/// versions stay, for what was made with them.
pub async fn rotate(
    db: &Db,
    path: &Path,
    kind: &str,
    now: DateTime<Utc>,
    tell: Tell<'_>,
) -> anyhow::Result<()> {
    let _lock = key_file::lock(path)?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind).context("not a kind of key")?;
    let (ring, _) = KeyRing::load(path, false)?;
    // Before anything is made: the file must be this database's.
    check_keys(db, &ring, now).await?;
    let newest = newest(&ring)?;
    let is_behind = uses(db, &ring).await?.iter().any(|(version, count)| *version < newest && *count > 0);
    if kind == Kind::Master && is_behind {
        tell(Step::GoesOn(newest))?;
        return wrap_anew(db, &ring, newest, tell).await;
    }
    let (keys, version) = ring.keys().with_new(kind)?;
    keys.replace(path).with_context(|| format!("cannot write key file {}", path.display()))?;
    tell(Step::Made(kind, version))?;
    check_keys(db, &ring, now).await?;
    if kind == Kind::Master { wrap_anew(db, &ring, version, tell).await } else { Ok(()) }
}

/// A line per version.
pub async fn status(db: &Db, ring: &KeyRing) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    let newest = newest(ring)?;
    for (version, count) in uses(db, ring).await? {
        let now = if version == newest { "seals" } else { "opens only" };
        lines.push(format!("master.{version}: {now}; {count} things need it"));
    }
    lines.push(contents::status(db).await?);
    for kind in [Kind::Pepper, Kind::Link] {
        for (version, count) in hashes::uses(db, ring, kind).await? {
            let kept = if hashes::is_for_ever(ring, kind, version) { "; stays for other hashes" } else { "" };
            lines.push(format!("{}.{version}: checks only; {count} hashes need it{kept}", kind.name()));
        }
        let newest = ring.keys().of(kind).last_key_value().map_or(0, |(version, _)| *version);
        lines.push(format!("{}.{newest}: makes new hashes", kind.name()));
    }
    Ok(lines)
}

/// Takes versions out of the file that nothing needs any more.
pub async fn retire(db: &Db, path: &Path, now: DateTime<Utc>, tell: Tell<'_>) -> anyhow::Result<()> {
    let _lock = key_file::lock(path)?;
    let (ring, _) = KeyRing::load(path, false)?;
    check_keys(db, &ring, now).await?;
    let newest = newest(&ring)?;
    let behind = uses(db, &ring).await?.into_iter().filter(|(version, _)| *version != newest);
    for (version, count) in behind {
        retire_one(db, &ring, path, (Kind::Master, version), count as u64, tell).await?;
    }
    for kind in [Kind::Pepper, Kind::Link] {
        let is_settled = hashes::is_settled(db, &ring, kind, now).await?;
        for (version, count) in hashes::uses(db, &ring, kind).await? {
            if hashes::is_for_ever(&ring, kind, version) {
                continue;
            }
            if count == 0 && !is_settled {
                tell(Step::TooEarly(kind, version))?;
            } else {
                retire_one(db, &ring, path, (kind, version), count, tell).await?;
            }
        }
    }
    Ok(())
}

async fn retire_one(
    db: &Db,
    ring: &KeyRing,
    path: &Path,
    (kind, version): (Kind, i64),
    count: u64,
    tell: Tell<'_>,
) -> anyhow::Result<()> {
    if count > 0 {
        return tell(Step::Needed(kind, version, count));
    }
    // In this order: a check without its key would keep servers from starting.
    let id = kind.name_of(version);
    db.before_organization().write(async |tx| Ok(server_key::delete(tx, KEY_CHECK, &id).await?)).await?;
    ring.keys().without(kind, version)?.replace(path)?;
    tell(Step::Retired(kind, version))
}

/// How many things need each version of the master key.
pub async fn uses(db: &Db, ring: &KeyRing) -> anyhow::Result<Vec<(i64, usize)>> {
    let read = &db.before_organization().read().await?;
    let mut versions = organization_key::list_versions(read).await?;
    let sealed = server_key::list_all(read).await?.into_iter().filter(|row| row.purpose != KEY_CHECK);
    versions.extend(sealed.filter_map(|row| version_of(&row.sealed_key)));
    let channels = channel::list(read).await?.into_iter();
    versions.extend(channels.filter_map(|row| version_of(&row.sealed_settings?)));
    let heads = organization_head::list(read).await?.into_iter();
    versions.extend(heads.filter_map(|row| version_of(&row.audit_signature?)));
    let keys = ring.keys();
    let missing = versions.iter().find(|version| !keys.master.contains_key(version));
    ensure!(
        missing.is_none(),
        "the database needs master.{}, which is not in the key file",
        missing.unwrap_or(&0)
    );
    let known = keys.master.keys().copied();
    Ok(known.map(|known| (known, versions.iter().filter(|version| **version == known).count())).collect())
}

fn newest(ring: &KeyRing) -> anyhow::Result<i64> {
    let keys = ring.keys();
    keys.master.last_key_value().map(|(version, _)| *version).context("the key file has no master key")
}

/// What the master key sealed or signed begins with its version.
fn version_of(sealed: &[u8]) -> Option<i64> {
    sealed.split_first_chunk::<8>().map(|(version, _)| i64::from_be_bytes(*version))
}

async fn wrap_anew(db: &Db, ring: &KeyRing, version: i64, tell: Tell<'_>) -> anyhow::Result<()> {
    loop {
        let count = organizations(db, ring, version).await?;
        if count == 0 {
            break;
        }
        tell(Step::Organizations(count))?;
    }
    tell(Step::ServerKeys(server_keys(db, ring, version).await?))?;
    tell(Step::Channels(channels(db, ring, version).await?))?;
    let (count, left) = heads(db, ring, version).await?;
    tell(Step::Heads(count))?;
    if left.is_empty() { tell(Step::Done(version)) } else { tell(Step::HeadsLeft(left)) }
}

async fn organizations(db: &Db, ring: &KeyRing, version: i64) -> Result<usize> {
    let older =
        organization_key::list_older_ids(&db.before_organization().read().await?, version, BATCH).await?;
    for organization in &older {
        db.of(*organization)
            .write(async |tx| {
                // Another one may have done it meanwhile.
                for row in organization_key::list_older(tx, *organization, version).await? {
                    let (key, index_key) = ring.wrap_organization_anew(&row, version)?;
                    organization_key::set_wrapped(tx, &row, key, index_key, version).await?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(older.len())
}

async fn server_keys(db: &Db, ring: &KeyRing, version: i64) -> Result<usize> {
    db.before_organization()
        .write(async |tx| {
            let rows = server_key::list_all(tx).await?.into_iter().filter(|row| row.purpose != KEY_CHECK);
            let mut count = 0;
            for row in rows.filter(|row| version_of(&row.sealed_key).is_none_or(|it| it < version)) {
                let plain = ring.open_server_key(&row.purpose, &row.id, &row.sealed_key)?;
                let sealed = ring.seal_server_key(&row.purpose, &row.id, &plain)?;
                server_key::set_sealed(tx, &row, sealed).await?;
                count += 1;
            }
            Ok(count)
        })
        .await
}

async fn channels(db: &Db, ring: &KeyRing, version: i64) -> Result<usize> {
    db.before_organization()
        .write(async |tx| {
            let mut count = 0;
            for row in channel::list(tx).await? {
                let Some(sealed) = &row.sealed_settings else { continue };
                if version_of(sealed).is_none_or(|it| it < version) {
                    let id = row.channel.as_str();
                    let plain = ring.open_server_key(CHANNELS, id, sealed)?;
                    let fresh = ring.seal_server_key(CHANNELS, id, &plain)?;
                    channel::set_sealed(tx, &row, fresh).await?;
                    count += 1;
                }
            }
            Ok(count)
        })
        .await
}

/// Signs again what holds; whose chain's end was moved keeps the old signature, which tells.
async fn heads(db: &Db, ring: &KeyRing, version: i64) -> Result<(usize, Vec<OrganizationId>)> {
    let (mut count, mut left) = (0, Vec::new());
    let heads = organization_head::list(&db.before_organization().read().await?).await?;
    for head in heads {
        let organization = head.organization_id;
        if head.audit_signature.as_deref().and_then(version_of).is_none_or(|it| it >= version) {
            continue;
        }
        let signed = db.of(organization).write(async |tx| sign_anew(tx, ring, organization).await).await?;
        if signed {
            count += 1;
        } else {
            left.push(organization);
        }
    }
    Ok((count, left))
}

async fn sign_anew(tx: &impl ConnectionTrait, ring: &KeyRing, organization: OrganizationId) -> Result<bool> {
    let head = organization_head::get_locked(tx, organization).await?;
    let head = head.ok_or_else(|| Problem::internal("an organization has no head"))?;
    let said = journal::head(organization, head.audit_sequence, &head.audit_hash);
    let holds = head.audit_signature.as_deref().is_some_and(|signature| ring.verify(&said, signature));
    if holds {
        let signature = Some(ring.sign(&said));
        organization_head::set_audit_end(tx, organization, head.audit_hash, signature).await?;
    }
    Ok(holds)
}
