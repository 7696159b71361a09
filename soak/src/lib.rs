//! A soak: many workers run random operations through the SDK against a sandbox in which much goes wrong, and keep a model
//! of what the server must have in the end.
//!
//! A worker owns workspaces that nobody else changes. Its model follows what the SDK reports: a success must have
//! happened, a refusal must not, and of a failure whose outcome the SDK calls unknown the model learns from the server's
//! state. At the end the server has what the models have, or something was lost, or done twice.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations)]

mod faults;
mod histories;
mod model;
mod report;
pub mod walks;
mod worker;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use openrouter_sandbox::{FaultPlan, Sandbox};
use openrouter_workspaces::{Client, RetryConfig};

pub use report::Report;

/// No call may take longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// What the server repeats in some of its answers, and nobody must ever print.
const KEY: &str = "sk-or-v1-soak-5ecret-5ecret-5ecret";

/// How much to do.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Operations in all.
    pub ops: u64,
    /// The probability with which something goes wrong with a request, from 0 to 1.
    pub fault_rate: f64,
    /// What the operations and the faults follow from.
    pub seed: u64,
    /// Operations at the same time.
    pub workers: u64,
}

/// Runs the operations, compares the server's state with the models, and reports.
///
/// # Errors
///
/// If the sandbox cannot be started, or has no such operation as the faults are for.
pub async fn run(config: Config) -> io::Result<Report> {
    let sandbox = Sandbox::builder().key(KEY).organization_members(20).seed_workspaces(120).start().await?;
    let sandbox = Arc::new(sandbox);
    let retry = RetryConfig::default()
        .max_attempts(12)
        .initial_interval(Duration::from_millis(5))
        .max_interval(Duration::from_millis(100));
    let client = Client::builder()
        .api_key(KEY)
        .base_url(sandbox.base_url())
        .timeout(DEADLINE)
        .attempt_timeout(Duration::from_secs(1))
        .retry(retry)
        .retry_budget(u32::MAX)
        .max_body_bytes(faults::OVERSIZE / 2)
        .build()
        .map_err(io::Error::other)?;
    sandbox.set_faults(faults::plan(config.seed, config.fault_rate)).map_err(io::Error::other)?;

    let start = Instant::now();
    let left = Arc::new(AtomicU64::new(config.ops));
    let mut workers = Vec::new();
    for number in 0..config.workers {
        let (client, sandbox, left) = (client.clone(), sandbox.clone(), left.clone());
        let mut worker = worker::Worker::new(number, config.seed, client, sandbox);
        workers.push(tokio::spawn(async move {
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                worker.operate().await;
            }
            worker
        }));
    }
    let mut report = Report::new(config);
    let mut models = Vec::new();
    for worker in workers {
        match worker.await {
            Ok(worker) => {
                report.add(worker.tally);
                models.push(worker.model);
            }
            Err(_) => report.panics += 1,
        }
    }
    report.elapsed = start.elapsed();
    report.faults = sandbox.faults_applied();
    sandbox.set_faults(FaultPlan::new(0)).map_err(io::Error::other)?;
    for model in &models {
        model.compare(&sandbox, &mut report);
    }
    model::count_strangers(&models, &sandbox, &mut report);
    report.key_leaks += u64::from(format!("{client:?}").contains(KEY));
    Ok(report)
}
