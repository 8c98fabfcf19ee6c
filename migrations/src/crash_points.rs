//! Where a test lets the process die, as a power cut would (security.md D18). Without the feature `crash-points`,
//! which only `sealpost-crashing` is built with, a point is nothing.

/// A named point.
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {{
        #[cfg(feature = "crash-points")]
        $crate::crash_points::passed($name);
    }};
}

/// Dies at the point that `CRASH_AT` names; `NAME:3` is the third time that it is passed.
#[cfg(feature = "crash-points")]
pub fn passed(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("CRASH_AT") else { return };
    let (wanted, time) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if wanted == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == time.parse().unwrap_or(1) {
        std::process::abort();
    }
}
