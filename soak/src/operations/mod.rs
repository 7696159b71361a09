//! The simulation of calls: histories of many workers against a sandbox in which much goes wrong, on simulated time.
//!
//! A history is some hundred calls, and follows from its seed alone. All that happens in it is recorded: what was called,
//! what was sent, what the server did, and what the calls said of it. While it runs, and in the end, the promises of the SDK
//! are held against the record.

mod agreement;
mod budget;
mod calls;
mod faults;
mod history;
mod judge;
mod promise;
mod record;
mod report;
mod server;
mod stranger;
mod truth;
mod unknown;
mod walk;
mod wire;
mod worker;

#[cfg(test)]
mod tests;

use std::time::Instant;

use crate::histories;
pub(crate) use faults::{OVERSIZE, truthful as truthful_faults};
use history::{CALLS, Network};
pub use promise::{Promise, Violation};
pub use report::Report;

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
    report.add(history::run(config.seed, 0, config.fault_rate, config.ops, Network::Sockets));
    report.took(start.elapsed());
    report
}

/// Runs the histories, and hands on the trace of each.
pub fn run_with(config: Config, mut trace: impl FnMut(u64, &str)) -> Report {
    let start = Instant::now();
    let mut report = Report::new(config);
    let numbers = config.from / CALLS..config.ops.div_ceil(CALLS);
    let one = |number| history::run(config.seed, number, config.fault_rate, CALLS, Network::Simulated);
    histories::run(numbers, one, |number, outcome| {
        trace(number, &outcome.trace);
        report.add(outcome);
    });
    report.took(start.elapsed());
    report
}
