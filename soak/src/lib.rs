//! A simulation: random calls of the SDK, against a sandbox in which much goes wrong, on simulated time.
//!
//! The SDK and the server are in one process, without a network between them, on one thread a history, and by a clock that
//! moves only when all wait. So one seed is one history, byte for byte, on any machine under any load.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod account;
mod findings;
pub mod fleets;
mod histories;
pub mod kills;
mod operations;
mod processes;
pub mod walks;

pub use findings::Rule;
pub use operations::{Config, Promise, Report, Violation, run, run_over_sockets, run_with};

/// What the server repeats in some of its answers, and nobody must ever print.
const KEY: &str = "sk-or-v1-soak-5ecret-5ecret-5ecret";
