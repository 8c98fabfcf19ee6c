//! PINs and passwords: argon2id (19 MiB, 2 passes, 1 lane) with a pepper that is not in the database
//! (security.md D4), and the permits that keep a storm of guesses from taking every core (D5).

use std::collections::BTreeMap;
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

/// Peppers by version: the newest hashes, all verify.
pub type Peppers = BTreeMap<i64, Zeroizing<Vec<u8>>>;

/// A hash as it is stored: the pepper's version, a colon, a PHC string.
pub type SecretHash = String;

pub struct HashPermits {
    /// The peppers as they are now: the key file may get a new one.
    peppers: Box<dyn Fn() -> Arc<Peppers> + Send + Sync>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    granted: AtomicU64,
}

/// The right to hash or verify once.
pub struct Permit {
    peppers: Arc<Peppers>,
    _slot: OwnedSemaphorePermit,
}

/// A place in the queue. Given back however the wait ends: a client that hangs up drops the future.
struct Place<'a> {
    waiting: &'a AtomicUsize,
    number: usize,
}

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Self {
        Self { waiting, number: waiting.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HashPermits {
    pub(super) fn new(peppers: impl Fn() -> Arc<Peppers> + Send + Sync + 'static) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            peppers: Box::new(peppers),
            permits: Arc::new(Semaphore::new(cores)),
            waiting: AtomicUsize::new(0),
            granted: AtomicU64::new(0),
        }
    }

    /// Waits its turn; 503 when the queue is full or the wait is too long.
    pub async fn permit(&self) -> Result<Permit> {
        let place = Place::take(&self.waiting);
        let slot = if place.number < QUEUE {
            tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await.ok()
        } else {
            None
        };
        drop(place);
        match slot {
            Some(Ok(slot)) => {
                self.granted.fetch_add(1, Ordering::Relaxed);
                Ok(Permit { peppers: (self.peppers)(), _slot: slot })
            }
            _ => Err(Problem::from(ProblemCode::Unavailable).retry_after(2)),
        }
    }

    /// How many permits were given out since the start: what a storm of guesses really cost.
    pub fn granted(&self) -> u64 {
        self.granted.load(Ordering::Relaxed)
    }

    /// Whether a hash was made as one is made now: with the newest pepper and the same costs.
    pub fn is_current(&self, hash: &str) -> bool {
        let newest = (self.peppers)().last_key_value().map(|(version, _)| *version);
        let Some((version, phc)) = hash.split_once(':') else { return false };
        version.parse().ok() == newest && phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    }

    pub async fn hash(&self, secret: &str) -> Result<SecretHash> {
        self.permit().await?.hash(secret).await
    }
}

impl Permit {
    pub async fn hash(self, secret: &str) -> Result<SecretHash> {
        let secret = Zeroizing::new(secret.to_owned());
        run(move || {
            let newest = self.peppers.last_key_value();
            let (version, pepper) = newest.ok_or_else(|| Problem::internal("there is no pepper"))?;
            let hash = hasher(pepper).and_then(|hasher| {
                hasher.hash_password(secret.as_bytes()).map_err(|_| argon2::Error::PwdTooLong)
            });
            hash.map(|hash| format!("{version}:{hash}")).map_err(Problem::internal)
        })
        .await
    }

    /// Whether `secret` made `hash`. Without a hash it works as long and says no.
    pub async fn verify(self, secret: &str, hash: Option<&str>) -> Result<bool> {
        let secret = Zeroizing::new(secret.to_owned());
        let hash = hash.map(ToOwned::to_owned);
        run(move || {
            let Some(hash) = hash else {
                let mut wasted = [0; 32];
                let hasher = hasher(b"no pepper").map_err(Problem::internal)?;
                let _ = hasher.hash_password_into(secret.as_bytes(), b"no such secret", &mut wasted);
                return Ok(false);
            };
            let (version, phc) =
                hash.split_once(':').ok_or_else(|| Problem::internal("a stored hash is malformed"))?;
            let pepper = version.parse().ok().and_then(|version: i64| self.peppers.get(&version));
            let pepper = pepper.ok_or_else(|| {
                Problem::internal("a stored hash needs a pepper that is not in the key file")
            })?;
            let hasher = hasher(pepper).map_err(Problem::internal)?;
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
        let peppers = Arc::new(Peppers::from([(1, Zeroizing::new(vec![pepper; 32]))]));
        HashPermits::new(move || peppers.clone())
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

    #[tokio::test]
    async fn pepper_versions() {
        let of = |versions: &[i64]| {
            let peppers = versions.iter().map(|version| (*version, Zeroizing::new(vec![*version as u8; 32])));
            let peppers = Arc::new(peppers.collect::<Peppers>());
            HashPermits::new(move || peppers.clone())
        };
        let check = async |permits: &HashPermits, hash: &str| {
            permits.permit().await.expect("a permit").verify("4821", Some(hash)).await
        };
        let (first, both, second) = (of(&[1]), of(&[1, 2]), of(&[2]));
        let old = first.hash("4821").await.expect("hashed");
        assert!(first.is_current(&old) && !both.is_current(&old));
        assert!(check(&both, &old).await.expect("an older pepper verifies"));
        let new = both.hash("4821").await.expect("hashed");
        assert!(new.starts_with("2:") && both.is_current(&new) && second.is_current(&new));
        assert!(check(&second, &new).await.expect("verified"));
        // Without its pepper nobody gets in, and it is not taken for a wrong PIN either.
        assert!(check(&second, &old).await.is_err());
        let cheap = new.replace("t=2", "t=1");
        assert!(!both.is_current(&cheap));
    }

    #[tokio::test]
    async fn clients_that_hang_up_leave_no_place_taken() {
        let permits = permits(1);
        let cores = permits.permits.available_permits();
        let mut held = Vec::new();
        for _ in 0..cores {
            held.push(permits.permit().await.expect("a permit"));
        }
        for _ in 0..2 * QUEUE {
            let waiting = tokio::time::timeout(Duration::ZERO, permits.permit());
            assert!(waiting.await.is_err());
        }
        drop(held);
        assert!(permits.permit().await.is_ok());
    }
}
