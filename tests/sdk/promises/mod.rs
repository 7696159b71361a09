//! What the documentation promises, through the public API, over services that answer from memory, on simulated time.

mod concurrency;
#[allow(dead_code, reason = "one of them is used")]
use crate::common::fixtures;
mod http_service;
mod messages;
mod numbers;
mod proxies;
mod redaction;
mod resume;
mod resume_points;
mod service;
mod shrinking;
mod slow_consumers;
mod spans_and_debug;
mod stale_totals;
mod table;
mod writes;

/// The key of all clients, where a test is not about keys.
const KEY: &str = "sk-or-v1-TESTKEY";
