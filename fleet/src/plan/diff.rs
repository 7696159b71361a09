//! What differs between a manifest and an account, workspace by workspace. They do not depend on each other: a slug that is
//! freed by one is not taken by another in the same manifest.

use std::collections::{HashMap, HashSet};

use openrouter_workspaces::BudgetSet;
use serde_json::{Map, Value};

use crate::DEFAULT_WORKSPACE;
use crate::account::{Account, AccountWorkspace, Part};
use crate::manifest::{Manifest, Members, WorkspaceEntry};
use crate::plan::action::{Action, Change, FieldChange};
use crate::plan::budgets;
use crate::plan::error::PlanProblem;
use crate::plan::fingerprint::{self, BUDGETS, MEMBERS};
use crate::plan::options::PlanOptions;
use crate::plan::workspace::WorkspacePlan;
use crate::settings;

/// A manifest beside an account.
pub(super) struct Diff<'a> {
    manifest: &'a Manifest,
    account: &'a Account,
    by_slug: HashMap<&'a str, &'a AccountWorkspace>,
    problems: Vec<PlanProblem>,
}

impl<'a> Diff<'a> {
    pub(super) fn new(manifest: &'a Manifest, account: &'a Account) -> Self {
        let mut problems = Vec::new();
        let mut by_slug = HashMap::new();
        for there in &account.workspaces {
            let slug = there.workspace.slug.as_str();
            if by_slug.insert(slug, there).is_some() {
                problems.push(PlanProblem::SlugTwice { slug: slug.to_owned() });
            }
        }
        Self { manifest, account, by_slug, problems }
    }

    /// What is to be done about each workspace of which something is, or all that keeps that from being told.
    pub(super) fn run(mut self, options: &PlanOptions) -> Result<Vec<WorkspacePlan>, Vec<PlanProblem>> {
        let mut plans = Vec::new();
        for entry in &self.manifest.workspaces {
            plans.extend(self.entry(entry));
        }
        if options.prune {
            plans.extend(self.prune(options.prune_without_default));
        }
        if self.problems.is_empty() { Ok(plans) } else { Err(self.problems) }
    }

    fn entry(&mut self, entry: &WorkspaceEntry) -> Option<WorkspacePlan> {
        let there = self.by_slug.get(entry.slug.as_str()).copied();
        let before = entry.renamed_from.as_deref().and_then(|slug| self.by_slug.get(slug).copied());
        let (slug, there) = match (there, before) {
            (Some(_), Some(before)) => {
                let renamed_from = before.workspace.slug.clone();
                self.problems.push(PlanProblem::BothSlugs { slug: entry.slug.clone(), renamed_from });
                return None;
            }
            (None, None) if entry.slug == DEFAULT_WORKSPACE => {
                self.problems.push(PlanProblem::NoDefault);
                return None;
            }
            (there, before) => (entry.slug.clone(), there.or(before)),
        };
        let mut actions: Vec<Action> = Vec::new();
        match there {
            Some(there) => actions.extend(self.update(entry, there)),
            None => actions.push(self.create(entry)),
        }
        actions.extend(self.members(entry, there));
        actions.extend(self.budgets(entry, there));
        let all_members = matches!(entry.members, Some(Members::Exactly(_)));
        self.workspace(slug, there, actions, all_members)
    }

    /// Its actions with what they rest on; `None` if there are none.
    fn workspace(
        &self,
        slug: String,
        there: Option<&AccountWorkspace>,
        actions: Vec<Action>,
        all_members: bool,
    ) -> Option<WorkspacePlan> {
        if actions.is_empty() {
            return None;
        }
        let print = |part: String| {
            let print = fingerprint::of_part(&part, &slug, there, self.account)?;
            Some((part, print))
        };
        let rests_on = fingerprint::parts(&actions, all_members).into_iter().filter_map(print).collect();
        let id = there.map(|there| there.workspace.id);
        Some(WorkspacePlan { slug, id, rests_on, actions })
    }

    /// The settings that the manifest names for a workspace: its own, and the defaults in all others.
    fn settings(&self, entry: &WorkspaceEntry) -> Map<String, Value> {
        let mut fields = settings::fields(&self.manifest.defaults);
        fields.extend(settings::fields(&entry.settings));
        fields
    }

    fn create(&self, entry: &WorkspaceEntry) -> Action {
        let mut fields = self.settings(entry);
        fields.entry("name").or_insert_with(|| entry.slug.as_str().into());
        fields.insert("slug".to_owned(), entry.slug.as_str().into());
        Action::new(Change::Create { fields }, "no workspace has this slug")
    }

