//! Fresh ids.

use chrono::{DateTime, Utc};
use sealpost_shared::ids::Id;
use uuid::{NoContext, Timestamp, Uuid};

/// A fresh UUIDv7 whose time is `now`: ids made later sort later.
pub fn new_id<K>(now: DateTime<Utc>) -> Id<K> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Id::from_uuid(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
}
