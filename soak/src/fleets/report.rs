//! What came of the fleets, as one table.

use std::fmt;
use std::time::Duration;

use super::{Config, Rule};
use crate::processes::Traffic;
use crate::tally::Tally;

/// What is counted of fleets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub fleets: u64,
    pub traffic: Traffic,
    pub failures: u64,
    pub strangers: u64,
    pub stale: u64,
    pub reports: u64,
    pub excused: u64,
    pub without_plan: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.fleets += other.fleets;
        self.traffic.add(other.traffic);
        self.failures += other.failures;
        self.strangers += other.strangers;
        self.stale += other.stale;
        self.reports += other.reports;
        self.excused += other.excused;
        self.without_plan += other.without_plan;
    }
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the fleet.
    pub fleet: u64,
    /// What was broken.
    pub rule: Rule,
    /// How.
    pub what: String,
    /// The end of the fleet's trace; all of it if it was run alone.
    pub trace: String,
}

/// What came of the fleets. Printed as a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    config: Config,
    counts: Counts,
    broken: Tally<Violation, { Rule::ALL.len() }>,
    /// How long it took.
    pub elapsed: Duration,
    /// A SHA-256 over the traces of all fleets.
    pub trace_hash: String,
}

impl Report {
    pub(super) fn new(config: Config) -> Self {
        let (counts, elapsed) = (Counts::default(), Duration::ZERO);
        Self { config, counts, broken: Tally::new(), elapsed, trace_hash: String::new() }
    }

    pub(super) fn add(&mut self, counts: Counts, violations: Vec<Violation>) {
        self.counts.add(counts);
        for violation in violations {
            self.broken.add(violation.rule as usize, violation);
        }
    }

    /// What was counted.
    pub fn counts(&self) -> &Counts {
        &self.counts
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
        let Counts { fleets, traffic, failures, strangers, stale, reports, excused, without_plan } = self.counts;
        let Traffic { starts, kills, moments: _, requests, writes, late, faults } = traffic;
        let rate = fleets as f64 / seconds.max(1e-9);
        writeln!(f, "seed {seed}, fault rate {fault_rate}, {seconds:.1} s, {rate:.0} fleets per second")?;
        for (name, count) in [
            ("fleets", fleets),
            ("starts of the program", starts),
            ("kills", kills),
            ("ended with an error", failures),
            ("requests", requests),
            ("writes", writes),
            ("faults", faults),
            ("late writes", late),
            ("writes of others", strangers),
            ("plans beside a change", stale),
            ("without a plan in the end", without_plan),
            ("reports judged", reports),
            ("excused for what others did", excused),
        ] {
            writeln!(f, "{name:<28} {count:>10}")?;
        }
        for (rule, name) in Rule::ALL {
            writeln!(f, "{name:<28} {:>10}", self.count(rule))?;
        }
        writeln!(f, "traces {}", self.trace_hash)?;
        for Violation { fleet, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {seed}, fleet {fleet}: {rule}: {what}\n{trace}")?;
            writeln!(f, "  cargo xtask soak --fleets 1 --seed {seed} --fault-rate {fault_rate} --only {fleet}")?;
        }
        Ok(())
    }
}
