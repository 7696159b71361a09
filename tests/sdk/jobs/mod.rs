//! Whole jobs, against a sandbox in memory, on the paused clock of the test.

mod all;
mod batches;
mod budgets;
mod ensure;
mod examples;
mod membership;
mod sizes;
mod snapshots;
mod support;
