//! Whole jobs, against a sandbox in memory, on the paused clock of the test.

mod batches;
mod budgets;
mod membership;
mod support;
