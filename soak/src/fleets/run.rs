//! A fleet: an account and a manifest, a program that is killed, and what has become of the account in the end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use openrouter_sandbox::Sandbox;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::judge::Ending;
use super::program::{End, Program, Running};
use super::report::Counts;
use super::scenario::Scenario;
use super::stranger::{Beside, Stranger};
use super::{Config, Kept, Rule, Sabotage, Shared, ending, server};
use crate::account::{Truth, saved};
use crate::findings::Outcome;
use crate::processes::{self, Alone, DRAINED, Kill};

/// How often the program is started again while it is killed, or meets faults.
const STARTS: usize = 20;

/// The fleet with this number.
pub(super) fn run(config: Config, number: u64, sabotage: Option<Sabotage>) -> Outcome<Counts, Rule> {
    let simulate = async |shared: &Shared, rng| simulate(shared, rng, config.fault_rate, sabotage).await;
    let alone = processes::alone((config.seed, number), config.fault_rate, config.only.is_some(), simulate);
    let Alone { traffic, own, violations, trace, trace_hash } = alone;
    let Kept { failures, strangers, stale, reports, excused, has_no_plan, .. } = own;
    let without_plan = u64::from(has_no_plan);
    let counts = Counts { fleets: 1, traffic, failures, strangers, stale, reports, excused, without_plan };
    Outcome::new(number, counts, violations, &trace, trace_hash)
}

/// What all processes have in common.
struct Run {
    sandbox: Arc<Sandbox>,
    world: Shared,
    scenario: Arc<Scenario>,
    stranger: Stranger,
    rng: Rng,
    sabotage: Option<Sabotage>,
    /// Whether the program may read more than it has to.
    may_read_all: bool,
}

async fn simulate(shared: &Shared, mut rng: Rng, fault_rate: f64, sabotage: Option<Sabotage>) {
    let scenario = Arc::new(Scenario::draw(&mut rng));
    shared.lock().note(format_args!("{:?}", scenario.wanted));
    let sandbox = Arc::new(processes::sandbox(&mut rng, scenario.state.clone()));
    let default = sandbox.account().workspace("default").unwrap_or_default();
    let default = default["id"].as_str().unwrap_or_default().to_owned();
    shared.lock().own.default = default.clone();
    shared.lock().own.has_stranger = scenario.stranger > 0.0;
    server::observe(&sandbox, shared, &Arc::new(scenario.wanted.clone()));
    let tasks_before = Handle::current().metrics().num_alive_tasks();
    let stranger = Stranger::new(&sandbox, &scenario, default);
    let mut run = Run { sandbox, world: shared.clone(), scenario, stranger, rng, sabotage, may_read_all: true };
    run.set_faults(0.0);
    run.world.lock().own.begin(&run.sandbox);
    if let Some(moves) = run.scenario.stale {
        let world = run.world.clone();
        processes::run_process(&world, None, false, || run.program(Arc::default()).run_stale(moves)).await;
    }
    run.set_faults(fault_rate);
    run.world.lock().own.begin(&run.sandbox);
    let before = saved(&run.sandbox);
    run.be_killed().await;
    run.finish(&before).await;
    processes::settle(shared, &run.sandbox, tasks_before).await;
}

impl Run {
    fn set_faults(&mut self, rate: f64) {
        let mut world = self.world.lock();
        (world.fault_rate, world.own.has_faults) = (rate, rate > 0.0);
        processes::set_faults(&self.sandbox, &mut self.rng, rate);
    }

    /// Starts the program, and kills it, as often as the scenario says, while others write. Then lets it go on with all
    /// faults, until it says that it is done.
    async fn be_killed(&mut self) {
        {
            let own = &mut self.world.lock().own;
            own.is_loud = own.has_stranger;
        }
        let mut left = self.scenario.kills;
        for _ in 0..STARTS {
            if left == 0 {
                break;
            }
            let kill = Kill::draw(&mut self.rng, 4 + 6 * self.scenario.wanted.entries.len() as u64);
            match self.process(Some(kill)).await {
                End::Killed => left -= 1,
                End::Failed => {}
                End::NoPlan | End::Done => break,
            }
            processes::pause(&mut self.rng).await;
        }
        for _ in 0..STARTS {
            if matches!(self.process(None).await, End::Done | End::NoPlan) {
                break;
            }
        }
        // What others have sent is settled before anything is expected.
        sleep(DRAINED).await;
        self.world.lock().own.is_loud = false;
    }

