//! Progress bars, on anything that takes longer than half a second.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::is_seen;

/// What is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

const TEMPLATE: &str = "{msg} {wide_bar} {pos}/{len} {per_sec} {eta}";

/// The bar of a job. It is taken away when it is dropped, and there is none where nobody sees it.
#[derive(Debug)]
pub(crate) struct Bar {
    what: &'static str,
    started: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, started: Instant::now(), bar: OnceLock::new() }
    }

    /// Shows how far the job is.
    pub(crate) fn set(&self, settled: usize, total: usize) {
        if self.started.elapsed() < PATIENCE || !is_wanted() {
            return;
        }
        let bar = self.bar.get_or_init(|| self.draw());
        bar.set_length(total as u64);
        bar.set_position(settled as u64);
    }

    fn draw(&self) -> ProgressBar {
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_elapsed(self.started.elapsed());
        bar.set_message(self.what);
        match ProgressStyle::with_template(TEMPLATE) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// Whether there is a terminal that bars can be drawn on.
fn is_wanted() -> bool {
    is_seen() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
