//! Paginated walks on simulated time: the SDK's streams against a list in memory that others change, without sockets.
//!
//! Everything follows from the seed: what the list has, what changes and when, which requests fail, how late answers come,
//! when the consumer stops and resumes. Each walk has a runtime and a seed of its own, so that it can be run again alone.

mod check;
mod consumer;
mod known;
mod list;
mod report;
mod rule;
mod scenario;
mod server;
mod wire;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use openrouter_workspaces::{Client, RetryConfig};
use sha2::{Digest, Sha256};

use crate::findings::Outcome;
use crate::histories;
use report::Counts;
pub use report::Report;
pub use rule::Rule;
use scenario::Scenario;
use server::Server;
use world::{Shared, World};

/// How many lines of its trace a violation is reported with, unless the walk is run alone.
const TRACE_LINES: usize = 40;

/// No walk takes longer on simulated time: a few hundred rows, and some minutes for each.
const LONGEST: Duration = Duration::from_secs(60 * 24 * 3600);

/// How many walks, and which.
#[derive(Clone, Copy, Debug, Default)]
pub struct Config {
    /// How many walks.
    pub walks: u64,
    /// What everything follows from.
    pub seed: u64,
    /// The number of the first walk. Default: 0.
    pub from: Option<u64>,
    /// The number of the only walk, to run it again.
    pub only: Option<u64>,
}

/// What can be broken on purpose, to see that the checks can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sabotage {
    /// Every total ends the list with its page.
    UnderstatedTotal,
    /// A row of the first page is one that does not exist.
    InventedRow,
    /// The rows of each page are shuffled.
    ShuffledRows,
    /// The consumer resumes from the point before its last one.
    StalePoint,
}

/// Runs the walks, and reports.
pub fn run(config: Config) -> Report {
    run_with(config, None)
}

/// Runs the walks with something broken.
pub fn run_with(config: Config, sabotage: Option<Sabotage>) -> Report {
    let from = config.from.unwrap_or(0);
    let numbers = config.only.map_or(from..from.saturating_add(config.walks), |only| only..only.saturating_add(1));
    let start = Instant::now();
    let mut report = Report::new(config);
    histories::run(numbers, |number| walk(config, number, sabotage), |_, outcome| report.add(outcome));
    report.finish(start)
}

/// One walk.
fn walk(config: Config, number: u64, sabotage: Option<Sabotage>) -> Outcome<Counts, Rule> {
    let mut rng = histories::random(config.seed, number);
    fastrand::seed(rng.u64(..));
    let scenario = Scenario::draw(&mut rng);
    let shared = Shared::new(World::new(scenario, sabotage, rng));
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| simulate(&shared))) {
        shared.lock().violate(Rule::Panicked, histories::message(&*panic).to_owned());
    }
    let mut world = shared.lock();
    let lines: Vec<_> = world.trace.lines().collect();
    let (first, last) =
        lines.split_at(lines.len().saturating_sub(if config.only.is_some() { lines.len() } else { TRACE_LINES }));
    let scenario = first.first();
    let tail = scenario.into_iter().chain(last).copied().collect::<Vec<_>>().join("\n");
    let trace_hash = Sha256::digest(&world.trace).into();
    let violations = std::mem::take(&mut world.known.violations);
    Outcome::new(number, world.counts, violations, &tail, trace_hash)
}

fn simulate(shared: &Shared) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime without I/O needs nothing from the system");
    runtime.block_on(async {
        shared.lock().start = Some(tokio::time::Instant::now());
        let Scenario { members, offset, .. } = shared.lock().scenario;
        let client = client(shared);
        let (own, other) = (client.list_members("own"), client.list_members("other"));
        let walked = async {
            match (members, offset) {
                (true, 0) => consumer::walk(shared, own, other).await,
                (true, _) => consumer::walk(shared, own.offset(offset), other).await,
                (false, 0) => consumer::walk(shared, client.list(), other).await,
                (false, _) => consumer::walk(shared, client.list().offset(offset), other).await,
            }
        };
        if tokio::time::timeout(LONGEST, walked).await.is_err() {
            shared.lock().violate(Rule::Endless, format!("it takes longer than {LONGEST:?}"));
        }
    });
}

/// A client that gives up on nothing that passes.
fn client(shared: &Shared) -> Client {
    let hour = Duration::from_secs(3600);
    let retry = RetryConfig::default()
        .max_attempts(40)
        .max_elapsed_time(hour)
        .initial_interval(Duration::from_millis(100))
        .max_interval(Duration::from_secs(5));
    Client::builder()
        .api_key("sk-or-v1-simulated")
        .http_service(Server(shared.clone()))
        .retry(retry)
        .retry_budget(u32::MAX)
        .timeout(hour)
        .attempt_timeout(Duration::from_secs(20))
        .build()
        .expect("these settings can be used")
}
