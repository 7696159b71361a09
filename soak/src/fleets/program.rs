//! The program: it reads the account, plans and applies, and looks whether anything is left.

use std::sync::{Arc, Mutex, PoisonError};

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::Client;
use openrouter_workspaces_fleet::{Account, ApplyError, ApplyReport, Manifest, Plan, PlanError, PlanOptions, SoFar};
use openrouter_workspaces_fleet::{apply, plan};

use super::judge::{Begun, Ending};
use super::sabotage::{self, Sabotage};
use super::scenario::Scenario;
use super::stranger::Stranger;
use super::{Rule, Shared};

/// How a process has ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Killed,
    /// It is to be started again.
    Failed,
    /// There is no plan, for a reason that is so.
    NoPlan,
    Done,
}

/// A plan that is carried out: what it says of itself can be asked also after it was killed.
pub(super) struct Running {
    pub begun: Begun,
    pub so_far: SoFar,
}

/// A process of the program. It is dropped as a whole when it is killed.
pub(super) struct Program {
    pub client: Client,
    pub sandbox: Arc<Sandbox>,
    pub world: Shared,
    pub scenario: Arc<Scenario>,
    pub stranger: Stranger,
    pub number: usize,
    pub concurrency: usize,
    /// Whether it reads the whole account, and not only what the manifest manages.
    pub reads_all: bool,
    pub running: Arc<Mutex<Option<Running>>>,
    pub sabotage: Option<Sabotage>,
}

impl Program {
    /// Makes the account as the manifest says. Unless it is done, the program is to be started again.
    pub async fn run(self) -> End {
        let planned = self.planned().await;
        let Ok(planned) = planned else { return self.no_plan(planned.err()) };
        if planned.is_empty() {
            sabotage::when_done(self.sabotage, &self.client, &self.sandbox).await;
            return self.ends(End::Done, "there is nothing to do");
        }
        match self.applied(&planned).await {
            Err(error) => return self.ends(End::Failed, &error.to_string()),
            Ok(report) if !report.is_complete() => return self.ends(End::Failed, &report.to_string()),
            Ok(_) => {}
        }
        match self.planned().await {
            Ok(left) if left.is_empty() => self.ends(End::Done, "all is done"),
            Ok(left) => self.ends(End::Failed, &format!("something is left: {:?}", left.counts())),
            Err(no_plan) => self.no_plan(Some(no_plan)),
        }
    }

    /// Lets a plan get old before it is applied: somebody else changes what it rests on, or only what it does not.
    pub async fn run_stale(self, moves: bool) {
        let Ok(planned) = self.planned().await else { return };
        let seed = self.world.lock().rng.fork();
        let Some(moved) = self.stranger.change_beside(seed, &planned, moves).await else { return };
        self.world.lock().own.stale += 1;
        let since = self.world.lock().exchanges.len();
        let applied = match self.sabotage {
            // Whatever was decided, what is applied is something else.
            Some(Sabotage::PlanAgain) => match self.planned().await {
                Ok(again) => self.applied(&again).await,
                Err(_) => return,
            },
            Some(Sabotage::RefuseAnyChange) => Err(ApplyError::Moved(Vec::new())),
            _ => self.applied(&planned).await,
        };
        let mut world = self.world.lock();
        let writes = world.writes(since).count();
        match (applied, moves) {
            (Err(ApplyError::Moved(named)), true) => {
                let is_named = named.iter().any(|named| (&named.slug, &named.part) == (&moved.0, &moved.1));
                if writes > 0 || !is_named {
                    world.violate(Rule::Stale, format_args!("{writes} writes, {named:?} instead of {moved:?}"));
                }
            }
            (Ok(report), true) => world.violate(Rule::Stale, format_args!("{moved:?} has moved: {report}")),
            (Ok(report), false) if report.is_complete() => {}
            (Ok(report), false) => world.violate(Rule::Lost, format_args!("{moved:?} was changed: {report}")),
            (Err(error), _) => world.violate(Rule::Unfounded, format_args!("{moved:?} was changed: {error}")),
        }
    }

    fn ends(&self, end: End, why: &str) -> End {
        let mut world = self.world.lock();
        world.note(format_args!("{end:?}: {why}"));
        world.own.failures += u64::from(end == End::Failed);
        end
    }

    /// A plan of the account as it is read now.
    async fn planned(&self) -> Result<Plan, NoPlan> {
        let since = self.world.lock().processed.len();
        let manifest = self.manifest();
        let read = match self.reads_all {
            true => Account::read(&self.client),
            false => Account::read_for(&self.client, &manifest),
        };
        let account = read.concurrency(self.concurrency).await.map_err(|error| NoPlan::Unread(error.to_string()))?;
        let options = PlanOptions::default().prune(self.prunes());
        let mut planned = plan(&manifest, &account, &options).map_err(|error| NoPlan::Problem(error, since))?;
        sabotage::plan(self.sabotage, &mut planned);
        Ok(planned)
    }

    fn no_plan(&self, why: Option<NoPlan>) -> End {
        match why {
            Some(NoPlan::Problem(error, since)) => {
                let mut world = self.world.lock();
                let is_so = super::judge::judge_problem(&self.sandbox, &mut world, &error, since);
                drop(world);
                self.ends(if is_so { End::NoPlan } else { End::Failed }, &error.to_string())
            }
            Some(NoPlan::Unread(error)) => self.ends(End::Failed, &error),
            None => End::Failed,
        }
    }

    /// Carries out a plan, and has what is said of it judged.
    async fn applied(&self, planned: &Plan) -> Result<ApplyReport, ApplyError> {
        let begun = Begun::new(&self.world, self.number);
        let job = apply(&self.client, planned).concurrency(self.concurrency);
        let running = Running { begun, so_far: job.so_far() };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        sabotage::before_apply(self.sabotage, &self.client, planned).await;
        let mut result = job.await;
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut world = self.world.lock();
        match &mut result {
            Ok(report) => {
                world.note(format_args!("applied: {report}"));
                sabotage::report(self.sabotage, report);
                begun.judge(&self.sandbox, &mut world, report, Ending::Whole);
            }
            Err(error) => begun.judge_error(&mut world, error),
        }
        result
    }

    fn manifest(&self) -> Manifest {
        let mut manifest = self.scenario.wanted.manifest();
        sabotage::manifest(self.sabotage, &mut manifest);
        manifest
    }

    fn prunes(&self) -> bool {
        self.scenario.wanted.prune || self.sabotage == Some(Sabotage::PruneAlways)
    }
}

/// Why there is no plan.
enum NoPlan {
    Unread(String),
    /// What keeps a plan from being made, and how much the server had processed when reading began.
    Problem(PlanError, usize),
}
