//! A history: a server, some clients, and what becomes of their calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openrouter_sandbox::{ListOrder, Sandbox, SandboxBuilder};
use openrouter_workspaces::{Client, Delivery, HttpService, RetryConfig, reqwest};
use tokio::time::{Instant, sleep, timeout};

use crate::KEY;
use crate::operations::promise::{Promise, Violation};
use crate::operations::record::{Limits, Shared};
use crate::operations::stranger::Stranger;
use crate::operations::wire::Wire;
use crate::operations::worker::Worker;
use crate::operations::{budget, faults, judge, server, unknown};

/// How many calls a history has.
pub(crate) const CALLS: u64 = 500;

/// By then, what was processed late has been processed: faults delay by 5 s at most, on the same clock.
const AFTERMATH: Duration = Duration::from_secs(8);

/// No history takes longer, unless something hangs.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What lies between the SDK and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// Nothing, and time is simulated.
    Simulated,
    /// Sockets of this machine, and time is real. What depends on it is not judged.
    Sockets,
}

/// What has come of a history.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub trace: String,
    pub violations: Vec<Violation>,
    pub calls: u64,
    pub requests: u64,
    pub unknown: BTreeMap<&'static str, u64>,
    pub dropped: u64,
    pub names: BTreeMap<&'static str, u64>,
    pub faults: BTreeMap<String, u64>,
    pub simulated: Duration,
}

/// Runs the history with this number.
pub(crate) fn run(seed: u64, number: u64, fault_rate: f64, calls: u64, network: Network) -> Outcome {
    let mut rng = fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
    // The jitter of the SDK.
    fastrand::seed(rng.u64(..));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = match network {
        Network::Simulated => runtime.enable_time().start_paused(true).build(),
        Network::Sockets => runtime.enable_all().build(),
    };
    match runtime {
        Ok(runtime) => runtime.block_on(history(&mut rng, number, fault_rate, calls, network)),
        Err(error) => panic!("the system refuses a runtime: {error}"),
    }
}

async fn history(rng: &mut fastrand::Rng, number: u64, fault_rate: f64, calls: u64, network: Network) -> Outcome {
    let start = Instant::now();
    // Mostly the clocks agree as well as the SDK expects; sometimes they do not.
    let lag = match rng.u8(0..8) {
        0..=3 => 0,
        4..=6 => rng.u64(0..=unknown::TOLERANCE),
        _ => rng.u64(unknown::TOLERANCE..3_000),
    };
    let honest = rng.bool();
    let builder = sandbox(rng, start, lag);
    let sandbox = match network {
        Network::Simulated => builder.in_memory(),
        Network::Sockets => builder.start().await,
    };
    let sandbox = Arc::new(sandbox.unwrap_or_else(|error| panic!("no sandbox: {error}")));
    let record = Shared::new(number * CALLS, lag, honest, network == Network::Simulated);
    let date = sandbox.clock();
    record.lock().note(None, format_args!("history {number}: {date}, lag {lag} ms, honest {honest}"));
    server::observe(&sandbox, &record);
    if let Err(error) = sandbox.set_faults(faults::plan(rng.u64(..), fault_rate, honest)) {
        panic!("no faults: {error}");
    }
    let tasks = tokio::runtime::Handle::current().metrics();
    let before = tasks.num_alive_tasks();

    let stranger = Stranger::new(sandbox.clone(), if rng.bool() { 0.0 } else { 0.05 }, rng.u64(..));
    let service: Arc<dyn HttpService> = match network {
        Network::Simulated => Arc::new(sandbox.service()),
        Network::Sockets => Arc::new(sockets()),
    };
    let wire = Wire::new(service, record.clone(), stranger, rng.u64(..));
    let finished = timeout(LONGEST, work(rng, &sandbox, wire, &record, calls)).await;
    if finished.is_err() {
        let hanging = record.lock().calls.iter().position(|call| call.ended.is_none());
        record.lock().broken(Promise::Hang, hanging, "a call does not end");
    }
    let simulated = start.elapsed();
    sleep(AFTERMATH).await;
    let mut record = record.lock();
    for (call, delivery) in finished.unwrap_or_default() {
        judge::judge_late(&mut record, call, delivery);
    }
    server::compare(&sandbox, &mut record);
    let left = tasks.num_alive_tasks() - before;
    // Those of the HTTP client are its own.
    if left > 0 && network == Network::Simulated {
        record.broken(Promise::Leftover, None, format_args!("{left} tasks are left"));
    }
    let mut outcome = Outcome { faults: sandbox.faults_applied(), simulated, ..Outcome::default() };
    for call in &record.calls {
        *outcome.names.entry(call.name).or_default() += 1;
    }
    (outcome.calls, outcome.requests) = (record.calls.len() as u64, record.requests.len() as u64);
    outcome.unknown = std::mem::take(&mut record.unknown);
    outcome.dropped = record.trace.matches(" dropped\n").count() as u64;
    outcome.violations = std::mem::take(&mut record.violations);
    outcome.trace = std::mem::take(&mut record.trace);
    outcome
}

