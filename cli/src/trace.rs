//! What `-v` shows: the requests, on stderr. The key is in none of it, for the SDK puts it in none of its spans and events.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Shows calls as they end (`-v`), and also retries, pages and look-ups (`-vv`). Of the SDK alone: what the libraries below it
/// tell is not known to hide the key.
pub(crate) fn start(verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_span_events(FmtSpan::CLOSE)
        .with_target(false)
        .with_ansi(false)
        .with_writer(io::stderr)
        .with_filter(Targets::new().with_target("openrouter_workspaces", level));
    // It fails only where there is a subscriber already.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}
