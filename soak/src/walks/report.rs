//! What came of the walks, as one table.

use std::fmt;
use std::time::Duration;

use super::{Config, Rule};
use crate::tally::Tally;

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

impl Counts {
    pub(super) fn add(&mut self, other: Self) {
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

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the walk.
    pub walk: u64,
    /// What was broken.
    pub rule: Rule,
    /// How.
    pub what: String,
    /// The end of the walk's trace.
    pub trace: String,
}

/// What came of the walks. Printed as a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    config: Config,
    counts: Counts,
    broken: Tally<Violation, { Rule::ALL.len() }>,
    /// How long it took.
    pub elapsed: Duration,
    /// A SHA-256 over the traces of all walks.
    pub trace_hash: String,
}

impl Report {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            counts: Counts::default(),
            broken: Tally::new(),
            elapsed: Duration::ZERO,
            trace_hash: String::new(),
        }
    }

    pub(super) fn add(&mut self, counts: Counts, violations: Vec<Violation>) {
        self.counts.add(counts);
        for violation in violations {
            self.broken.add(violation.rule as usize, violation);
        }
    }

    /// How many walks broke a rule.
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
        let seconds = self.elapsed.as_secs_f64();
        let Counts { walks, pages, rows, requests, resumes, changes, faults, lies, errors, excused } = self.counts;
        writeln!(f, "seed {}, {seconds:.1} s, {:.0} walks per second", self.config.seed, walks as f64 / seconds)?;
        for (name, count) in [
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
        ] {
            writeln!(f, "{name:<28} {count:>13}")?;
        }
        for rule in Rule::ALL {
            writeln!(f, "{:<28} {:>13}", rule.to_string(), self.count(rule))?;
        }
        writeln!(f, "traces {}", self.trace_hash)?;
        for Violation { walk, rule, what, trace } in self.violations() {
            writeln!(f, "\nseed {}, walk {walk}: {rule}: {what}\n{trace}", self.config.seed)?;
        }
        Ok(())
    }
}
