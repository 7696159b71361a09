//! What came of the runs, as one table.

use std::fmt;
use std::ops::AddAssign;

use super::{Config, Rule};
use crate::findings::{self, Violation};
use crate::processes::Traffic;

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

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.runs += other.runs;
        self.traffic += other.traffic;
        self.failures += other.failures;
        self.reports += other.reports;
        self.excused += other.excused;
    }
}

/// What came of the runs. Printed as a table.
pub type Report = findings::Report<Config, Counts, Rule>;

impl Report {
    /// How many times the program was killed.
    pub fn kills(&self) -> u64 {
        self.counts().traffic.kills
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, Config { seed, fault_rate, .. }) = (self.elapsed.as_secs_f64(), self.config);
        let Counts { runs, traffic, failures, reports, excused } = *self.counts();
        let Traffic { starts, kills, moments: [before, way, back, body], requests, writes, late, faults } = traffic;
        let rate = kills as f64 / seconds.max(1e-9);
        writeln!(f, "seed {seed}, fault rate {fault_rate}, {seconds:.1} s, {rate:.0} kills per second")?;
        let counts = [
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
        ];
        self.table(f, 10, &counts)?;
        for Violation { number, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {seed}, run {number}: {rule}: {what}\n{trace}")?;
            writeln!(f, "  cargo xtask soak --kills 1 --seed {seed} --fault-rate {fault_rate} --only {number}")?;
        }
        Ok(())
    }
}
