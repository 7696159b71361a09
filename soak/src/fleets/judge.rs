//! What plans and reports say, held against what the server has at that moment.

use std::collections::BTreeSet;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::Delivery;
use openrouter_workspaces_fleet::{
    ActionReport, ApplyError, ApplyReport, Change, Outcome, PlanError, PlanProblem, WorkspaceReport,
};
use serde_json::Value;

use super::wanted::is_same;
use super::{Rule, Shared, World};
use crate::account::Truth;
use crate::processes::Processed;

/// How a plan that was carried out has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    Killed,
}

/// A plan that is carried out, and how much had happened before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    process: usize,
    processed: usize,
    exchanges: usize,
}

impl Begun {
    pub fn new(world: &Shared, process: usize) -> Self {
        let world = world.lock();
        Self { process, processed: world.processed.len(), exchanges: world.exchanges.len() }
    }

    /// What a report says of each action.
    pub fn judge(&self, sandbox: &Sandbox, world: &mut World, report: &ApplyReport, ending: Ending) {
        world.own.reports += 1;
        let mut wrong = Vec::new();
        for workspace in &report.workspaces {
            if !is_in_order(workspace, ending) {
                wrong.push(format!("{}: not in order", workspace.slug));
            }
            for (index, ActionReport { action, outcome, .. }) in workspace.actions.iter().enumerate() {
                if !self.is_true(sandbox, world, workspace, index) {
                    wrong.push(format!("{}: {}: {outcome:?}, and that is not so", workspace.slug, action.change));
                }
            }
        }
        if ending == Ending::Whole
            && report.is_complete() != report.actions().all(|(_, action)| action.outcome == Outcome::Done)
        {
            wrong.push("complete".to_owned());
        }
        for problem in wrong {
            world.violate(Rule::FalseReport, format_args!("{ending:?}: {problem}"));
        }
        self.count_repeats(world);
    }

    /// Whether what a report says of an action is so.
    fn is_true(&self, sandbox: &Sandbox, world: &mut World, workspace: &WorkspaceReport, index: usize) -> bool {
        let asks = |index: usize| {
            let change = &workspace.actions[index].action.change;
            Asks { change, id: workspace.id.map(|id| id.to_string()), slug: &workspace.slug }
        };
        let this = asks(index);
        match &workspace.actions[index].outcome {
            Outcome::Done => {
                // A budget that carries the flag, and is changed or deleted by a later step, was what it is said to be.
                let tried = |later: &&ActionReport| later.outcome != Outcome::NotTried;
                let later = workspace.actions[index + 1..].iter().filter(tried);
                let mut later = later.filter_map(|later| interval(&later.action.change));
                let is_undone = interval(this.change).is_some_and(|own| later.any(|later| later == own));
                is_undone && self.own(world, &this).next().is_some() || self.is_done(sandbox, world, &this)
            }
            Outcome::NotTried => {
                !self.is_sent(world, &this) || (0..index).any(|other| asks(other).target() == this.target())
            }
            Outcome::Failed(failure) if failure.members.is_none() && failure.delivery != Delivery::Unknown => {
                self.own(world, &this).next().is_none()
            }
            _ => true,
        }
    }

    /// Nothing was written. A plan that is said to have moved has.
    pub fn judge_error(&self, world: &mut World, error: &ApplyError) {
        world.own.reports += 1;
        let writes = world.exchanges[self.exchanges..]
            .iter()
            .filter(|sent| sent.process == self.process && sent.is_write())
            .count();
        if writes > 0 {
            world.violate(Rule::FalseReport, format_args!("{writes} writes after {error}"));
        }
        let is_founded = match error {
            ApplyError::Moved(_) => self.others_wrote(world, |_| true),
            ApplyError::Invalid { .. } => false,
            _ => true,
        };
        if !is_founded {
            world.violate(Rule::Unfounded, error);
        }
    }

