//! How long walks take: `cargo bench --bench walk`.
//!
//! 10,000 rows in pages of 100, with a server that takes 20 ms for each answer.

use std::time::{Duration, Instant};

use openrouter_sandbox::{Fault, FaultPlan, Sandbox};
use openrouter_workspaces::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let delay = Duration::from_millis(20);
    let slow = FaultPlan::new(0).rate_all(1.0, [Fault::latency(delay..=delay)]);
    let sandbox = Sandbox::builder().seed_workspaces(9_999).faults(slow).start().await?;
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    println!("concurrency | seconds | requests | rows");
    for concurrency in [1, 4, 16] {
        sandbox.clear_journal();
        let start = Instant::now();
        let rows = client.list().items().concurrency(concurrency).try_collect().await?.len();
        let (seconds, requests) = (start.elapsed().as_secs_f64(), sandbox.journal().len());
        println!("{concurrency:>11} | {seconds:>7.3} | {requests:>8} | {rows}");
    }
    Ok(())
}