    /// Without faults, and with nobody else there, one start makes all as it is to be, and the next one has nothing to do.
    async fn finish(&mut self, before: &BTreeMap<String, Value>) {
        self.set_faults(0.0);
        match self.process(None).await {
            End::Done => {}
            End::NoPlan if self.scenario.stranger > 0.0 || self.scenario.stale.is_some() => {
                self.world.lock().own.has_no_plan = true;
                return;
            }
            end => return self.world.lock().violate(Rule::Lost, format_args!("it ends with {end:?} without faults")),
        }
        if let Some(problem) = self.scenario.wanted.unmet(&self.sandbox) {
            return self.world.lock().violate(Rule::Lost, problem);
        }
        if self.scenario.stranger == 0.0 {
            for (rule, what) in ending::problems(&self.sandbox, &self.scenario.wanted, before) {
                self.world.lock().violate(rule, what);
            }
        }
        let since = self.world.lock().exchanges.len();
        self.may_read_all = false;
        self.process(None).await;
        let most = self.most_requests();
        let mut world = self.world.lock();
        let sent = world.exchanges[since..].len();
        let writes = world.writes(since).count();
        if writes > 0 {
            world.violate(Rule::NeedlessWrite, format_args!("{writes} writes where all was done"));
        }
        if sent > most {
            world.violate(Rule::TooManyRequests, format_args!("{sent} to find that all is done, instead of {most}"));
        }
    }

    /// How many requests it takes at most to read what is managed: one for each 5 rows of a list, as pages of 10 that overlap
    /// have at least, and two for budgets.
    fn most_requests(&self) -> usize {
        let pages = |rows: usize| 1 + rows / 5;
        let wanted = &self.scenario.wanted;
        let of_entry = |entry: &super::wanted::Entry| {
            let members = Truth::of(&self.sandbox, &entry.slug).map_or(0, |truth| truth.members.len());
            let members = if entry.members.is_some() { pages(members) } else { 0 };
            members + if entry.budgets.is_some() { 2 } else { 0 }
        };
        pages(self.sandbox.workspaces().len()) + wanted.entries.iter().map(of_entry).sum::<usize>()
    }

    /// One process, until it is killed or ends.
    async fn process(&mut self, kill: Option<Kill>) -> End {
        let running: Arc<Mutex<Option<Running>>> = Arc::default();
        let (world, sandbox) = (self.world.clone(), self.sandbox.clone());
        let is_immortal = self.sabotage == Some(Sabotage::Immortal);
        let program = || self.program(running.clone()).run();
        let end = processes::run_process(&world, kill, is_immortal, program).await;
        if let (None, Some(job)) = (&end, running.lock().unwrap_or_else(PoisonError::into_inner).take()) {
            job.begun.judge(&sandbox, &mut world.lock(), &job.so_far.get(), Ending::Killed);
        }
        end.unwrap_or(End::Killed)
    }

    /// The program, with a client of its own.
    fn program(&mut self, running: Arc<Mutex<Option<Running>>>) -> Program {
        let number = {
            let mut world = self.world.lock();
            world.own.since = world.processed.len();
            world.process
        };
        let (service, world) = (self.sandbox.service(), self.world.clone());
        let beside = Beside { service, stranger: self.stranger.clone(), world };
        let client = processes::client(&mut self.rng, self.sandbox.base_url(), Arc::new(beside), &self.world);
        Program {
            client,
            sandbox: self.sandbox.clone(),
            world: self.world.clone(),
            scenario: self.scenario.clone(),
            stranger: self.stranger.clone(),
            number,
            concurrency: self.rng.usize(1..=8),
            reads_all: self.rng.u8(0..4) == 0 && self.may_read_all,
            running,
            sabotage: self.sabotage,
        }
    }
}