    fn update(&self, entry: &WorkspaceEntry, there: &AccountWorkspace) -> Option<Action> {
        let mut now = settings::fields(&there.workspace);
        let mut wanted = self.settings(entry);
        let mut reason = "differs from the manifest".to_owned();
        if there.workspace.slug != entry.slug {
            wanted.insert("slug".to_owned(), entry.slug.as_str().into());
            reason = format!("the manifest renames `{}`, which keeps its id", there.workspace.slug);
        }
        let fields = settings::body(&wanted).differing_fields(&there.workspace).into_iter().map(|field| {
            let [before, after] = [&mut now, &mut wanted].map(|fields| fields.remove(&field).unwrap_or_default());
            FieldChange { field, before, after }
        });
        let fields: Vec<FieldChange> = fields.collect();
        (!fields.is_empty()).then(|| Action::new(Change::Update { fields }, reason))
    }

    fn members(&mut self, entry: &WorkspaceEntry, there: Option<&AccountWorkspace>) -> Vec<Action> {
        let Some(wanted) = &entry.members else { return Vec::new() };
        let now: Vec<&str> = match there {
            None => Vec::new(),
            Some(there) => match self.read(entry, MEMBERS, &there.members) {
                Some(members) => members.iter().map(|member| member.user_id.as_str()).collect(),
                None => return Vec::new(),
            },
        };
        let now: HashSet<&str> = now.into_iter().collect();
        let add: Vec<String> = wanted.users().iter().filter(|user| !now.contains(user.as_str())).cloned().collect();
        let mut remove = Vec::new();
        if let Members::Exactly(users) = wanted {
            let stay: HashSet<&str> = users.iter().map(String::as_str).collect();
            remove = now.difference(&stay).map(|user| (*user).to_owned()).collect();
            remove.sort_unstable();
        }
        let (before, between) = (now.len(), now.len() + add.len());
        let mut actions = Vec::new();
        if !add.is_empty() {
            let change = Change::AddMembers { before, users: add };
            actions.push(Action::new(change, "the manifest names them, and they are no members"));
        }
        if !remove.is_empty() {
            let change = Change::RemoveMembers { before: between, users: remove };
            actions.push(Action::new(change, "the manifest names all members, and not these"));
        }
        actions
    }

    fn budgets(&mut self, entry: &WorkspaceEntry, there: Option<&AccountWorkspace>) -> Vec<Action> {
        let Some(wanted) = &entry.budgets else { return Vec::new() };
        let now = match there {
            None => BudgetSet::default(),
            Some(there) => {
                self.read(entry, BUDGETS, &there.budgets);
                match there.budgets_with_byok() {
                    Some(budgets) => budgets,
                    None => return Vec::new(),
                }
            }
        };
        budgets::steps(&now, wanted).unwrap_or_else(|_| {
            self.problems.push(PlanProblem::ByokWithoutBudget { slug: entry.slug.clone() });
            Vec::new()
        })
    }

    /// What was read of a part that is managed. It is a problem if that was not.
    fn read<'p, T>(&mut self, entry: &WorkspaceEntry, name: &'static str, part: &'p Part<T>) -> Option<&'p T> {
        let error = match part {
            Part::Read(part) => return Some(part),
            Part::NotRead => None,
            Part::Failed(failure) => Some(failure.error.clone()),
        };
        self.problems.push(PlanProblem::NotRead { slug: entry.slug.clone(), part: name, error });
        None
    }

    fn prune(&mut self, without_default: bool) -> Vec<WorkspacePlan> {
        let slugs = |entry: &'a WorkspaceEntry| [Some(entry.slug.as_str()), entry.renamed_from.as_deref()];
        let named: HashSet<&str> = self.manifest.workspaces.iter().flat_map(slugs).flatten().collect();
        let stays = |there: &AccountWorkspace| {
            let slug = there.workspace.slug.as_str();
            slug == DEFAULT_WORKSPACE || named.contains(slug)
        };
        let others: Vec<&AccountWorkspace> = self.account.workspaces.iter().filter(|there| !stays(there)).collect();
        if !others.is_empty() && !without_default && !self.by_slug.contains_key(DEFAULT_WORKSPACE) {
            self.problems.push(PlanProblem::DefaultNotFound);
            return Vec::new();
        }
        let delete = |there: &&AccountWorkspace| {
            let change = Change::Delete { workspace: Box::new(there.workspace.clone()) };
            let actions = vec![Action::new(change, "the manifest does not name it, and the others are to be pruned")];
            self.workspace(there.workspace.slug.clone(), Some(there), actions, false)
        };
        others.iter().filter_map(delete).collect()
    }
}
