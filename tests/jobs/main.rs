//! Whole jobs, against a sandbox in memory, on the paused clock of the test.

mod all;
mod batches;
mod budgets;
mod ensure;
mod membership;
mod onboard;
#[path = "../../examples/onboard_team.rs"]
#[allow(dead_code, reason = "its main is not used")]
mod onboard_team;
mod sizes;
mod snapshots;
mod support;
