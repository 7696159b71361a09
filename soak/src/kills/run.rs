//! A run: an account, a program, its kills, and what has become of the account in the end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use openrouter_sandbox::{Behaviour, FaultPlan, ListOrder, Sandbox};
use openrouter_workspaces::{Client, RetryConfig};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, timeout};

use super::judge::{Begun, Ending};
use super::program::{Program, Running};
use super::report::{Counts, Violation};
use super::sabotage::Disk;
use super::scenario::{Scenario, Team};
use super::truth::saved;
use super::wire::Wire;
use super::world::{Kill, Life, Moment, Shared};
use super::{Config, Rule, Sabotage, ending, server};
use crate::KEY;
use crate::histories;
use crate::operations::{OVERSIZE, truthful_faults};

/// How many lines of its trace a violation is reported with, unless the run is run alone.
const TRACE_LINES: usize = 40;

/// By then, what is under way has reached the server, or never will.
const DRAINED: Duration = Duration::from_secs(20);

/// How often the program is started again after an error, before it is said not to converge.
const STARTS: usize = 40;

/// No run takes longer on simulated time.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// What came of a run.
pub(super) struct Outcome {
    pub counts: Counts,
    pub violations: Vec<Violation>,
    pub trace_hash: [u8; 32],
}

/// The run with this number.
pub(super) fn run(config: Config, number: u64, sabotage: Option<Sabotage>) -> Outcome {
    let mut rng = histories::random(config.seed, number);
    // The jitter of the SDK.
    fastrand::seed(rng.u64(..));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.unwrap_or_else(|error| panic!("the system refuses a runtime: {error}"));
    let shared = {
        let _guard = runtime.enter();
        Shared::new(Instant::now(), rng.fork(), config.fault_rate)
    };
    let run = async { timeout(LONGEST, simulate(&shared, rng, config.fault_rate, sabotage)).await };
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(run))) {
        Ok(Ok(())) => {}
        Ok(Err(_)) => shared.lock().violate(Rule::Endless, format_args!("it takes longer than {LONGEST:?}")),
        Err(panic) => shared.lock().violate(Rule::Panicked, histories::message(&*panic)),
    }
    let mut world = shared.lock();
    let trace = if config.only.is_some() { world.trace.clone() } else { tail(&world.trace) };
    let trace_hash = Sha256::digest(&world.trace).into();
    let violation = |(rule, what)| Violation { run: number, kills: 0, rule, what, trace: trace.clone() };
    let violations = std::mem::take(&mut world.violations).into_iter().map(violation).collect();
    Outcome { counts: world.counts, violations, trace_hash }
}

/// The last lines.
fn tail(trace: &str) -> String {
    let lines: Vec<&str> = trace.lines().collect();
    lines[lines.len().saturating_sub(TRACE_LINES)..].join("\n")
}

/// What all processes of a run have in common.
struct Run {
    sandbox: Arc<Sandbox>,
    world: Shared,
    scenario: Arc<Scenario>,
    rng: Rng,
    sabotage: Option<Sabotage>,
    disk: Disk,
}

/// How a process has ended.
enum End {
    Killed,
    Failed,
    Done,
}

async fn simulate(shared: &Shared, mut rng: Rng, fault_rate: f64, sabotage: Option<Sabotage>) {
    let scenario = Arc::new(Scenario::draw(&mut rng));
    shared.lock().note(format_args!("{:?}", scenario.teams));
    shared.lock().refused = scenario.teams.iter().flat_map(Team::refused).collect();
    let members =
        |team: &Team| team.members_before.iter().map(|user| (team.slug.clone(), user.clone())).collect::<Vec<_>>();
    shared.lock().joined = scenario.teams.iter().flat_map(members).collect();
    let sandbox = Arc::new(sandbox(&mut rng, &scenario));
    server::observe(&sandbox, shared, &scenario);
    let before = saved(&sandbox);
    let plan = FaultPlan::new(rng.u64(..)).rate_all(fault_rate, truthful_faults());
    if let Err(error) = sandbox.set_faults(plan) {
        panic!("no faults: {error}");
    }
    let tasks = tokio::runtime::Handle::current().metrics();
    let tasks_before = tasks.num_alive_tasks();
    let mut run = Run { sandbox, world: shared.clone(), scenario, rng, sabotage, disk: Disk::default() };
    run.be_killed().await;
    run.finish(&before).await;
    sleep(DRAINED).await;
    let left = tasks.num_alive_tasks() - tasks_before;
    let mut world = shared.lock();
    if left > 0 {
        world.violate(Rule::TasksLeft, format_args!("{left} tasks"));
    }
    world.counts.runs = 1;
    world.counts.faults = run.sandbox.faults_applied().values().sum();
}

/// A server with the account of the scenario, whose clock and ids follow from the seed.
fn sandbox(rng: &mut Rng, scenario: &Scenario) -> Sandbox {
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
        .state(scenario.state.clone())
        .in_memory();
    sandbox.unwrap_or_else(|error| panic!("no sandbox: {error}"))
}

