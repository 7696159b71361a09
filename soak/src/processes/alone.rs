//! A simulation on a thread, a runtime and a clock of its own, and the processes in it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use openrouter_sandbox::{Behaviour, FaultPlan, ListOrder, Sandbox, SavedState};
use openrouter_workspaces::{Client, HttpService, RetryConfig};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, timeout};

use super::wire::Wire;
use super::world::{Kill, Life};
use super::{Shared, Simulation, Traffic, World};
use crate::operations::{OVERSIZE, truthful_faults};
use crate::{KEY, histories};

/// How many lines of its trace a violation is reported with, unless the simulation is run alone.
const TRACE_LINES: usize = 40;

/// By then, what is under way has reached the server, or never will.
pub(crate) const DRAINED: Duration = Duration::from_secs(20);

/// No simulation takes longer on simulated time.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// What came of a simulation.
pub(crate) struct Alone<S: Simulation> {
    pub traffic: Traffic,
    pub own: S,
    pub violations: Vec<(S::Rule, String)>,
    /// The end of the trace, or all of it.
    pub trace: String,
    pub trace_hash: [u8; 32],
}

/// Runs the simulation with this number.
pub(crate) fn alone<S: Simulation>(
    (seed, number): (u64, u64),
    fault_rate: f64,
    whole_trace: bool,
    simulate: impl AsyncFnOnce(&Shared<S>, Rng),
) -> Alone<S> {
    let mut rng = histories::random(seed, number);
    // The jitter of the SDK.
    fastrand::seed(rng.u64(..));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.unwrap_or_else(|error| panic!("the system refuses a runtime: {error}"));
    let shared = {
        let _guard = runtime.enter();
        Shared::new(Instant::now(), rng.fork(), fault_rate)
    };
    let run = async { timeout(LONGEST, simulate(&shared, rng)).await };
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(run))) {
        Ok(Ok(())) => {}
        Ok(Err(_)) => shared.lock().violate(S::ENDLESS, format_args!("it takes longer than {LONGEST:?}")),
        Err(panic) => shared.lock().violate(S::PANICKED, histories::message(&*panic)),
    }
    let mut world = shared.lock();
    Alone {
        traffic: world.traffic,
        own: std::mem::take(&mut world.own),
        violations: std::mem::take(&mut world.violations),
        trace: if whole_trace { world.trace.clone() } else { tail(&world.trace) },
        trace_hash: Sha256::digest(&world.trace).into(),
    }
}

/// The last lines.
fn tail(trace: &str) -> String {
    let lines: Vec<&str> = trace.lines().collect();
    lines[lines.len().saturating_sub(TRACE_LINES)..].join("\n")
}

/// A server with this account, whose clock and ids follow from the seed.
pub(crate) fn sandbox(rng: &mut Rng, state: SavedState) -> Sandbox {
    let day = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(rng.i64(1_700_000_000_000..1_900_000_000_000));
    let start = Instant::now();
    let order = [ListOrder::OldestFirst, ListOrder::NewestFirst, ListOrder::BySlug][rng.usize(0..3)];
    let sandbox = Sandbox::builder()
        .key(KEY)
        .seed(rng.u64(..))
        .clock(move || -> DateTime<Utc> { day + start.elapsed() })
        .list_order(order)
        .behaviour(Behaviour::BudgetsNotFound, rng.bool())
        .page_cap(if rng.bool() { usize::MAX } else { rng.usize(10..=60) })
        .state(state)
        .in_memory();
    sandbox.unwrap_or_else(|error| panic!("no sandbox: {error}"))
}

/// With this probability something goes wrong with a request from now on.
pub(crate) fn set_faults(sandbox: &Sandbox, rng: &mut Rng, rate: f64) {
    let plan = FaultPlan::new(rng.u64(..)).rate_all(rate, truthful_faults());
    if let Err(error) = sandbox.set_faults(plan) {
        panic!("no faults: {error}");
    }
}

/// A client of the process that runs.
pub(crate) fn client<S: Simulation>(
    rng: &mut Rng,
    base_url: &str,
    service: Arc<dyn HttpService>,
    world: &Shared<S>,
) -> Client {
    let wire = Wire { service, world: world.clone(), process: world.lock().process };
    let retry = RetryConfig::default()
        .max_attempts([2, 4, 8][rng.usize(0..3)])
        .initial_interval(Duration::from_millis(rng.u64(0..=200)))
        .max_interval(Duration::from_millis(500));
    let client = Client::builder()
        .api_key(KEY)
        .base_url(base_url)
        .http_service(wire)
        .attempt_timeout(Duration::from_secs(1))
        .retry(retry)
        .max_body_bytes(OVERSIZE / 2)
        .build();
    client.unwrap_or_else(|error| panic!("no client: {error}"))
}

/// Runs one process, until it is killed, which is `None`, or ends. One that is immortal goes on after it was killed.
pub(crate) async fn run_process<S: Simulation, F>(
    world: &Shared<S>,
    kill: Option<Kill>,
    is_immortal: bool,
    program: impl FnOnce() -> F,
) -> Option<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let killed = {
        let mut world = world.lock();
        world.begin(kill);
        world.killed.clone()
    };
    let program = program();
    let result = if is_immortal {
        let immortal = tokio::spawn(program);
        tokio::select! {
            biased;
            () = killed.notified() => None,
            result = immortal => result.ok(),
        }
    } else {
        let mut program = pin!(program);
        tokio::select! {
            biased;
            () = killed.notified() => None,
            result = &mut program => Some(result),
        }
    };
    world.lock().life = Life::Gone;
    result
}

/// Lets some time pass until the program is started again.
pub(crate) async fn pause(rng: &mut Rng) {
    // As a rule that is at once, while something of the old process is still under way.
    let longest = if rng.u8(0..4) == 0 { 10_000 } else { 500 };
    sleep(Duration::from_millis(rng.u64(0..longest))).await;
}

/// Lets all that is under way be settled. Then no task is left of what was dropped, and there are no more faults to count.
pub(crate) async fn settle<S: Simulation>(world: &Shared<S>, sandbox: &Sandbox, tasks_before: usize) {
    sleep(DRAINED).await;
    let left = tokio::runtime::Handle::current().metrics().num_alive_tasks() - tasks_before;
    let world: &mut World<S> = &mut world.lock();
    if left > 0 {
        world.violate(S::TASKS_LEFT, format_args!("{left} tasks"));
    }
    world.traffic.faults = sandbox.faults_applied().values().sum();
}
