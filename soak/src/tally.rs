//! What broke, by the rule that it breaks.

/// How many violations of each rule are kept with their traces.
const KEPT: u64 = 3;

/// How often each rule was broken, and the first violations of each.
#[derive(Debug)]
pub(crate) struct Tally<V, const RULES: usize> {
    counts: [u64; RULES],
    pub(crate) kept: Vec<V>,
}

impl<V, const RULES: usize> Tally<V, RULES> {
    pub(crate) fn new() -> Self {
        Self { counts: [0; RULES], kept: Vec::new() }
    }

    pub(crate) fn add(&mut self, rule: usize, violation: V) {
        self.counts[rule] += 1;
        if self.counts[rule] <= KEPT {
            self.kept.push(violation);
        }
    }

    pub(crate) fn count(&self, rule: usize) -> u64 {
        self.counts[rule]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }
}
