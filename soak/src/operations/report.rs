//! What came of the histories, as one table.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Config;
use crate::findings::hex;
use crate::operations::history::Outcome;
use crate::operations::promise::{Promise, Violation};

/// How many violations are kept with all that led to them.
const KEPT: usize = 10;

/// What came of a run. Printed as a table.
#[derive(Debug)]
pub struct Report {
    config: Config,
    elapsed: Duration,
    simulated: Duration,
    operations: u64,
    requests: u64,
    unknown: BTreeMap<&'static str, u64>,
    dropped: u64,
    names: BTreeMap<&'static str, u64>,
    faults: BTreeMap<String, u64>,
    counts: BTreeMap<Promise, u64>,
    violations: Vec<Violation>,
    hash: Sha256,
}

impl Report {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            elapsed: Duration::ZERO,
            simulated: Duration::ZERO,
            operations: 0,
            requests: 0,
            unknown: BTreeMap::new(),
            dropped: 0,
            names: BTreeMap::new(),
            faults: BTreeMap::new(),
            counts: BTreeMap::new(),
            violations: Vec::new(),
            hash: Sha256::new(),
        }
    }

    /// Adds the next history.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.hash.update(&outcome.trace);
        self.operations += outcome.calls;
        self.requests += outcome.requests;
        self.dropped += outcome.dropped;
        self.simulated += outcome.simulated;
        add_all(&mut self.names, outcome.names);
        add_all(&mut self.unknown, outcome.unknown);
        add_all(&mut self.faults, outcome.faults);
        for violation in outcome.violations {
            *self.counts.entry(violation.promise).or_default() += 1;
            if self.violations.len() < KEPT {
                self.violations.push(violation);
            }
        }
    }

    pub(crate) fn took(&mut self, elapsed: Duration) {
        self.elapsed = elapsed;
    }

    /// Whether all promises held.
    pub fn is_clean(&self) -> bool {
        self.counts.is_empty()
    }

    /// The first promises that broke.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// What the whole run comes to: the same for the same seed, on any machine.
    pub fn hash(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

fn add_all<K: Ord>(counts: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *counts.entry(key).or_default() += count;
    }
}

/// All counts in a line, after their sum.
fn listed(counts: &BTreeMap<impl fmt::Display, u64>) -> String {
    let each: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    format!("{} ({})", counts.values().sum::<u64>(), each.join(", "))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config { seed, fault_rate, .. } = self.config;
        let rate = self.operations as f64 / self.elapsed.as_secs_f64().max(1e-9);
        let mut rows = vec![
            ("seed", seed.to_string()),
            ("fault rate", fault_rate.to_string()),
            ("operations", listed(&self.names)),
            ("requests", self.requests.to_string()),
            ("faults", listed(&self.faults)),
            ("unknown outcomes", listed(&self.unknown)),
            ("dropped", self.dropped.to_string()),
            ("simulated time", format!("{:.0} h", self.simulated.as_secs_f64() / 3600.0)),
            ("time", format!("{:.1} s, {rate:.0} operations a second", self.elapsed.as_secs_f64())),
            ("trace", self.hash()),
        ];
        let count = |promise| self.counts.get(&promise).copied().unwrap_or(0).to_string();
        rows.extend(Promise::ALL.map(|(promise, name)| (name, count(promise))));
        for (name, value) in rows {
            writeln!(f, "| {name:<17} | {value}")?;
        }
        for violation in &self.violations {
            let number = violation.number.map(|number| format!(", operation {number}")).unwrap_or_default();
            writeln!(f, "\n! {:?}: seed {seed}{number}: {}", violation.promise, violation.what)?;
            for line in &violation.lines {
                writeln!(f, "    {line}")?;
            }
            if let Some(number) = violation.number {
                writeln!(f, "  cargo xtask soak --seed {seed} --fault-rate {fault_rate} --only {number}")?;
            }
        }
        Ok(())
    }
}
