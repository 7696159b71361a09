//! Progress bars, on anything that takes longer than half a second.

use std::fmt::Write;
use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::output::is_seen;

/// What is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

const TEMPLATE: &str = "{msg} {wide_bar} {pos}/{len}, {rate}, {eta} left";

/// The bar of a job. It is taken away when it is dropped, and there is none where nobody sees it.
#[derive(Debug)]
pub(crate) struct Bar {
    started: Instant,
    bar: ProgressBar,
    seen: Once,
}

impl Bar {
    /// A bar that measures from now on, and is not seen yet.
    pub(crate) fn new(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.with_key("rate", rate));
        }
        Self { started: Instant::now(), bar, seen: Once::new() }
    }

    /// Shows how far the job is.
    pub(crate) fn set(&self, settled: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(settled as u64);
        if self.started.elapsed() > PATIENCE && is_wanted() {
            self.seen.call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}

fn rate(state: &ProgressState, to: &mut dyn Write) {
    let _ = write!(to, "{:.0}/s", state.per_sec());
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether there is a terminal that bars can be drawn on.
fn is_wanted() -> bool {
    is_seen() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
