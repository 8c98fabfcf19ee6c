//! Checks chains: every entry follows the one before, none is missing, and the last one is the signed end.

use std::fmt;

use sea_orm::{ConnectionTrait, DbErr};
use sealpost_shared::audit::AuditFault;
use sealpost_shared::ids::OrganizationId;
use serde::Serialize;

use crate::db::{Db, HeadSigner};
use crate::entities::{audit_entry, organization, organization_head};
use crate::journal::{BEGINNING, FORMAT, chain, head};
use crate::secrets::hex;

const PAGE: u64 = 500;
/// What a chain begins with.
const FIRST_ACTION: &str = "organization.created";

const fn words(fault: AuditFault) -> &'static str {
    match fault {
        AuditFault::Missing => "is missing",
        AuditFault::Unreadable => "cannot be read",
        AuditFault::Changed => "is not what was written",
        AuditFault::NotInOrder => "does not follow the one before",
        AuditFault::NotTheFirst => "is not how a chain begins; what was before it is missing",
        AuditFault::AfterTheEnd => "stands after the chain's end",
        AuditFault::CutOff => "is missing, with all that followed",
        AuditFault::HeadMissing => "is not kept as the chain's end: the head's row is missing",
        AuditFault::HeadChanged => "is not the end that the head's row names",
        AuditFault::HeadNotSigned => {
            "is the end, but the end's signature is not ours: the chain was cut or moved"
        }
    }
}

/// The first entry that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub sequence: i64,
    pub fault: AuditFault,
}

/// What a check of one chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub organization_id: OrganizationId,
    /// How many entries the head's row counts.
    pub length: i64,
    /// How many of them were looked at.
    pub checked: i64,
    /// The hash of the last one, as hexadecimal digits.
    pub head: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_broken: Option<Broken>,
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let organization = self.organization_id;
        match self.first_broken {
            None => write!(f, "✓ {organization}: {} entries, in order; head {}", self.length, self.head),
            Some(Broken { sequence, fault }) => {
                write!(f, "✗ {organization}: entry {sequence} {}", words(fault))
            }
        }
    }
}

/// Every chain of the installation.
pub async fn verify_all(db: &Db, signer: &dyn HeadSigner) -> Result<Vec<Checked>, DbErr> {
    let look = db.before_organization().read().await?;
    let mut all = audit_entry::list_organizations(&look).await?;
    all.extend(organization_head::list(&look).await?.into_iter().map(|head| head.organization_id));
    all.extend(organization::list_ids(&look).await?);
    drop(look);
    all.sort_by_key(|id| id.uuid());
    all.dedup();
    let mut checked = Vec::with_capacity(all.len());
    for organization in all {
        checked.push(verify(db, signer, organization, None).await?);
    }
    Ok(checked)
}

/// One chain, or the newest entries of it. Everything is read at one moment: a server may be writing.
pub async fn verify(
    db: &Db,
    signer: &dyn HeadSigner,
    organization: OrganizationId,
    newest: Option<i64>,
) -> Result<Checked, DbErr> {
    let moment = db.of(organization).read_at_one_moment().await?;
    Check::run(&moment, signer, organization, newest).await
}

struct Check {
    /// The entries that were found good.
    last: i64,
    hash: Vec<u8>,
}

impl Check {
    async fn run(
        db: &impl ConnectionTrait,
        signer: &dyn HeadSigner,
        organization: OrganizationId,
        newest: Option<i64>,
    ) -> Result<Checked, DbErr> {
        let end = organization_head::get(db, organization).await?;
        let length = end.as_ref().map_or(0, |end| end.audit_sequence);
        let from = newest.map_or(0, |newest| (length - newest).max(0));
        let mut check = Self { last: from, hash: BEGINNING.to_vec() };
        let broken = match check.start(db, organization, from).await? {
            None => check.entries(db, organization).await?,
            broken => broken,
        };
        let broken = broken.or_else(|| check.end(signer, organization, end.as_ref()));
        Ok(Checked {
            organization_id: organization,
            length,
            checked: check.last - from,
            head: end.map(|end| hex(&end.audit_hash)).unwrap_or_default(),
            first_broken: broken,
        })
    }

    /// A check that starts in the middle takes the entry before on trust.
    async fn start(
        &mut self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
        from: i64,
    ) -> Result<Option<Broken>, DbErr> {
        if from == 0 {
            return Ok(None);
        }
        match audit_entry::get(db, organization, from).await? {
            Some(entry) => self.hash = entry.hash,
            None => return Ok(Some(Broken { sequence: from, fault: AuditFault::Missing })),
        }
        Ok(None)
    }

    async fn entries(
        &mut self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
    ) -> Result<Option<Broken>, DbErr> {
        loop {
            let page = match audit_entry::list_after(db, organization, self.last, PAGE).await {
                Ok(page) => page,
                // Something in these is no longer what its column holds: one by one, to name it.
                Err(DbErr::Type(_) | DbErr::Query(_)) => return self.one_by_one(db, organization).await,
                Err(error) => return Err(error),
            };
            if page.is_empty() {
                return Ok(None);
            }
            for entry in page {
                if let Some(fault) = self.step(entry) {
                    return Ok(Some(Broken { sequence: self.last + 1, fault }));
                }
            }
        }
    }

    async fn one_by_one(
        &mut self,
        db: &impl ConnectionTrait,
        organization: OrganizationId,
    ) -> Result<Option<Broken>, DbErr> {
        while let Some(next) = audit_entry::next_number(db, organization, self.last).await? {
            let fault = match audit_entry::get(db, organization, next).await {
                Ok(Some(entry)) => self.step(entry),
                Ok(None) | Err(DbErr::Type(_) | DbErr::Query(_)) => Some(AuditFault::Unreadable),
                Err(error) => return Err(error),
            };
            if let Some(fault) = fault {
                return Ok(Some(Broken { sequence: self.last + 1, fault }));
            }
        }
        Ok(None)
    }

    fn step(&mut self, entry: audit_entry::Model) -> Option<AuditFault> {
        if entry.sequence != self.last + 1 {
            return Some(AuditFault::Missing);
        }
        if entry.previous_hash != self.hash {
            return Some(AuditFault::NotInOrder);
        }
        if entry.format != FORMAT || chain(&entry) != entry.hash {
            return Some(AuditFault::Changed);
        }
        if entry.sequence == 1 && entry.action != FIRST_ACTION {
            return Some(AuditFault::NotTheFirst);
        }
        (self.last, self.hash) = (entry.sequence, entry.hash);
        None
    }

    fn end(
        &self,
        signer: &dyn HeadSigner,
        organization: OrganizationId,
        end: Option<&organization_head::Model>,
    ) -> Option<Broken> {
        let at = |sequence, fault| Some(Broken { sequence, fault });
        let Some(end) = end else { return at(self.last, AuditFault::HeadMissing) };
        if self.last < end.audit_sequence || self.last == 0 {
            return at(self.last + 1, AuditFault::CutOff);
        }
        if self.last > end.audit_sequence {
            return at(end.audit_sequence + 1, AuditFault::AfterTheEnd);
        }
        if self.hash != end.audit_hash {
            return at(self.last, AuditFault::HeadChanged);
        }
        let said = head(organization, end.audit_sequence, &end.audit_hash);
        let signed = end.audit_signature.as_ref().is_some_and(|signature| signer.verify(&said, signature));
        if signed { None } else { at(self.last, AuditFault::HeadNotSigned) }
    }
}
