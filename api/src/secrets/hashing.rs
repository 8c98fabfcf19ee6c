//! PINs and passwords: argon2id (19 MiB, 2 passes, 1 lane) with a pepper that is not in the database
//! (security.md D4), and the permits that keep a storm of guesses from taking every core (D5).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::problem::{Problem, Result};
use sealpost_shared::problem::ProblemCode;

/// The longest anybody waits for a permit, and how many may wait.
const PATIENCE: Duration = Duration::from_secs(2);
const QUEUE: usize = 64;

/// A hash as it is stored: the pepper's version, a colon, a PHC string.
pub type SecretHash = String;

pub struct HashPermits {
    pepper: Arc<(i64, Zeroizing<Vec<u8>>)>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    granted: AtomicU64,
}

/// The right to hash or verify once.
pub struct Permit {
    pepper: Arc<(i64, Zeroizing<Vec<u8>>)>,
    _slot: OwnedSemaphorePermit,
}

impl HashPermits {
    pub(super) fn new(pepper: (i64, Zeroizing<Vec<u8>>)) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            pepper: Arc::new(pepper),
            permits: Arc::new(Semaphore::new(cores)),
            waiting: AtomicUsize::new(0),
            granted: AtomicU64::new(0),
        }
    }

    /// Waits its turn; 503 when the queue is full or the wait is too long.
    pub async fn permit(&self) -> Result<Permit> {
        let place = self.waiting.fetch_add(1, Ordering::Relaxed);
        let slot = if place < QUEUE {
            tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await.ok()
        } else {
            None
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        match slot {
            Some(Ok(slot)) => {
                self.granted.fetch_add(1, Ordering::Relaxed);
                Ok(Permit { pepper: self.pepper.clone(), _slot: slot })
            }
            _ => Err(Problem::from(ProblemCode::Unavailable).retry_after(2)),
        }
    }

    /// How many permits were given out since the start: what a storm of guesses really cost.
    pub fn granted(&self) -> u64 {
        self.granted.load(Ordering::Relaxed)
    }

    pub async fn hash(&self, secret: &str) -> Result<SecretHash> {
        self.permit().await?.hash(secret).await
    }
}

impl Permit {
    pub async fn hash(self, secret: &str) -> Result<SecretHash> {
        let secret = Zeroizing::new(secret.to_owned());
        run(move || {
            let hash = hasher(&self.pepper.1).and_then(|hasher| {
                hasher.hash_password(secret.as_bytes()).map_err(|_| argon2::Error::PwdTooLong)
            });
            hash.map(|hash| format!("{}:{hash}", self.pepper.0)).map_err(Problem::internal)
        })
        .await
    }

    /// Whether `secret` made `hash`. Without a hash it works as long and says no.
    pub async fn verify(self, secret: &str, hash: Option<&str>) -> Result<bool> {
        let secret = Zeroizing::new(secret.to_owned());
        let hash = hash.map(ToOwned::to_owned);
        run(move || {
            let hasher = hasher(&self.pepper.1).map_err(Problem::internal)?;
            let Some(hash) = hash else {
                let mut wasted = [0; 32];
                let _ = hasher.hash_password_into(secret.as_bytes(), b"no such secret", &mut wasted);
                return Ok(false);
            };
            let (version, phc) =
                hash.split_once(':').ok_or_else(|| Problem::internal("a stored hash is malformed"))?;
            if version != self.pepper.0.to_string() {
                return Err(Problem::internal("a stored hash needs a pepper that is not in the key file"));
            }
            Ok(hasher.verify_password(secret.as_bytes(), phc).is_ok())
        })
        .await
    }
}

fn hasher(pepper: &[u8]) -> argon2::Result<Argon2<'_>> {
    let params = Params::new(19 * 1024, 2, 1, Some(32))?;
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params)
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(pepper: u8) -> HashPermits {
        HashPermits::new((1, Zeroizing::new(vec![pepper; 32])))
    }

    #[tokio::test]
    async fn a_hash_needs_its_secret_and_its_pepper() {
        let ours = permits(1);
        let hash = ours.hash("4821").await.expect("hashed");
        let check = async |permits: &HashPermits, pin: &str| {
            permits.permit().await.expect("a permit").verify(pin, Some(&hash)).await.expect("verified")
        };
        assert!(check(&ours, "4821").await);
        assert!(!check(&ours, "4822").await);
        assert!(!check(&permits(2), "4821").await);
        assert!(!ours.permit().await.expect("a permit").verify("4821", None).await.expect("verified"));
    }
}
