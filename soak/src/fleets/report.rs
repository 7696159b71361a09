//! What came of the fleets, as one table.

use std::fmt;
use std::ops::AddAssign;

use super::{Config, Rule};
use crate::findings::{self, Violation};
use crate::processes::Traffic;

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

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.fleets += other.fleets;
        self.traffic += other.traffic;
        self.failures += other.failures;
        self.strangers += other.strangers;
        self.stale += other.stale;
        self.reports += other.reports;
        self.excused += other.excused;
        self.without_plan += other.without_plan;
    }
}

/// What came of the fleets. Printed as a table.
pub type Report = findings::Report<Config, Counts, Rule>;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, Config { seed, fault_rate, .. }) = (self.elapsed.as_secs_f64(), self.config);
        let Counts { fleets, traffic, failures, strangers, stale, reports, excused, without_plan } = *self.counts();
        let Traffic { starts, kills, moments: _, requests, writes, late, faults } = traffic;
        let rate = fleets as f64 / seconds.max(1e-9);
        writeln!(f, "seed {seed}, fault rate {fault_rate}, {seconds:.1} s, {rate:.0} fleets per second")?;
        let counts = [
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
        ];
        self.table(f, 10, &counts)?;
        for Violation { number, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {seed}, fleet {number}: {rule}: {what}\n{trace}")?;
            writeln!(f, "  cargo xtask soak --fleets 1 --seed {seed} --fault-rate {fault_rate} --only {number}")?;
        }
        Ok(())
    }
}
