//! The program: it sets up the workspaces of a run by jobs of the SDK, from the beginning each time that it is started.

use std::fmt::Display;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::jobs::{Ensure, SoFar, Task};
use openrouter_workspaces::{BoxError, Client, Job, JobError};
use serde_json::Value;

use super::Shared;
use super::judge::{Begun, Ending, judge_snapshot};
use super::sabotage::{self, Disk, Sabotage};
use super::scenario::{Membership, Scenario, Team};
use crate::account::Truth;

/// A job on members that runs: what it says of itself can be asked also after it was killed.
pub(super) struct Running {
    pub team: usize,
    pub so_far: SoFar,
    pub process: usize,
    pub since: usize,
    pub before: Option<Truth>,
}

/// A process of the program. It is dropped as a whole when it is killed.
pub(super) struct Program {
    pub client: Client,
    pub sandbox: Arc<Sandbox>,
    pub world: Shared,
    pub scenario: Arc<Scenario>,
    pub number: usize,
    /// The time for a job.
    pub timeout: Duration,
    pub concurrency: usize,
    pub takes_snapshot: bool,
    pub running: Arc<Mutex<Vec<Running>>>,
    pub sabotage: Option<Sabotage>,
    /// What an earlier process has left on the disk, which only a sabotaged program reads.
    pub disk: Disk,
}

impl Program {
    /// Sets up all workspaces. After an error, the program is to be started again.
    pub async fn run(self) -> Result<(), String> {
        for (number, team) in self.scenario.teams.iter().enumerate() {
            self.ensure(team).await?;
            let (members, budgets) = if team.together {
                tokio::join!(self.members(number, team), self.budgets(team))
            } else {
                let members = self.members(number, team).await;
                (members, self.budgets(team).await)
            };
            members.and(budgets)?;
        }
        if self.takes_snapshot {
            let since = self.world.lock().processed.len();
            let snapshot = self.with_options(self.client.snapshot()).await.map_err(text)?;
            judge_snapshot(&self.sandbox, &mut self.world.lock(), &snapshot, since);
        }
        Ok(())
    }

    /// A job with the options of this process.
    fn with_options<T: Task>(&self, job: Job<T>) -> Job<T> {
        job.timeout(self.timeout).concurrency(self.concurrency)
    }

    fn begun<'a>(&self, team: &'a Team) -> Begun<'a> {
        Begun::new(&self.sandbox, &self.world, team, self.number)
    }

    async fn ensure(&self, team: &Team) -> Result<(), String> {
        let begun = self.begun(team);
        let (client, job) = (&self.client, self.with_options(described(&self.client, team)));
        let ensured = match self.sabotage {
            Some(Sabotage::AnotherSlug) => sabotage::create_under_any_slug(client, team, self.number, job).await,
            Some(Sabotage::AlwaysUpdate) => sabotage::ensure_and_update(client, team, job).await,
            Some(Sabotage::ClaimCreated) => sabotage::ensure_and_claim(job).await,
            _ => job.await.map_err(BoxError::from),
        };
        let ensured = ensured.map_err(text);
        let mut world = self.world.lock();
        world.note(format_args!("ensured {}: {:?}", team.slug, ensured.as_ref().map(|ensured| &ensured.outcome)));
        let ensured = ensured?;
        begun.judge_ensured(&self.sandbox, &mut world, &ensured);
        Ok(())
    }

    async fn members(&self, number: usize, team: &Team) -> Result<(), String> {
        if self.sabotage == Some(Sabotage::NoteBeforeWrite) && !self.disk.is_first(&team.slug) {
            return Ok(());
        }
        let (client, slug) = (&self.client, &team.slug);
        let begun = self.begun(team);
        let run = |so_far| {
            let (since, before) = (begun.since, begun.before.clone());
            let running = Running { team: number, so_far, process: self.number, since, before };
            self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(running);
        };
        let result = match &team.membership {
            Membership::Untouched => return Ok(()),
            Membership::Sync { users, .. } if self.sabotage == Some(Sabotage::RemoveFirst) => {
                return sabotage::replace_members(client, slug, users).await.map_err(text);
            }
            Membership::Sync { users, keep_others } => {
                let users =
                    if self.sabotage == Some(Sabotage::FirstHundred) { &users[..users.len().min(100)] } else { users };
                let mut job = self.with_options(client.sync_members(slug, users));
                if *keep_others {
                    job = job.keep_others();
                }
                run(job.so_far());
                job.await
            }
            Membership::Add(users) => {
                let job = self.with_options(client.add_members(slug, users));
                run(job.so_far());
                job.await
            }
            Membership::Remove(users) => {
                let job = self.with_options(client.remove_members(slug, users));
                run(job.so_far());
                job.await
            }
        };
        let (mut report, ending, error) = parts(result);
        if self.sabotage == Some(Sabotage::DoneForUnknown) {
            report = sabotage::done_for_unknown(report);
        }
        let mut world = self.world.lock();
        world.note(format_args!("members of {slug}: {report}{}", error.as_deref().unwrap_or_default()));
        begun.judge_members(&self.sandbox, &mut world, &report, ending);
        match error {
            Some(error) => Err(error),
            None if report.left().next().is_some() && !team.keeps_all() => Err("somebody is left".to_owned()),
            None => Ok(()),
        }
    }

    async fn budgets(&self, team: &Team) -> Result<(), String> {
        let Some(budgets) = &team.budgets else { return Ok(()) };
        if self.sabotage == Some(Sabotage::BudgetsInOrderOfTable) && !budgets.keep_others {
            return sabotage::set_budgets_in_order_of_table(&self.client, &team.slug, budgets).await.map_err(text);
        }
        let begun = self.begun(team);
        let mut job = self.with_options(self.client.set_budgets(&team.slug, budgets.set()));
        if budgets.keep_others {
            job = job.keep_others();
        }
        let (report, ending, error) = parts(job.await);
        let mut world = self.world.lock();
        world.note(format_args!("budgets of {}: {report}{}", team.slug, error.as_deref().unwrap_or_default()));
        begun.judge_budgets(&self.sandbox, &mut world, &report, ending);
        error.map_or(Ok(()), Err)
    }
}

/// A report, whether the job has ended well, and its error.
fn parts<R>(result: Result<R, JobError<R>>) -> (R, Ending, Option<String>) {
    match result {
        Ok(report) => (report, Ending::Done, None),
        Err(error) => {
            let (error, report) = error.into_parts();
            (report, Ending::Failed, Some(format!("; {error}")))
        }
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

/// The job that makes a workspace as a team wants it.
fn described(client: &Client, team: &Team) -> Job<Ensure> {
    let mut job = client.ensure(&team.slug);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    for (field, value) in &team.settings {
        job = match field.as_str() {
            "name" => job.name(text(value).unwrap_or_default()),
            "description" => job.description(text(value)),
            "default_text_model" => job.default_text_model(text(value)),
            "io_logging_sampling_rate" => job.io_logging_sampling_rate(value.as_f64().unwrap_or_default()),
            "is_observability_broadcast_enabled" => {
                job.is_observability_broadcast_enabled(value.as_bool().unwrap_or_default())
            }
            other => panic!("there is no setting {other}"),
        };
    }
    job
}
