//! The simulation of calls: histories of many workers against a sandbox in which much goes wrong, on simulated time.
//!
//! A history is some hundred calls, and follows from its seed alone. All that happens in it is recorded: what was called,
//! what was sent, what the server did, and what the calls said of it. While it runs, and in the end, the promises of the SDK
//! are held against the record.

mod agreement;
mod budget;
mod faults;
mod history;
mod judge;
mod record;
mod server;
mod stranger;
mod truth;
mod unknown;
mod walk;
mod wire;
mod worker;

#[cfg(test)]
mod tests;

pub(crate) use faults::{OVERSIZE, truthful as truthful_faults};
pub(crate) use history::{CALLS, Network, Outcome, run};
