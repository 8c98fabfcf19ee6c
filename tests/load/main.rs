//! How quick and how large it is, as a table: `cargo bench --bench load` (CONTRIBUTING.md). Compare the lines of
//! one run with each other; two runs, or two machines, say little about each other.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark says what it found, or why not")]

mod calls;
mod guessing;
mod phone;
mod start;
mod worker;

use std::num::NonZeroU32;

use sealpost_api::config::{Config, DatabaseUrl};
use sealpost_tests::app::TestApp;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test --benches` and the like only want to know that it builds.
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    if is_wanted("sizes") {
        start::sizes();
    }
    if is_wanted("start") {
        start::cold().await;
    }
    if is_wanted("phone") {
        phone::slow().await;
    }
    if is_wanted("guessing") {
        guessing::both_engines().await;
    }
    if is_wanted("uniform") {
        guessing::uniform().await;
    }
    if is_wanted("worker") {
        worker::both_engines().await;
    }
    if is_wanted("calls") {
        calls::both_engines().await;
    }
}

/// One machine asks for all: it is no flood.
fn unlimited(config: &mut Config) {
    config.limits.strangers = NonZeroU32::MAX;
}

async fn on_sqlite() -> TestApp {
    TestApp::start_with(|config| {
        config.database = DatabaseUrl::Sqlite(config.data_dir.join("load.db"));
        unlimited(config);
    })
    .await
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
