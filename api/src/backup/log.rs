//! The audit log kept in another place, a line an entry: it says after a restore what must not come back. Entries have
//! numbers, so that a line which was written twice, or a try that broke off, changes nothing (security.md D18, P15).

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use sealpost_migrations::crash_point;
use sealpost_shared::ids::OrganizationId;
use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::entities::{audit_entry, organization_head};
use crate::secrets::hex;

const PAGE: u64 = 500;

/// Ids and no personal data, as in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub organization_id: OrganizationId,
    pub sequence: i64,
    pub created_at: DateTime<Utc>,
    pub action: String,
    pub subject: String,
    pub hash: String,
}

/// Every whole line of a log.
pub fn read(path: &Path) -> anyhow::Result<Vec<Entry>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(parse(&text).with_context(|| path.display().to_string())?.0)
}

/// The entries, and where the last whole line ends: a power cut may have left half of one.
fn parse(text: &str) -> anyhow::Result<(Vec<Entry>, usize)> {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    let entries = text[..whole].lines().enumerate().map(|(number, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("line {} is no entry of the audit log", number + 1))
    });
    Ok((entries.collect::<anyhow::Result<_>>()?, whole))
}

/// Adds what the log does not have yet; says how many entries those were.
pub async fn append(db: &Db, path: &Path) -> anyhow::Result<u64> {
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    file.try_lock().with_context(|| format!("{} is being written by another", path.display()))?;
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
    let (entries, whole) = parse(&text).with_context(|| path.display().to_string())?;
    file.set_len(whole as u64)?;
    file.seek(SeekFrom::End(0))?;
    let mut last: BTreeMap<OrganizationId, Entry> = BTreeMap::new();
    for entry in entries {
        last.insert(entry.organization_id, entry);
    }
    let heads = organization_head::list(&db.before_organization().read().await?).await?;
    let mut added = 0;
    for head in heads {
        let organization = head.organization_id;
        let newest = last.get(&organization);
        still_the_same(db, organization, newest).await?;
        let mut after = newest.map_or(0, |entry| entry.sequence);
        loop {
            let tx = db.of(organization).read().await?;
            let page = audit_entry::list_after(&tx, organization, after, PAGE).await?;
            drop(tx);
            let Some(end) = page.last() else { break };
            after = end.sequence;
            added += page.len() as u64;
            let lines = page.iter().map(line).collect::<serde_json::Result<String>>()?;
            file.write_all(lines.as_bytes())?;
            file.sync_data()?;
            crash_point!("P15");
        }
    }
    Ok(added)
}

/// After a restore the numbers go on from an older place: that is another log.
async fn still_the_same(db: &Db, organization: OrganizationId, newest: Option<&Entry>) -> anyhow::Result<()> {
    let Some(newest) = newest else { return Ok(()) };
    let tx = db.of(organization).read().await?;
    let stored = audit_entry::get(&tx, organization, newest.sequence).await?;
    if stored.is_none_or(|stored| hex(&stored.hash) != newest.hash) {
        bail!(
            "the file goes on where the audit log of {organization} does not: after a restore begin a new file, and \
             keep this one. Without a restore, run `sealpost audit verify`"
        );
    }
    Ok(())
}

fn line(entry: &audit_entry::Model) -> serde_json::Result<String> {
    let entry = Entry {
        organization_id: entry.organization_id,
        sequence: entry.sequence,
        created_at: entry.created_at,
        action: entry.action.clone(),
        subject: entry.subject.clone(),
        hash: hex(&entry.hash),
    };
    Ok(serde_json::to_string(&entry)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_line_is_left_out_and_a_strange_one_is_refused() {
        let entry = Entry {
            organization_id: crate::ids::new_id(DateTime::<Utc>::UNIX_EPOCH),
            sequence: 7,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
            action: "contact.erased".to_owned(),
            subject: "con_1".to_owned(),
            hash: "00".to_owned(),
        };
        let line = serde_json::to_string(&entry).expect("JSON") + "\n";
        let (entries, whole) = parse(&format!("{line}{}", &line[..20])).expect("entries");
        assert_eq!((entries, whole), (vec![entry], line.len()));
        assert!(parse("hello\n").is_err());
        assert_eq!(parse("").expect("nothing").1, 0);
    }
}
