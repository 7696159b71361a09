//! What came of it, as one table.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::Config;

/// What a worker counts.
#[derive(Debug, Default)]
pub struct Tally {
    pub latencies: Vec<Duration>,
    pub attempts: u64,
    pub operations: BTreeMap<&'static str, u64>,
    pub errors: BTreeMap<&'static str, u64>,
    pub unknown_outcomes: u64,
    pub unreported: u64,
    pub wrong_answers: Vec<String>,
    pub false_reports: Vec<String>,
    pub hangs: u64,
    pub key_leaks: u64,
}

/// What came of a soak. Printed as a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    config: Config,
    /// Workspaces on the server that are not as the SDK reported them.
    pub lost_writes: u64,
    /// Workspaces on the server that nobody has, and rows that came twice in a walk.
    pub duplicates: u64,
    /// Workspaces that were created by calls that failed, and did not say that it is unknown whether they did it.
    pub unreported: u64,
    /// Workers that panicked.
    pub panics: u64,
    /// Calls that outlived their deadline by more than 10 %.
    pub hangs: u64,
    /// Texts of errors or debug output with the API key in them.
    pub key_leaks: u64,
    /// Successful reads that differ from what was written, with what differs.
    pub wrong_answers: Vec<String>,
    /// Failures that were reported as "not done" but were done, with what differs.
    pub false_reports: Vec<String>,
    /// How long it took.
    pub elapsed: Duration,
    pub(crate) faults: BTreeMap<String, u64>,
    tally: Tally,
}

impl Report {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            lost_writes: 0,
            duplicates: 0,
            unreported: 0,
            panics: 0,
            hangs: 0,
            key_leaks: 0,
            wrong_answers: Vec::new(),
            false_reports: Vec::new(),
            elapsed: Duration::ZERO,
            faults: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    pub(crate) fn add(&mut self, tally: Tally) {
        self.hangs += tally.hangs;
        self.key_leaks += tally.key_leaks;
        self.unreported += tally.unreported;
        self.wrong_answers.extend(tally.wrong_answers);
        self.false_reports.extend(tally.false_reports);
        self.tally.latencies.extend(tally.latencies);
        self.tally.attempts += tally.attempts;
        self.tally.unknown_outcomes += tally.unknown_outcomes;
        for (total, counts) in [(&mut self.tally.operations, tally.operations), (&mut self.tally.errors, tally.errors)]
        {
            for (name, count) in counts {
                *total.entry(name).or_default() += count;
            }
        }
    }

    /// Whether nothing happened that must not.
    pub fn is_clean(&self) -> bool {
        let counts = [self.lost_writes, self.duplicates, self.unreported, self.panics, self.hangs, self.key_leaks];
        counts == [0; 6] && self.wrong_answers.is_empty() && self.false_reports.is_empty()
    }

    /// The latency that this share of the calls stays below.
    fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.tally.latencies.clone();
        sorted.sort();
        let index = (sorted.len() as f64 * share) as usize;
        sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config { seed, fault_rate, workers, .. } = self.config;
        let calls = self.tally.latencies.len();
        let faults: u64 = self.faults.values().sum();
        writeln!(f, "seed {seed}, fault rate {fault_rate}, {workers} at once, {:.1?}", self.elapsed)?;
        let list = |counts: &BTreeMap<&'static str, u64>| {
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        };
        let kinds: Vec<_> = self.faults.iter().map(|(name, count)| format!("{name} {count}")).collect();
        for (name, value) in [
            ("operations", format!("{calls} ({})", list(&self.tally.operations))),
            ("attempts", self.tally.attempts.to_string()),
            ("faults applied", format!("{faults} ({})", kinds.join(", "))),
            ("errors", list(&self.tally.errors)),
            ("outcomes unknown", self.tally.unknown_outcomes.to_string()),
            ("latency p50", format!("{:.1?}", self.quantile(0.5))),
            ("latency p90", format!("{:.1?}", self.quantile(0.9))),
            ("latency p99", format!("{:.1?}", self.quantile(0.99))),
            ("latency max", format!("{:.1?}", self.quantile(1.0))),
            ("lost writes", self.lost_writes.to_string()),
            ("duplicates", self.duplicates.to_string()),
            ("unreported", self.unreported.to_string()),
            ("panics", self.panics.to_string()),
            ("hangs", self.hangs.to_string()),
            ("key leaks", self.key_leaks.to_string()),
            ("wrong answers", self.wrong_answers.len().to_string()),
            ("false reports", self.false_reports.len().to_string()),
        ] {
            writeln!(f, "| {name:<16} | {value}")?;
        }
        for problem in self.wrong_answers.iter().chain(&self.false_reports).take(20) {
            writeln!(f, "! {problem}")?;
        }
        Ok(())
    }
}
