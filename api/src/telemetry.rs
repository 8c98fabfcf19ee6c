//! Where log lines go and what they look like.
//!
//! Standard error, so that standard output stays what a command prints. Lines from libraries stop at
//! `warn` whatever the filter says: below `info` they print requests, addresses and statements
//! (security.md D23), and at `info` so much at the first start that its setup link is lost among it.

use std::io::IsTerminal as _;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use crate::config::{LogConfig, LogFormat};

/// Once per process; a second call is an error and changes nothing.
pub fn init(config: &LogConfig) -> Result<(), TryInitError> {
    let filter =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(&config.filter);
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match config.format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter_fn(may_be_written)).with_filter(filter))
        .try_init()
}

fn may_be_written(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || metadata.target().starts_with("sealpost")
}
