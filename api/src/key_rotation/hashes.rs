//! Peppers and link keys: a hash cannot be wrapped anew, so a version goes when no hash is left that it is in.
//!
//! The first link key stays for ever: recovery codes, invitations, known browsers and the counts of tries are found by
//! hashes made with it, and they are of no version.

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::Db;
use crate::entities::{link, organization, peppered, server_key};
use crate::problem::Result;
use crate::secrets::key_file::Kind;
use crate::secrets::{KEY_CHECK, KeyRing};

/// A server that was hashing while the next version came has long written it down.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// How many hashes need each version that makes no new ones.
pub(super) async fn uses(db: &Db, ring: &KeyRing, kind: Kind) -> Result<Vec<(i64, u64)>> {
    let mut uses = Vec::new();
    let keys = ring.keys();
    let versions = keys.of(kind);
    let newest = versions.last_key_value().map(|(version, _)| *version);
    for version in versions.keys().copied().filter(|version| Some(*version) != newest) {
        let count = match kind {
            Kind::Pepper => peppers(db, version).await?,
            _ => link::count_by_key(&db.before_organization().read().await?, version).await?,
        };
        uses.push((version, count));
    }
    Ok(uses)
}

async fn peppers(db: &Db, version: i64) -> Result<u64> {
    let organizations = organization::list_ids(&db.before_organization().read().await?).await?;
    let mut count = 0;
    for organization in organizations {
        count += peppered::count(&db.of(organization).read().await?, organization, version).await?;
    }
    Ok(count)
}

/// Whether this one is never taken out.
pub(super) fn is_for_ever(ring: &KeyRing, kind: Kind, version: i64) -> bool {
    kind == Kind::Link && ring.keys().link.first_key_value().is_some_and(|(first, _)| *first == version)
}

/// Whether the newest version has made all new hashes for a while.
pub(super) async fn is_settled(db: &Db, ring: &KeyRing, kind: Kind, now: DateTime<Utc>) -> Result<bool> {
    let newest = ring.keys().of(kind).last_key_value().map(|(version, _)| kind.name_of(*version));
    let known = server_key::list(&db.before_organization().read().await?, KEY_CHECK).await?;
    let row = known.iter().find(|row| Some(&row.id) == newest.as_ref());
    Ok(row.is_some_and(|row| now - row.created_at >= SETTLED))
}
