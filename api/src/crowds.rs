//! Many who come for one thing at once wait for each other here, not in the database's queue, where everybody else
//! would stand behind them. In memory and fair: it keeps a storm on one link from starving others, and counts nothing
//! (what may be tried is counted in the database).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sealpost_shared::problem::ProblemCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Problem, Result};

/// How many go on at once.
const TOGETHER: usize = 4;
const PATIENCE: Duration = Duration::from_secs(5);

type Lanes = Mutex<HashMap<Vec<u8>, Arc<Semaphore>>>;

#[derive(Default)]
pub struct Crowds(Arc<Lanes>);

/// One who goes on, or waits to.
pub struct Place {
    lanes: Arc<Lanes>,
    key: Vec<u8>,
    lane: Option<Arc<Semaphore>>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Crowds {
    /// Waits its turn among those with the same key; 503 when that takes too long.
    pub async fn place(&self, key: Vec<u8>) -> Result<Place> {
        let lane = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(TOGETHER))).clone()
        };
        let mut place = Place { lanes: self.0.clone(), key, lane: Some(lane.clone()), permit: None };
        let turn = tokio::time::timeout(PATIENCE, lane.acquire_owned()).await;
        place.permit = turn.ok().and_then(std::result::Result::ok);
        match place.permit {
            Some(_) => Ok(place),
            None => Err(Problem::from(ProblemCode::Unavailable).retry_after(2)),
        }
    }
}

impl Drop for Place {
    /// Whoever leaves last takes the lane away.
    fn drop(&mut self) {
        self.permit = None;
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        self.lane = None;
        if lanes.get(&self.key).is_some_and(|lane| Arc::strong_count(lane) == 1) {
            lanes.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(crowds: &Crowds) -> usize {
        crowds.0.lock().expect("no test panics with it").len()
    }

    #[tokio::test]
    async fn a_crowd_waits_for_itself_and_for_nobody_else() {
        let crowds = Crowds::default();
        let mut first = Vec::new();
        for _ in 0..TOGETHER {
            first.push(crowds.place(b"one".to_vec()).await.expect("a place"));
        }
        let mut waiting = Box::pin(crowds.place(b"one".to_vec()));
        assert!(tokio::time::timeout(Duration::ZERO, &mut waiting).await.is_err());
        assert!(crowds.place(b"other".to_vec()).await.is_ok());
        first.pop();
        let last = waiting.await.expect("a place");
        drop((first, last));
        assert_eq!(lanes(&crowds), 0);
    }

    #[tokio::test]
    async fn nothing_is_left_of_those_who_gave_up() {
        let crowds = Crowds::default();
        let mut held = Vec::new();
        for _ in 0..TOGETHER {
            held.push(crowds.place(b"one".to_vec()).await.expect("a place"));
        }
        assert!(tokio::time::timeout(Duration::ZERO, crowds.place(b"one".to_vec())).await.is_err());
        drop(held);
        assert_eq!(lanes(&crowds), 0);
    }
}
