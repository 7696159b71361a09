//! Manifests that are planned and applied by a program that is killed and started again, on simulated time, against a
//! sandbox in which much goes wrong, and in which others may write, too.
//!
//! A fleet is a random account and a random manifest beside it. Everything follows from its seed: what goes wrong, when the
//! program is killed, what becomes of the requests that were under way then, and what others do. Each has a runtime and a
//! seed of its own, so that it can be run again alone.

mod ending;
mod judge;
mod program;
mod report;
mod rule;
mod run;
mod sabotage;
mod scenario;
mod server;
mod stranger;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::account::Limits;
use crate::{histories, processes};
pub use report::Report;
pub use rule::Rule;
pub use sabotage::Sabotage;

/// The most attempts that a client of the program has for a call.
const MAX_ATTEMPTS: usize = 8;

/// How many fleets, and which.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How many pairs of an account and a manifest.
    pub fleets: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    pub fault_rate: f64,
    /// What everything follows from.
    pub seed: u64,
    /// The number of the first fleet.
    pub from: u64,
    /// The number of the only fleet, to run it again.
    pub only: Option<u64>,
}

type Shared = processes::Shared<Kept>;
type World = processes::World<Kept>;

/// What is kept of a fleet, besides what all simulations of processes keep.
#[derive(Debug, Default)]
struct Kept {
    /// The id of the default workspace.
    default: String,
    /// Ids and slugs that workspaces have, and have had.
    names: BTreeSet<(String, String)>,
    /// The limits that workspaces had in the beginning, by their ids.
    limits: BTreeMap<String, Limits>,
    /// Whether another client writes, now or at another time.
    has_stranger: bool,
    /// Whether it writes now.
    is_loud: bool,
    has_faults: bool,
    /// How much the server had processed when the latest process was started.
    since: usize,
    /// Programs that ended with an error, and were started again.
    failures: u64,
    /// Writes of others.
    strangers: u64,
    /// Plans that others made stale, or left as they were.
    stale: u64,
    /// Reports that were held against the server.
    reports: u64,
    /// What could not be held against anything, because somebody else, or a late write, came in between.
    excused: u64,
    /// Whether in the end there was no plan, because of what others did.
    has_no_plan: bool,
}

impl processes::Simulation for Kept {
    type Rule = Rule;
    const AFTER_DEATH: Rule = Rule::AfterDeath;
    const TASKS_LEFT: Rule = Rule::TasksLeft;
    const ENDLESS: Rule = Rule::Endless;
    const PANICKED: Rule = Rule::Panicked;
}

/// Runs the fleets, and reports.
pub fn run(config: Config) -> Report {
    run_with(config, None)
}

/// The same with something broken.
pub fn run_with(config: Config, sabotage: Option<Sabotage>) -> Report {
    let start = Instant::now();
    let mut report = Report::new(config);
    let numbers = config.only.map_or(config.from..config.from + config.fleets, |only| only..only + 1);
    let one = |number| run::run(config, number, sabotage);
    histories::run(numbers, one, |_, outcome| report.add(outcome));
    report.finish(start)
}
