//! What every service is given: configuration, time, database, keys, and the ways out of the house.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, Utc};
use sealpost_shared::ids::Id;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::ids::new_id;
use crate::journal::ReadLog;
use crate::secrets::Secrets;
use crate::senders::Senders;
use crate::session_tokens::SessionTokens;
use crate::streams::Streams;

/// Cheap to clone; one per process.
#[derive(Clone)]
pub struct State(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub db: Db,
    pub secrets: Secrets,
    pub tokens: SessionTokens,
    pub senders: Senders,
    /// Who read what, until it is written down.
    pub reads: ReadLog,
    /// Open event streams.
    pub streams: Streams,
    /// When this process's delivery worker last looked, in seconds since 1970; zero without a worker.
    pub worker_beat: AtomicI64,
    /// Turns true when the server stops: workers and event streams end.
    pub closing: watch::Sender<bool>,
}

impl State {
    pub fn new(parts: Parts) -> Self {
        parts.db.sign_heads_with(parts.secrets.shared_ring());
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A fresh id whose time is `now`'s.
    pub fn new_id<K>(&self) -> Id<K> {
        new_id(self.now())
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
