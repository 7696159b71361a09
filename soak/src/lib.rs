//! A simulation: random calls of the SDK, against a sandbox in which much goes wrong, on simulated time.
//!
//! The SDK and the server are in one process, without a network between them, on one thread a history, and by a clock that
//! moves only when all wait. So one seed is one history, byte for byte, on any machine under any load.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod account;
mod findings;
pub mod fleets;
mod histories;
pub mod kills;
mod operations;
mod processes;
mod report;
pub mod walks;

use std::time::Instant;

pub use findings::Rule;
use operations::{CALLS, Network};
pub use report::{Promise, Report, Violation};

/// What the server repeats in some of its answers, and nobody must ever print.
const KEY: &str = "sk-or-v1-soak-5ecret-5ecret-5ecret";

/// How much to do.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Operations in all. They are done in whole histories.
    pub ops: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    pub fault_rate: f64,
    /// What everything follows from.
    pub seed: u64,
    /// The operation from whose history on it begins.
    pub from: u64,
}

/// Runs the histories.
pub fn run(config: Config) -> Report {
    run_with(config, |_, _| {})
}

/// Runs one history with this many operations over sockets of this machine, in real time.
pub fn run_over_sockets(config: Config) -> Report {
    let start = Instant::now();
    let mut report = Report::new(config);
    report.add(operations::run(config.seed, 0, config.fault_rate, config.ops, Network::Sockets));
    report.took(start.elapsed());
    report
}

/// Runs the histories, and hands on the trace of each.
pub fn run_with(config: Config, mut trace: impl FnMut(u64, &str)) -> Report {
    let start = Instant::now();
    let mut report = Report::new(config);
    let histories = config.from / CALLS..config.ops.div_ceil(CALLS);
    let one = |number| operations::run(config.seed, number, config.fault_rate, CALLS, Network::Simulated);
    histories::run(histories, one, |number, outcome| {
        trace(number, &outcome.trace);
        report.add(outcome);
    });
    report.took(start.elapsed());
    report
}
