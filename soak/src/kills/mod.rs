//! One program that is killed at any request, and started again, on simulated time: it sets up some workspaces by the jobs of
//! the SDK, against a sandbox in which much goes wrong.
//!
//! Everything follows from the seed: the account, what is to become of it, what goes wrong, when the program is killed, and
//! what becomes of the requests that were under way then. Each run has a runtime and a seed of its own, so that it can be
//! run again alone.

mod ending;
mod judge;
mod program;
mod report;
mod rule;
mod run;
mod sabotage;
mod scenario;
mod server;

use std::collections::BTreeSet;
use std::time::Instant;

use crate::{histories, processes};
pub use report::Report;
pub use rule::Rule;
pub use sabotage::Sabotage;

type Shared = processes::Shared<Kept>;
type World = processes::World<Kept>;

/// What is kept of a run, besides what all simulations of processes keep.
#[derive(Debug, Default)]
struct Kept {
    /// Who is a member of what, or has been made one.
    joined: BTreeSet<(String, String)>,
    /// Programs that ended with an error, and were started again.
    failures: u64,
    /// Reports that were held against the server.
    reports: u64,
    /// What could not be held against anything, because a late write came in between, as the documentation says.
    excused: u64,
}

impl processes::Simulation for Kept {
    type Rule = Rule;
    const AFTER_DEATH: Rule = Rule::AfterDeath;
    const TASKS_LEFT: Rule = Rule::TasksLeft;
    const ENDLESS: Rule = Rule::Endless;
    const PANICKED: Rule = Rule::Panicked;
}

/// How many runs are begun before it is looked whether there were enough kills.
const BATCH: u64 = 8;

/// How many kills, and which runs.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Kills in all. They are done in whole runs, so that there may be a few more.
    pub kills: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    pub fault_rate: f64,
    /// What everything follows from.
    pub seed: u64,
    /// The number of the first run.
    pub from: u64,
    /// The number of the only run, to run it again.
    pub only: Option<u64>,
}

/// Runs until there were enough kills, and reports.
pub fn run(config: Config) -> Report {
    run_with(config, None)
}

/// The same with something broken.
pub fn run_with(config: Config, sabotage: Option<Sabotage>) -> Report {
    let start = Instant::now();
    let mut report = Report::new(config);
    let mut next = config.only.unwrap_or(config.from);
    loop {
        let before = report.kills();
        let numbers = next..next + if config.only.is_some() { 1 } else { BATCH };
        next = numbers.end;
        let one = |number| run::run(config, number, sabotage);
        histories::run(numbers, one, |_, outcome| {
            if report.kills() < config.kills || config.only.is_some() {
                report.add(outcome);
            }
        });
        // Where nothing is killed at all, something is broken, and more runs do not mend it.
        if report.kills() >= config.kills || report.kills() == before || config.only.is_some() {
            break;
        }
    }
    report.finish(start)
}
