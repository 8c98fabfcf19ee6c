//! Lists that change while they are looked at: what was loaded, and a fresh first page laid over it.

use chrono::{DateTime, Utc};
use sealpost_shared::api_keys::ApiKey;
use sealpost_shared::audit::AuditEntry;
use sealpost_shared::contacts::Contact;
use sealpost_shared::conversations::{Conversation, Message};
use uuid::Uuid;

/// An entry of a list that is ordered by time, newest first.
pub trait Listed: Clone {
    fn key(&self) -> Uuid;
    fn at(&self) -> DateTime<Utc>;
}

impl Listed for Conversation {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn at(&self) -> DateTime<Utc> {
        self.last_message.as_ref().map_or(self.created_at, |last| last.created_at)
    }
}

impl Listed for Message {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

impl Listed for AuditEntry {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

impl Listed for ApiKey {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

impl Listed for Contact {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

/// A fresh first page laid over what was loaded: entries that moved up do not appear twice, and those
/// further down stay. `complete` says that the fresh page is all there is.
pub fn merge<T: Listed>(loaded: &[T], fresh: Vec<T>, complete: bool) -> Vec<T> {
    let Some(oldest) = fresh.iter().map(Listed::at).min() else { return fresh };
    if complete {
        return fresh;
    }
    let rest: Vec<T> = loaded
        .iter()
        .filter(|entry| entry.at() < oldest && fresh.iter().all(|new| new.key() != entry.key()))
        .cloned()
        .collect();
    fresh.into_iter().chain(rest).collect()
}

/// The next page put under what was loaded; an entry that moved while the page was on its way stays
/// where it is.
pub fn append<T: Listed>(loaded: &[T], older: Vec<T>) -> Vec<T> {
    let new = older.into_iter().filter(|entry| loaded.iter().all(|known| known.key() != entry.key()));
    loaded.iter().cloned().chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Listed for (u128, i64) {
        fn key(&self) -> Uuid {
            Uuid::from_u128(self.0)
        }

        fn at(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(self.1, 0).expect("a time")
        }
    }

    #[test]
    fn a_fresh_page_replaces_the_top_and_keeps_the_rest() {
        let loaded = [(1, 50), (2, 40), (3, 30), (4, 20)];
        assert_eq!(merge(&loaded, vec![(3, 60), (1, 50)], false), [(3, 60), (1, 50), (2, 40), (4, 20)]);
        assert_eq!(merge(&loaded, vec![(2, 40)], true), [(2, 40)]);
        assert_eq!(merge(&loaded, vec![], true), []);
    }

    #[test]
    fn the_next_page_brings_nothing_twice() {
        assert_eq!(append(&[(1, 50), (2, 40)], vec![(2, 40), (3, 30)]), [(1, 50), (2, 40), (3, 30)]);
    }
}
