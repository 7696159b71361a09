//! A run: an account, a program, its kills, and what has become of the account in the end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use openrouter_sandbox::Sandbox;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::judge::{Begun, Ending};
use super::program::{Program, Running};
use super::report::Counts;
use super::sabotage::Disk;
use super::scenario::{Scenario, Team};
use super::{Config, Kept, Rule, Sabotage, Shared, ending, server};
use crate::account::saved;
use crate::findings::Outcome;
use crate::processes::{self, Alone, DRAINED, Kill};

/// How often the program is started again after an error, before it is said not to converge.
const STARTS: usize = 100;

/// The run with this number.
pub(super) fn run(config: Config, number: u64, sabotage: Option<Sabotage>) -> Outcome<Counts, Rule> {
    let simulate = async |shared: &Shared, rng| simulate(shared, rng, config.fault_rate, sabotage).await;
    let alone = processes::alone((config.seed, number), config.fault_rate, config.only.is_some(), simulate);
    let Alone { traffic, own: Kept { failures, reports, excused, .. }, violations, trace, trace_hash } = alone;
    let counts = Counts { runs: 1, traffic, failures, reports, excused };
    Outcome::new(number, counts, violations, &trace, trace_hash)
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
    let members =
        |team: &Team| team.members_before.iter().map(|user| (team.slug.clone(), user.clone())).collect::<Vec<_>>();
    shared.lock().own.joined = scenario.teams.iter().flat_map(members).collect();
    let sandbox = Arc::new(processes::sandbox(&mut rng, scenario.state.clone()));
    server::observe(&sandbox, shared, &scenario);
    let before = saved(&sandbox);
    processes::set_faults(&sandbox, &mut rng, fault_rate);
    let tasks_before = Handle::current().metrics().num_alive_tasks();
    let mut run = Run { sandbox, world: shared.clone(), scenario, rng, sabotage, disk: Disk::default() };
    run.be_killed().await;
    run.finish(&before).await;
    processes::settle(shared, &run.sandbox, tasks_before).await;
}

impl Run {
    /// Starts the program, and kills it, as often as the scenario says, or until it is done before.
    async fn be_killed(&mut self) {
        let mut left = self.scenario.kills;
        for _ in 0..STARTS {
            if left == 0 {
                return;
            }
            let kill = Kill::draw(&mut self.rng, 6 + 8 * self.scenario.teams.len() as u64);
            match self.process(Some(kill)).await {
                End::Killed => left -= 1,
                End::Failed => {}
                End::Done => return,
            }
            processes::pause(&mut self.rng).await;
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
        let writes = world.writes(since).filter(|write| !self.scenario.is_refused(&write.asked)).count();
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
                world.own.excused += 1;
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
        let (world, scenario) = (self.world.clone(), self.scenario.clone());
        let is_immortal = self.sabotage == Some(Sabotage::Immortal);
        let program = || self.program(running.clone()).run();
        let result = processes::run_process(&world, kill, is_immortal, program).await;
        let mut world = world.lock();
        match result {
            Some(Ok(())) => {
                world.note(format_args!("is done"));
                End::Done
            }
            Some(Err(error)) => {
                world.own.failures += 1;
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
        let client = processes::client(&mut self.rng, self.sandbox.base_url(), service, &self.world);
        Program {
            client,
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
