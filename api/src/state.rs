//! What every service is given: configuration, time, database, keys, and the ways out of the house.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::{DateTime, Utc};
use sealpost_shared::ids::Id;
use tokio::sync::watch;
use uuid::{NoContext, Timestamp, Uuid};

use crate::auth::SessionTokens;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::delivery::{EmailSender, SmsSender};
use crate::demo::Outbox;
use crate::secrets::Secrets;

/// Cheap to clone; one per process.
#[derive(Clone)]
pub struct State(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub db: Db,
    pub secrets: Secrets,
    pub tokens: SessionTokens,
    /// Absent: the channel is refused at compose time.
    pub sms: Option<Arc<dyn SmsSender>>,
    pub email: Option<Arc<dyn EmailSender>>,
    /// The demo's catcher of everything that is "sent".
    pub outbox: Option<Arc<Outbox>>,
    /// When this process's delivery worker last looked, in seconds since 1970; zero without a worker.
    pub worker_beat: AtomicI64,
    /// Turns true when the server stops: workers and event streams end.
    pub closing: watch::Sender<bool>,
}

impl State {
    pub fn new(parts: Parts) -> Self {
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

/// A fresh UUIDv7 whose time is `now`: ids made later sort later.
pub fn new_id<K>(now: DateTime<Utc>) -> Id<K> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Id::from_uuid(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
}