/// A server with some workspaces, whose clocks and ids follow from the seed.
fn sandbox(rng: &mut fastrand::Rng, start: Instant, lag: u64) -> SandboxBuilder {
    let order = [ListOrder::OldestFirst, ListOrder::NewestFirst, ListOrder::BySlug][rng.usize(0..3)];
    // Any time of day, and any part of a second.
    let day = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(rng.i64(1_700_000_000_000..1_900_000_000_000));
    let clock = move || -> DateTime<Utc> { day + start.elapsed() };
    Sandbox::builder()
        .key(KEY)
        .seed(rng.u64(..))
        .clock(clock)
        .database_clock(move || clock() - TimeDelta::milliseconds(lag as i64))
        .list_order(order)
        .organization_members(20)
        .seed_workspaces(rng.usize(0..60))
        .page_cap(if rng.bool() { usize::MAX } else { rng.usize(2..=20) })
}

/// What sends requests over sockets.
fn sockets() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never());
    client.no_proxy().build().unwrap_or_else(|error| panic!("no HTTP client: {error}"))
}

/// Lets workers call until there have been enough calls. Returns what the calls have said of their failures.
async fn work(
    rng: &mut fastrand::Rng,
    sandbox: &Arc<Sandbox>,
    wire: Wire,
    record: &Shared,
    calls: u64,
) -> Vec<(usize, Option<Delivery>)> {
    let limits = Limits {
        max_attempts: [4, 6, 12][rng.usize(0..3)],
        max_elapsed: Duration::from_secs(60),
        deadline: Duration::from_secs(30),
        reconcile: true,
    };
    let retry = RetryConfig::default()
        .max_attempts(limits.max_attempts)
        .initial_interval(Duration::from_millis(rng.u64(0..=200)))
        .max_interval(Duration::from_millis(500));
    let client = |tokens| {
        let client = Client::builder()
            .api_key(KEY)
            .base_url(sandbox.base_url())
            .http_service(wire.clone())
            .attempt_timeout(Duration::from_secs(1))
            .retry(retry.clone())
            .retry_budget(tokens)
            .max_body_bytes(faults::OVERSIZE / 2)
            .build();
        client.unwrap_or_else(|error| panic!("no client: {error}"))
    };
    let (plenty, metered) = (client(u32::MAX), client(budget::CAPACITY));
    if format!("{plenty:?} {metered:?}").contains(KEY) {
        record.lock().broken(Promise::KeyLeak, None, "the key is in the debug output of a client");
    }
    let workers = rng.usize(1..=24);
    let mut running = Vec::new();
    for number in 0..workers {
        let (client, metered, retry, sandbox) = (plenty.clone(), metered.clone(), retry.clone(), sandbox.clone());
        let (record, rng, deliveries) = (record.clone(), fastrand::Rng::with_seed(rng.u64(..)), Vec::new());
        let mut worker = Worker { number, record, sandbox, client, metered, rng, limits, retry, deliveries };
        running.push(tokio::spawn(async move {
            while (worker.record.lock().calls.len() as u64) < calls {
                worker.operate().await;
            }
            worker.deliveries
        }));
    }
    let mut deliveries = Vec::new();
    for worker in running {
        match worker.await {
            Ok(said) => deliveries.extend(said),
            Err(error) => record.lock().broken(Promise::Panic, None, error),
        }
    }
    deliveries
}
