//! What every service is given: configuration, time, database, keys, and the ways out of the house.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::time::Instant;

use chrono::{DateTime, Utc};
use sealpost_shared::ids::Id;
use tokio::sync::{Mutex, watch};

use crate::circuit::Circuits;
use crate::clock::{Clock, HighWater, SLACK, differ};
use crate::config::Config;
use crate::crowds::Crowds;
use crate::db::Db;
use crate::entities::clock_mark;
use crate::floods::Floods;
use crate::ids::new_id;
use crate::journal::ReadLog;
use crate::metrics::Metrics;
use crate::problem::Result;
use crate::secrets::Secrets;
use crate::senders::Senders;
use crate::session_tokens::SessionTokens;
use crate::spent::Spent;
use crate::streams::Streams;

/// Cheap to clone; one per process.
#[derive(Clone)]
pub struct State(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    /// How far the clock had come; [`State::now`] is never far behind it.
    pub high_water: HighWater,
    pub db: Db,
    pub secrets: Secrets,
    pub tokens: SessionTokens,
    pub senders: Senders,
    /// Which providers are worth asking just now.
    pub circuits: Circuits,
    /// Who read what, until it is written down.
    pub reads: ReadLog,
    /// Who waits for whom at the gate.
    pub crowds: Crowds,
    /// How many calls a network makes before anybody is known.
    pub floods: Floods,
    /// Limits that are known to be used up.
    pub spent: Spent,
    /// Open event streams.
    pub streams: Streams,
    /// When this process's delivery worker last looked, in seconds since 1970; zero without a worker.
    pub worker_beat: AtomicI64,
    /// What this process counts and times.
    pub metrics: Metrics,
    /// When writes were last tried for `/readyz`, and whether the database took it.
    pub write_probe: Mutex<Option<(Instant, bool)>>,
    /// The server was told to stop: it still answers, but nobody should come any more.
    pub stopping: AtomicBool,
    /// Turns true when the server takes no more calls: event streams end.
    pub closing: watch::Sender<bool>,
    /// Turns true after that: the workers finish what is in hand.
    pub done: watch::Sender<bool>,
}

impl State {
    pub fn new(parts: Parts) -> Self {
        parts.db.sign_heads_with(parts.secrets.shared_ring());
        Self(Arc::new(parts))
    }

    /// The one time that everything goes by.
    pub fn now(&self) -> DateTime<Utc> {
        let wall = self.clock.now();
        if self.clock.is_told() { wall } else { self.high_water.now(wall) }
    }

    /// Whether the clock shows a time that is over.
    pub fn is_clock_behind(&self) -> bool {
        self.now() - self.clock.now() > SLACK
    }

    /// Keeps how far the clock has come, and learns how far other servers' have. A clock that the database does not
    /// believe leaves no mark: one wrong jump ahead would hold the time for good (security.md D19).
    pub async fn keep_clock(&self) -> Result<()> {
        if let Some(mark) = clock_mark::get(&self.db.before_organization().read().await?).await? {
            self.high_water.raise(mark);
        }
        if self.clock.is_told() || self.is_off_the_database().await? {
            return Ok(());
        }
        let now = self.now();
        self.db.before_organization().write(async |tx| Ok(clock_mark::reach(tx, now).await?)).await
    }

    /// Whether this computer's clock and the database's cannot both be right.
    pub async fn is_off_the_database(&self) -> Result<bool> {
        if !self.clock.is_of_this_world() {
            return Ok(false);
        }
        Ok(self.db.clock().await?.is_some_and(|theirs| differ(self.clock.now(), theirs)))
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
