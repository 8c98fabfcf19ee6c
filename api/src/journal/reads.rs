//! Who read what: noted in memory, written down a little later, apart from the read. So a read neither waits
//! for the audit chain nor fails when nothing can be written (security.md D23).
//!
//! At most one entry per actor, what was read, and 15 minutes. What could not be written is tried again; when
//! too much has gathered, the rest is counted, and an entry tells how many are missing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use sealpost_shared::ids::OrganizationId;

use super::{Actor, Journal};
use crate::db::Db;
use crate::entities::{audit_entry, organization_head};
use crate::problem::Result;

/// One entry stands for this long.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How many are written in one transaction.
const AT_ONCE: usize = 200;
/// More than this many unwritten reads are only counted.
const MOST: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Read {
    organization: OrganizationId,
    actor: Actor,
    action: &'static str,
    subject: String,
}

#[derive(Default)]
struct Noted {
    /// When each was last noted.
    known: HashMap<Read, DateTime<Utc>>,
    waiting: Vec<(Read, DateTime<Utc>)>,
    lost: HashMap<OrganizationId, u64>,
}

/// What this process has seen read.
#[derive(Default)]
pub struct ReadLog(Mutex<Noted>);

impl ReadLog {
    /// `subject` is an id, never personal data.
    pub fn note(
        &self,
        organization: OrganizationId,
        actor: Actor,
        action: &'static str,
        subject: impl ToString,
        now: DateTime<Utc>,
    ) {
        let read = Read { organization, actor, action, subject: subject.to_string() };
        let mut noted = self.lock();
        if noted.known.get(&read).is_some_and(|at| now - *at < WINDOW) {
            return;
        }
        noted.known.insert(read.clone(), now);
        if noted.waiting.len() < MOST {
            noted.waiting.push((read, now));
        } else {
            *noted.lost.entry(organization).or_default() += 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what waits, one transaction per organization. What fails waits on.
    pub async fn write_down(&self, db: &Db, now: DateTime<Utc>) -> Result<()> {
        let (waiting, mut lost) = {
            let mut noted = self.lock();
            noted.known.retain(|_, at| now - *at < WINDOW);
            (std::mem::take(&mut noted.waiting), std::mem::take(&mut noted.lost))
        };
        let mut by_organization: HashMap<OrganizationId, Vec<(Read, DateTime<Utc>)>> = HashMap::new();
        for read in waiting {
            by_organization.entry(read.0.organization).or_default().push(read);
        }
        for organization in lost.keys() {
            by_organization.entry(*organization).or_default();
        }
        let mut failed = None;
        for (organization, mut reads) in by_organization {
            let mut missing = lost.remove(&organization).unwrap_or_default();
            // The first ones first, and never so many that others wait long for the chain.
            while !reads.is_empty() || missing > 0 {
                let part = reads.split_off(reads.len().min(AT_ONCE));
                let part = std::mem::replace(&mut reads, part);
                let last = if reads.is_empty() { std::mem::take(&mut missing) } else { 0 };
                if let Err(problem) = write(db, organization, &part, last, now).await {
                    self.put_back(organization, [part, reads].concat(), missing + last);
                    failed = Some(problem);
                    break;
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn put_back(&self, organization: OrganizationId, mut reads: Vec<(Read, DateTime<Utc>)>, missing: u64) {
        let mut noted = self.lock();
        let room = MOST.saturating_sub(noted.waiting.len());
        let over = reads.len().saturating_sub(room);
        reads.truncate(room);
        noted.waiting.append(&mut reads);
        let missing = missing + u64::try_from(over).unwrap_or(u64::MAX);
        if missing > 0 {
            *noted.lost.entry(organization).or_default() += missing;
        }
    }
}

async fn write(
    db: &Db,
    organization: OrganizationId,
    reads: &[(Read, DateTime<Utc>)],
    missing: u64,
    now: DateTime<Utc>,
) -> Result<()> {
    db.of(organization)
        .write(async |tx| {
            // Held first, so that two servers do not write the same read.
            organization_head::get_locked(tx, organization).await?;
            let mut journal = Journal::new(organization, Actor::System, now);
            for (read, at) in reads {
                if !is_written(tx, read, *at).await? {
                    journal.audit_of(read.actor, *at, read.action, &read.subject);
                }
            }
            if missing > 0 {
                journal.audit("reads.missing", missing);
            }
            Ok(journal.write(tx).await?)
        })
        .await
}

/// By this process before a restart, or by another server.
async fn is_written(tx: &impl ConnectionTrait, read: &Read, at: DateTime<Utc>) -> Result<bool> {
    let since = at - WINDOW;
    let actor = read.actor.id();
    Ok(audit_entry::is_noted(tx, read.organization, actor, read.action, &read.subject, since).await?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_read_again_within_the_window_is_one_read_and_too_many_are_counted() {
        let log = ReadLog::default();
        let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
        let start = DateTime::UNIX_EPOCH;
        let note =
            |subject: usize, at| log.note(organization, Actor::System, "conversation.read", subject, at);
        for minute in 0..15 {
            note(0, start + TimeDelta::minutes(minute));
        }
        assert_eq!(log.lock().waiting.len(), 1);
        note(0, start + TimeDelta::minutes(15));
        assert_eq!(log.lock().waiting.len(), 2);
        for subject in 2..MOST + 5 {
            note(subject, start);
        }
        let numbers = || {
            let noted = log.lock();
            (noted.waiting.len(), noted.lost[&organization])
        };
        assert_eq!(numbers(), (MOST, 5));
        let waiting = std::mem::take(&mut log.lock().waiting);
        note(MOST + 5, start);
        log.put_back(organization, waiting, 5);
        assert_eq!(numbers(), (MOST, 11));
    }
}