impl Run {
    /// Starts the program, and kills it, as often as the scenario says, or until it is done before.
    async fn be_killed(&mut self) {
        let mut left = self.scenario.kills;
        for _ in 0..STARTS {
            if left == 0 {
                return;
            }
            let request = self.rng.u64(1..=6 + 8 * self.scenario.teams.len() as u64);
            let moments = [Moment::Before, Moment::OnItsWay, Moment::Answered, Moment::Body];
            let kill = Kill { request, moment: moments[self.rng.usize(0..4)] };
            match self.process(Some(kill)).await {
                End::Killed => left -= 1,
                End::Failed => {}
                End::Done => return,
            }
            // It is started again at once as a rule, while something of the old process is still under way.
            let pause = if self.rng.u8(0..4) == 0 { 10_000 } else { 500 };
            sleep(Duration::from_millis(self.rng.u64(0..pause))).await;
        }
    }

    /// Lets the program run to its end, after all that is under way has been settled, and judges what has become of the
    /// account. Then it must have nothing left to do.
    async fn finish(&mut self, before: &BTreeMap<String, Value>) {
        if !self.converge().await {
            return;
        }
        let problems = ending::problems(&self.sandbox, &self.scenario, before);
        for (rule, what) in problems {
            self.world.lock().violate(rule, what);
        }
        let since = self.world.lock().exchanges.len();
        for _ in 0..STARTS {
            if matches!(self.process(None).await, End::Done) {
                break;
            }
        }
        let mut world = self.world.lock();
        let writes = world.exchanges[since..].iter().filter(|exchange| exchange.is_write).count();
        if writes > 0 {
            world.violate(Rule::NeedlessWrite, format_args!("{writes} writes where all was done"));
        }
    }

    async fn converge(&mut self) -> bool {
        for _ in 0..STARTS {
            sleep(DRAINED).await;
            let since = self.world.lock().processed.len();
            if !matches!(self.process(None).await, End::Done) {
                continue;
            }
            sleep(DRAINED).await;
            let Some(problem) = ending::unfinished(&self.sandbox, &self.scenario) else { return true };
            let mut world = self.world.lock();
            // A write of its own that was done late has undone what came after it. It has to be run again.
            if world.processed[since..].iter().any(|done| done.is_late && done.is_done()) {
                world.counts.excused += 1;
                continue;
            }
            world.violate(Rule::Lost, problem);
            return false;
        }
        self.world.lock().violate(Rule::Lost, format_args!("it is not done after {STARTS} starts"));
        false
    }

    /// One process, until it is killed or ends.
    async fn process(&mut self, kill: Option<Kill>) -> End {
        let running: Arc<Mutex<Vec<Running>>> = Arc::default();
        let killed = {
            let mut world = self.world.lock();
            world.begin(kill);
            world.killed.clone()
        };
        let program = self.program(running.clone());
        let scenario = self.scenario.clone();
        let result = if self.sabotage == Some(Sabotage::Immortal) {
            let immortal = tokio::spawn(program.run());
            tokio::select! {
                biased;
                () = killed.notified() => None,
                result = immortal => result.ok(),
            }
        } else {
            let mut program = pin!(program.run());
            tokio::select! {
                biased;
                () = killed.notified() => None,
                result = &mut program => Some(result),
            }
        };
        let mut world = self.world.lock();
        world.life = Life::Gone;
        match result {
            Some(Ok(())) => {
                world.note(format_args!("is done"));
                End::Done
            }
            Some(Err(error)) => {
                world.counts.failures += 1;
                world.note(format_args!("fails: {error}"));
                End::Failed
            }
            None => {
                for job in running.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                    let team = &scenario.teams[job.team];
                    let begun = Begun { team, process: job.process, since: job.since, before: job.before.clone() };
                    begun.judge_members(&self.sandbox, &mut world, &job.so_far.get(), Ending::Killed);
                }
                End::Killed
            }
        }
    }

    /// The program, with a client of its own.
    fn program(&mut self, running: Arc<Mutex<Vec<Running>>>) -> Program {
        let number = self.world.lock().process;
        let service = Arc::new(self.sandbox.service());
        let wire = Wire { service, world: self.world.clone(), process: number };
        let retry = RetryConfig::default()
            .max_attempts([2, 4, 8][self.rng.usize(0..3)])
            .initial_interval(Duration::from_millis(self.rng.u64(0..=200)))
            .max_interval(Duration::from_millis(500));
        let client = Client::builder()
            .api_key(KEY)
            .base_url(self.sandbox.base_url())
            .http_service(wire)
            .attempt_timeout(Duration::from_secs(1))
            .retry(retry)
            .max_body_bytes(OVERSIZE / 2)
            .build();
        Program {
            client: client.unwrap_or_else(|error| panic!("no client: {error}")),
            sandbox: self.sandbox.clone(),
            world: self.world.clone(),
            scenario: self.scenario.clone(),
            number,
            timeout: Duration::from_secs([5, 60, 600][self.rng.usize(0..3)]),
            concurrency: self.rng.usize(1..=8),
            takes_snapshot: self.rng.u8(0..4) == 0,
            running,
            sabotage: self.sabotage,
            disk: self.disk.clone(),
        }
    }
}
