//! Histories, walks, kills and fleets, few enough for every test run; and whether their checks can fail.
//!
//! A build without optimizations takes its time: `cargo xtask soak` is what runs many of them.

mod busy;
mod fleets;
mod kills;
mod operations;
mod readme;
mod walks;
