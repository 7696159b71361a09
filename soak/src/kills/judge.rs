//! What jobs say of themselves, held against what the server has at that moment.

use std::collections::BTreeSet;

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::jobs::{
    BudgetReport, EnsureOutcome, Ensured, MemberChange, MemberOutcome, MemberReport, Snapshot,
};

use super::scenario::{Membership, Team, is_known};
use super::server::{BUDGETS, MEMBERS};
use super::{Rule, Shared, World};
use crate::account::{Truth, limits_of};
use crate::processes::Processed;

/// A job that runs, and how it was before.
#[derive(Clone, Debug)]
pub(super) struct Begun<'a> {
    pub team: &'a Team,
    pub process: usize,
    /// How much the server had processed by then.
    pub since: usize,
    pub before: Option<Truth>,
}

/// How a job has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Done,
    Failed,
    Killed,
}

impl<'a> Begun<'a> {
    pub fn new(sandbox: &Sandbox, world: &Shared, team: &'a Team, process: usize) -> Self {
        let before = Truth::of(sandbox, &team.slug);
        Self { team, process, since: world.lock().processed.len(), before }
    }

    /// What the process has done to the workspace since the job began.
    fn own<'w>(&self, world: &'w World) -> impl Iterator<Item = &'w Processed> {
        let (process, slug) = (self.process, self.team.slug.clone());
        let own = move |done: &&Processed| done.process == process && done.slug == slug && done.is_done();
        world.processed.iter().skip(self.since).filter(own)
    }

    /// A workspace that is said to be as described.
    pub fn judge_ensured(&self, sandbox: &Sandbox, world: &mut World, ensured: &Ensured) {
        world.own.reports += 1;
        let slug = &self.team.slug;
        let Some(truth) = Truth::of(sandbox, slug) else {
            return world.violate(Rule::FalseReport, format_args!("{slug}: there is no such workspace"));
        };
        let said = serde_json::to_value(&ensured.workspace).unwrap_or_default();
        let mut fields = vec!["id", "slug"];
        fields.extend(self.team.settings.keys().map(String::as_str));
        for field in fields {
            let wanted = self.team.settings.get(field).unwrap_or(&truth.workspace[field]);
            if said[field] != *wanted || truth.workspace[field] != *wanted {
                let (said, there) = (&said[field], &truth.workspace[field]);
                let what = format!("{slug}: {field} is said to be {said}, is {there}, and is to be {wanted}");
                world.violate(Rule::FalseReport, what);
            }
        }
        let has_done = |operation: &str| self.own(world).any(|done| done.operation == operation);
        let (created, changed) = (has_done("create_workspace"), has_done("update_workspace"));
        match &ensured.outcome {
            // A create of a process that is gone, done late during the call, cannot be told from one's own.
            EnsureOutcome::Created if !created && world.has_late(self.since, slug, &["create_workspace"]) => {
                world.own.excused += 1;
            }
            EnsureOutcome::Created if !created => world.violate(Rule::Claimed, format_args!("{slug}: created")),
            EnsureOutcome::Changed(fields) if !changed => {
                world.violate(Rule::FalseReport, format_args!("{slug}: changed, it says, {fields:?}"));
            }
            EnsureOutcome::Unchanged if changed => {
                world.violate(Rule::FalseReport, format_args!("{slug}: unchanged, it says"));
            }
            _ => {}
        }
    }

    /// What is said of members.
    pub fn judge_members(&self, sandbox: &Sandbox, world: &mut World, report: &MemberReport, ending: Ending) {
        world.own.reports += 1;
        let slug = &self.team.slug;
        let members = Truth::of(sandbox, slug).map(|truth| truth.members).unwrap_or_default();
        let before = self.before.as_ref().map(|truth| truth.members.clone()).unwrap_or_default();
        let is_late = world.has_late(self.since, slug, &MEMBERS);
        let named: BTreeSet<&String> = match &self.team.membership {
            Membership::Untouched => BTreeSet::new(),
            Membership::Sync { users, .. } | Membership::Add(users) | Membership::Remove(users) => {
                users.iter().collect()
            }
        };
        let mut wrong = Vec::new();
        if let Some(user) = named.into_iter().find(|user| report.get(user).is_none())
            && ending != Ending::Killed
        {
            wrong.push(format!("nothing is said of {user}"));
        }
        for (user, status) in report.iter() {
            let adds = status.change == MemberChange::Add;
            let is_so = |members: &BTreeSet<String>| members.contains(user) == adds;
            let refusable = if adds { !is_known(user) } else { self.team.protected.contains(user) };
            let is_wrong = match &status.outcome {
                MemberOutcome::Done | MemberOutcome::AlreadySo => !is_so(&members),
                MemberOutcome::Refused(_) => !refusable || is_so(&members),
                MemberOutcome::Left if !adds && self.team.keeps_all() => is_so(&members) && !is_late,
                MemberOutcome::Left => ending == Ending::Done || is_so(&members) && !is_so(&before) && !is_late,
                _ => false,
            };
            if is_wrong {
                wrong.push(format!("{user} is said to be {status:?}, and that is not so"));
            }
        }
        for problem in wrong {
            world.violate(Rule::FalseReport, format_args!("{slug}, {ending:?}: {problem}"));
        }
    }

    /// What is said of budgets.
    pub fn judge_budgets(&self, sandbox: &Sandbox, world: &mut World, report: &BudgetReport, ending: Ending) {
        world.own.reports += 1;
        let slug = &self.team.slug;
        let mut wrong = Vec::new();
        for step in &report.made {
            let operation = if step.limit_usd.is_some() { BUDGETS[0] } else { BUDGETS[1] };
            let is_it = |done: &Processed| {
                (done.operation.as_str(), done.interval.as_str()) == (operation, step.interval.as_str())
                    && done.limit() == step.limit_usd
            };
            if !self.own(world).any(is_it) {
                wrong.push(format!("{step} is said to be made"));
            }
        }
        if ending == Ending::Done && (!report.left.is_empty() || report.unknown.is_some() || report.in_force.is_none())
        {
            wrong.push("something is left after a success".to_owned());
        }
        let truth = Truth::of(sandbox, slug);
        let all = |truth: &Truth| (truth.limits.clone(), truth.include_byok);
        let (mut there, flag) = truth.as_ref().map(all).unwrap_or_default();
        let before = self.before.as_ref().map(all).unwrap_or_default();
        // The flag is none where the server does not tell, as it does before the first budget.
        let (mut said, mut said_flag) =
            report.in_force.map_or(before, |set| (limits_of(&set), set.include_byok.or(flag)));
        if let Some(unknown) = &report.unknown {
            there.remove(unknown.as_str());
            said.remove(unknown.as_str());
            said_flag = flag;
        }
        if world.has_late(self.since, slug, &BUDGETS) {
            // It has read, or set, what a late write has changed.
            world.own.excused += 1;
        } else if (&said, said_flag) != (&there, flag) {
            wrong.push(format!("{said:?} {said_flag:?} is said to be in force, and it is {there:?} {flag:?}"));
        } else if ending == Ending::Done && said != self.team.limits_after() {
            wrong.push(format!("{said:?} is in force after a success"));
        }
        for problem in wrong {
            world.violate(Rule::FalseReport, format_args!("{slug}, {ending:?}: {problem}: {report:?}"));
        }
    }
}