    /// No write is sent more often than the attempts of a call.
    fn count_repeats(&self, world: &mut World) {
        let sent = &world.exchanges[self.exchanges..];
        let writes: Vec<_> = sent.iter().filter(|sent| sent.process == self.process && sent.is_write()).collect();
        let times = |one| writes.iter().filter(|sent| (&sent.target, &sent.asked) == one).count();
        let most = writes.iter().map(|sent| (times((&sent.target, &sent.asked)), sent.target.clone())).max();
        if let Some((times, target)) = most.filter(|(times, _)| *times > super::MAX_ATTEMPTS) {
            world.violate(Rule::TooManyRequests, format_args!("{target} was sent {times} times"));
        }
    }

    /// Writes of the process that the server has done for an action.
    fn own<'w>(&self, world: &'w World, asks: &Asks<'_>) -> impl Iterator<Item = &'w Processed> {
        let (process, asks) = (self.process, asks.clone());
        let is_it = move |done: &&Processed| done.process == process && done.is_done() && asks.is_for(done);
        world.processed.iter().skip(self.processed).filter(is_it)
    }

    /// Whether somebody else, or a late write, has changed something since then.
    fn others_wrote(&self, world: &World, concerns: impl Fn(&Processed) -> bool) -> bool {
        // Before applying, there was time to read; another process may have been late meanwhile.
        let since = world.own.since;
        let is_others = |done: &&Processed| done.is_done() && (done.is_late || done.process != self.process);
        world.processed.iter().skip(since).filter(is_others).any(concerns)
    }

    /// Whether what an action does is so, or was done by the process, and others have changed the workspace since.
    fn is_done(&self, sandbox: &Sandbox, world: &mut World, asks: &Asks<'_>) -> bool {
        let is_about = |done: &Processed| Some(&done.id) == asks.id.as_ref() || done.slug == asks.slug;
        if asks.is_so(sandbox) {
            return true;
        }
        if world.own.is_loud || self.others_wrote(world, is_about) {
            world.own.excused += 1;
            return true;
        }
        false
    }

    /// Whether the process has sent anything for an action.
    fn is_sent(&self, world: &World, asks: &Asks<'_>) -> bool {
        let Some(target) = asks.target() else { return false };
        let is_it = |sent: &&crate::processes::Exchange| sent.process == self.process && sent.target == target;
        world.exchanges[self.exchanges..].iter().filter(is_it).any(|sent| match asks.change {
            Change::Create { .. } => sent.asked["slug"] == asks.slug,
            _ => true,
        })
    }
}

/// In each workspace what is done comes first, then at most one action that was under way, then what was not tried.
fn is_in_order(workspace: &WorkspaceReport, ending: Ending) -> bool {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Done => 0,
        Outcome::Started | Outcome::Failed(_) => 1,
        _ => 2,
    };
    let outcomes = || workspace.actions.iter().map(|action| &action.outcome);
    let ranks: Vec<u8> = outcomes().map(rank).collect();
    let one = ranks.iter().filter(|rank| **rank == 1).count();
    let is_over = ending == Ending::Killed || !outcomes().any(|outcome| *outcome == Outcome::Started);
    // Where all has ended, nothing is left untried but behind a failure.
    let is_complete = ending == Ending::Killed || one == 1 || ranks.iter().all(|rank| *rank == 0);
    ranks.is_sorted() && one <= 1 && is_over && is_complete
}

/// The interval of the budget that is changed.
fn interval(change: &Change) -> Option<&str> {
    match change {
        Change::SetBudget { interval, .. } | Change::DeleteBudget { interval, .. } => Some(interval.as_str()),
        _ => None,
    }
}

/// What an action asks for.
#[derive(Clone)]
struct Asks<'a> {
    change: &'a Change,
    id: Option<String>,
    slug: &'a str,
}

