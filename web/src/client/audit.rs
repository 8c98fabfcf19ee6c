//! The audit log: its entries, how it stands, and where it can be taken from.

use sealpost_shared::audit::{AuditEntry, AuditState};
use sealpost_shared::page::Page;
use sealpost_shared::paths;

use super::{Answer, get, query};

/// Which entries somebody wants; what is absent does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub actor: Option<String>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// RFC 3339, as `to`.
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Wanted {
    fn pairs(&self) -> [(&'static str, Option<String>); 5] {
        [
            ("actor", self.actor.clone()),
            ("action", self.action.clone()),
            ("subject", self.subject.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ]
    }

    /// For a link: the browser takes it as a file.
    pub fn table_address(&self) -> String {
        paths::AUDIT_EXPORT.to_owned() + &query(&self.pairs())
    }
}

pub async fn entries(wanted: &Wanted, limit: u64, cursor: Option<String>) -> Answer<Page<AuditEntry>> {
    let paging = [("limit", Some(limit.to_string())), ("cursor", cursor)];
    get(&(paths::AUDIT.to_owned() + &query(&[&wanted.pairs()[..], &paging].concat()))).await
}

pub async fn state() -> Answer<AuditState> {
    get(paths::AUDIT_STATE).await
}