/// What is said of the account as a whole, unless something was written meanwhile.
pub(super) fn judge_snapshot(sandbox: &Sandbox, world: &mut World, snapshot: &Snapshot, since: usize) {
    world.own.reports += 1;
    if world.processed.iter().skip(since).any(Processed::is_done) {
        world.own.excused += 1;
        return;
    }
    let mut wrong = Vec::new();
    let listed: BTreeSet<String> = snapshot.workspaces.iter().map(|part| part.workspace.slug.clone()).collect();
    let there: BTreeSet<String> =
        sandbox.workspaces().iter().filter_map(|row| row["slug"].as_str().map(str::to_owned)).collect();
    if listed != there || snapshot.workspaces.len() != there.len() {
        wrong.push(format!("it has {listed:?} instead of {there:?}"));
    }
    for part in &snapshot.workspaces {
        let slug = &part.workspace.slug;
        let Some(truth) = Truth::of(sandbox, slug) else { continue };
        let failed = snapshot.failures.iter().filter(|failure| failure.workspace == part.workspace.id).count();
        let missing = usize::from(part.members.is_none()) + usize::from(part.budgets.is_none());
        let said =
            part.members.as_ref().map(|rows| rows.iter().map(|row| row.user_id.clone()).collect::<BTreeSet<_>>());
        let are_so = said.is_none_or(|said| said == truth.members)
            && part.budgets.is_none_or(|set| {
                limits_of(&set) == truth.limits && set.include_byok.is_none_or(|flag| Some(flag) == truth.include_byok)
            });
        if failed != missing || !are_so || truth.workspace["id"] != part.workspace.id.to_string() {
            wrong.push(format!("{part:?} is {truth:?}, failures {:?}", snapshot.failures));
        }
    }
    for problem in wrong {
        world.violate(Rule::FalseReport, format_args!("snapshot: {problem}"));
    }
}
