//! What came of the walks, as one table.

use std::fmt;
use std::ops::AddAssign;

use super::{Config, Rule};
use crate::findings::{self, Violation};

/// What is counted of walks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub walks: u64,
    pub pages: u64,
    pub rows: u64,
    pub requests: u64,
    pub resumes: u64,
    pub changes: u64,
    pub faults: u64,
    pub lies: u64,
    /// Walks that ended with an error, as the documentation says that they may.
    pub errors: u64,
    /// Walks that missed a row after one that they knew had moved, or after pages with other rows than they had asked for,
    /// of a list that changed: what the documentation asks of a server.
    pub excused: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.walks += other.walks;
        self.pages += other.pages;
        self.rows += other.rows;
        self.requests += other.requests;
        self.resumes += other.resumes;
        self.changes += other.changes;
        self.faults += other.faults;
        self.lies += other.lies;
        self.errors += other.errors;
        self.excused += other.excused;
    }
}

/// What came of the walks. Printed as a table.
pub type Report = findings::Report<Config, Counts, Rule>;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs_f64();
        let Counts { walks, pages, rows, requests, resumes, changes, faults, lies, errors, excused } = *self.counts();
        writeln!(f, "seed {}, {seconds:.1} s, {:.0} walks per second", self.config.seed, walks as f64 / seconds)?;
        let counts = [
            ("walks", walks),
            ("pages", pages),
            ("rows", rows),
            ("requests", requests),
            ("resumed", resumes),
            ("changes", changes),
            ("faults", faults),
            ("wrong pages", lies),
            ("errors, documented", errors),
            ("misses, documented", excused),
        ];
        self.table(f, 13, &counts)?;
        for Violation { number, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {}, walk {number}: {rule}: {what}\n{trace}", self.config.seed)?;
        }
        Ok(())
    }
}