impl Asks<'_> {
    /// Method and path of its requests; `None` as long as there is no workspace.
    fn target(&self) -> Option<String> {
        let id = || self.id.clone();
        Some(match self.change {
            Change::Create { .. } => "POST /workspaces".to_owned(),
            Change::Update { .. } => format!("PATCH /workspaces/{}", id()?),
            Change::AddMembers { .. } => format!("POST /workspaces/{}/members/add", id()?),
            Change::RemoveMembers { .. } => format!("POST /workspaces/{}/members/remove", id()?),
            Change::SetBudget { interval, .. } => format!("PUT /workspaces/{}/budgets/{}", id()?, interval.as_str()),
            Change::DeleteBudget { interval, .. } => {
                format!("DELETE /workspaces/{}/budgets/{}", id()?, interval.as_str())
            }
            _ => format!("DELETE /workspaces/{}", id()?),
        })
    }

    /// Whether a request that was processed is for it.
    fn is_for(&self, done: &Processed) -> bool {
        let is_it = |operation: &str, interval: &str| done.operation == operation && done.interval == interval;
        let is_named = Some(&done.id) == self.id.as_ref();
        match self.change {
            Change::Create { .. } => is_it("create_workspace", "") && done.asked["slug"] == self.slug,
            Change::Update { .. } => is_it("update_workspace", "") && is_named,
            Change::AddMembers { .. } => done.operation == "bulk_add_workspace_members" && is_named,
            Change::RemoveMembers { .. } => done.operation == "bulk_remove_workspace_members" && is_named,
            Change::SetBudget { interval, after, .. } => {
                is_it("upsert_workspace_budget", interval.as_str()) && done.limit() == Some(*after) && is_named
            }
            Change::DeleteBudget { interval, .. } => is_it("delete_workspace_budget", interval.as_str()) && is_named,
            _ => is_it("delete_workspace", "") && is_named,
        }
    }

    /// Whether it is so on the server.
    fn is_so(&self, sandbox: &Sandbox) -> bool {
        let truth = self.id.as_ref().and_then(|id| Truth::of(sandbox, id));
        let Some(truth) = truth else { return matches!(self.change, Change::Delete { .. }) };
        let has = |field: &str, value: &Value| is_same(&truth.workspace[field], value);
        let members = |users: &[String]| users.iter().filter(|user| truth.members.contains(*user)).count();
        let limit = |interval: &str| truth.limits.get(interval).copied();
        match self.change {
            Change::Create { fields } => fields.iter().all(|(field, value)| has(field, value)),
            Change::Update { fields } => fields.iter().all(|change| has(&change.field, &change.after)),
            Change::AddMembers { users, .. } => members(users) == users.len(),
            Change::RemoveMembers { users, .. } => members(users) == 0,
            Change::SetBudget { interval, after, include_byok, .. } => {
                limit(interval.as_str()) == Some(*after)
                    && include_byok.is_none_or(|flag| truth.include_byok.unwrap_or_default() == flag.after)
            }
            Change::DeleteBudget { interval, .. } => limit(interval.as_str()).is_none(),
            _ => false,
        }
    }
}

/// Whether what keeps a plan from being made is so. If it is not, and nobody has changed the account meanwhile, that is a
/// violation.
pub(super) fn judge_problem(sandbox: &Sandbox, world: &mut World, error: &PlanError, since: usize) -> bool {
    let there: BTreeSet<String> =
        sandbox.workspaces().iter().filter_map(|there| there["slug"].as_str().map(str::to_owned)).collect();
    let is_so = |problem: &PlanProblem| match problem {
        PlanProblem::BothSlugs { slug, renamed_from } => there.contains(slug) && there.contains(renamed_from),
        PlanProblem::NoDefault | PlanProblem::DefaultNotFound => !there.contains("default"),
        _ => false,
    };
    // What could not be read because of a fault is none of the account.
    let may_pass = |problem: &PlanProblem| matches!(problem, PlanProblem::NotRead { error: Some(_), .. });
    let PlanError::Problems(problems) = error else {
        world.violate(Rule::Unfounded, error);
        return false;
    };
    let has_changed = world.processed.iter().skip(since).any(Processed::is_done);
    let unfounded = problems.iter().find(|problem| !(is_so(problem) || world.own.has_faults && may_pass(problem)));
    match unfounded {
        Some(_) if has_changed => world.own.excused += 1,
        Some(problem) => world.violate(Rule::Unfounded, problem),
        None => {}
    }
    problems.iter().all(is_so)
}
