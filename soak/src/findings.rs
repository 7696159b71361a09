//! What came of simulations: what is counted of them, and what broke, by the rule that it breaks.

use std::fmt;
use std::ops::AddAssign;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// How many violations of each rule are kept with their traces.
const KEPT: u64 = 3;

/// What must not be broken.
pub trait Rule: Copy + PartialEq + 'static {
    /// All of them, with their names in the table.
    const NAMES: &'static [(Self, &'static str)];

    /// Its name in the table.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(rule, _)| *rule == self).map_or("", |(_, name)| name)
    }
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation<R> {
    /// The number of the simulation: of the walk, the run or the fleet.
    pub number: u64,
    /// What was broken.
    pub rule: R,
    /// How.
    pub what: String,
    /// The end of its trace; all of it if it was run alone.
    pub trace: String,
}

/// What came of one simulation.
pub(crate) struct Outcome<Counts, R> {
    pub counts: Counts,
    pub violations: Vec<Violation<R>>,
    pub trace_hash: [u8; 32],
}

impl<Counts, R> Outcome<Counts, R> {
    /// What came of the simulation with this number, of which this was broken.
    pub(crate) fn new(
        number: u64,
        counts: Counts,
        broken: impl IntoIterator<Item = (R, String)>,
        trace: &str,
        trace_hash: [u8; 32],
    ) -> Self {
        let violation = |(rule, what)| Violation { number, rule, what, trace: trace.to_owned() };
        Self { counts, violations: broken.into_iter().map(violation).collect(), trace_hash }
    }
}

/// What came of simulations. Printed as a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<Config, Counts, R> {
    pub(crate) config: Config,
    counts: Counts,
    violations: Vec<Violation<R>>,
    /// How often each rule was broken, in their order.
    broken: Vec<u64>,
    traces: Sha256,
    /// How long it took.
    pub elapsed: Duration,
    /// A SHA-256 over the traces of all simulations.
    pub trace_hash: String,
}

impl<Config, Counts: Default + AddAssign, R: Rule> Report<Config, Counts, R> {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            counts: Counts::default(),
            violations: Vec::new(),
            broken: vec![0; R::NAMES.len()],
            traces: Sha256::new(),
            elapsed: Duration::ZERO,
            trace_hash: String::new(),
        }
    }

    /// Adds the next simulation.
    pub(crate) fn add(&mut self, outcome: Outcome<Counts, R>) {
        self.traces.update(outcome.trace_hash);
        self.counts += outcome.counts;
        for violation in outcome.violations {
            let count = &mut self.broken[place(violation.rule)];
            *count += 1;
            if *count <= KEPT {
                self.violations.push(violation);
            }
        }
    }

    /// There are no more simulations.
    pub(crate) fn finish(mut self, start: Instant) -> Self {
        self.trace_hash = hex(&self.traces.clone().finalize());
        self.elapsed = start.elapsed();
        self
    }

    /// What was counted.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many times a rule was broken.
    pub fn count(&self, rule: R) -> u64 {
        self.broken[place(rule)]
    }

    /// The first violations of each rule; [`count`](Self::count) has them all.
    pub fn violations(&self) -> &[Violation<R>] {
        &self.violations
    }

    /// Whether nothing was broken.
    pub fn is_clean(&self) -> bool {
        self.broken.iter().all(|count| *count == 0)
    }

    /// Prints counts, how often each rule was broken, and what the traces come to.
    pub(crate) fn table(&self, f: &mut fmt::Formatter<'_>, width: usize, counts: &[(&str, u64)]) -> fmt::Result {
        let broken = R::NAMES.iter().zip(&self.broken).map(|((_, name), count)| (*name, *count));
        for (name, count) in counts.iter().copied().chain(broken) {
            writeln!(f, "{name:<28} {count:>width$}")?;
        }
        writeln!(f, "traces {}", self.trace_hash)
    }
}

/// The place of a rule among all of them.
fn place<R: Rule>(rule: R) -> usize {
    R::NAMES.iter().position(|(other, _)| *other == rule).expect("each rule has a name")
}

/// Bytes as text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
