//! What came of the runs, as one table.

use std::fmt;
use std::time::Duration;

use super::{Config, Rule};
use crate::processes::Traffic;
use crate::tally::Tally;

/// What is counted of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub runs: u64,
    pub traffic: Traffic,
    /// Programs that ended with an error, and were started again.
    pub failures: u64,
    /// Reports that were held against the server.
    pub reports: u64,
    /// What could not be held against anything, because a late write came in between, as the documentation says.
    pub excused: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.traffic.add(other.traffic);
        self.failures += other.failures;
        self.reports += other.reports;
        self.excused += other.excused;
    }
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the run.
    pub run: u64,
    /// How many kills there had been before it, in all runs.
    pub kills: u64,
    /// What was broken.
    pub rule: Rule,
    /// How.
    pub what: String,
    /// The end of the run's trace; all of it if it was run alone.
    pub trace: String,
}

/// What came of the runs. Printed as a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    config: Config,
    counts: Counts,
    broken: Tally<Violation, { Rule::ALL.len() }>,
    /// How long it took.
    pub elapsed: Duration,
    /// A SHA-256 over the traces of all runs.
    pub trace_hash: String,
}

impl Report {
    pub(super) fn new(config: Config) -> Self {
        let (counts, elapsed) = (Counts::default(), Duration::ZERO);
        Self { config, counts, broken: Tally::new(), elapsed, trace_hash: String::new() }
    }

    pub(super) fn add(&mut self, counts: Counts, violations: Vec<Violation>) {
        self.counts.add(counts);
        for mut violation in violations {
            violation.kills = self.counts.traffic.kills;
            self.broken.add(violation.rule as usize, violation);
        }
    }

    /// How many times the program was killed.
    pub fn kills(&self) -> u64 {
        self.counts.traffic.kills
    }

    /// How many times a rule was broken.
    pub fn count(&self, rule: Rule) -> u64 {
        self.broken.count(rule as usize)
    }

    /// The first violations of each rule; [`count`](Self::count) has them all.
    pub fn violations(&self) -> &[Violation] {
        &self.broken.kept
    }

    /// Whether nothing was broken.
    pub fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, Config { seed, fault_rate, .. }) = (self.elapsed.as_secs_f64(), self.config);
        let Counts { runs, traffic, failures, reports, excused } = self.counts;
        let Traffic { starts, kills, moments: [before, way, back, body], requests, writes, late, faults } = traffic;
        let rate = kills as f64 / seconds.max(1e-9);
        writeln!(f, "seed {seed}, fault rate {fault_rate}, {seconds:.1} s, {rate:.0} kills per second")?;
        for (name, count) in [
            ("runs", runs),
            ("kills", kills),
            ("  before a request", before),
            ("  while it was on its way", way),
            ("  after the server had it", back),
            ("  while the body came", body),
            ("starts of the program", starts),
            ("ended with an error", failures),
            ("requests", requests),
            ("writes", writes),
            ("faults", faults),
            ("late writes", late),
            ("reports judged", reports),
            ("excused for late writes", excused),
        ] {
            writeln!(f, "{name:<28} {count:>10}")?;
        }
        for (rule, name) in Rule::ALL {
            writeln!(f, "{name:<28} {:>10}", self.count(rule))?;
        }
        writeln!(f, "traces {}", self.trace_hash)?;
        for Violation { run, kills, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {seed}, run {run}, after {kills} kills: {rule}: {what}\n{trace}")?;
            writeln!(f, "  cargo xtask soak --kills 1 --seed {seed} --fault-rate {fault_rate} --only {run}")?;
        }
        Ok(())
    }
}
