//! Everything this process logs, kept: more than an operator would ever switch on.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

pub struct Logs {
    start: usize,
}

/// From here on. Other tests of the process are in it too.
pub fn logs() -> Logs {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Our own lines down to the finest; of libraries what the server lets through (security.md D23).
        let filter = EnvFilter::new("info,sealpost=trace,sealpost_api=trace");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Keeper).init();
    });
    Logs { start: lock().len() }
}

impl Logs {
    pub fn since_start(&self) -> Vec<u8> {
        lock()[self.start..].to_vec()
    }
}

fn lock() -> MutexGuard<'static, Vec<u8>> {
    LOGGED.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Keeper;

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Keeper {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        Self
    }
}
