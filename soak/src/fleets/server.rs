//! The server's side: every write is held against the manifest when the server does it, or refuses it.

use std::sync::Arc;

use openrouter_sandbox::{Account, Sandbox};
use serde_json::Value;

use super::wanted::{Entry, Wanted, is_same};
use super::{Kept, Rule, Shared, World};
use crate::account::Truth;
use crate::processes::{self, Processed};

/// Judges what the sandbox does from now on.
pub(super) fn observe(sandbox: &Sandbox, world: &Shared, wanted: &Arc<Wanted>) {
    let wanted = wanted.clone();
    processes::observe(sandbox, world, move |world, account, entry, answer| {
        if entry.process == 0 {
            world.own.strangers += u64::from(entry.is_done());
        } else if entry.is_done() {
            if let Some((rule, problem)) = problem(world, &wanted, entry) {
                let (operation, slug, asked) = (&entry.operation, &entry.slug, &entry.asked);
                world.violate(rule, format_args!("{operation} of {slug}: {problem}: {asked}"));
            }
        } else if entry.is_write && !entry.is_late {
            refused(world, entry, answer);
        }
        if entry.is_done() {
            world.own.see(account);
        }
    });
}

/// A write that was not late, and that the server did not take, unless that is not the fault of who sent it.
fn refused(world: &mut World, entry: &Processed, answer: &[u8]) {
    let since = world.own.since;
    let meets = |done: &Processed| done.id == entry.id || done.slug == entry.slug;
    // What another client, or another process by a late write, has done to the workspace since the plan was made; and
    // what it has done itself, where the answer to that was lost.
    let is_excuse = |done: &Processed| {
        let is_repeated = done.operation == entry.operation && done.asked == entry.asked;
        done.is_done() && meets(done) && (done.is_late || done.process != entry.process || is_repeated)
    };
    if world.own.is_loud || world.processed.iter().skip(since).any(is_excuse) {
        world.own.excused += 1;
        return;
    }
    let why = String::from_utf8_lossy(answer).into_owned();
    let (operation, slug, asked) = (&entry.operation, &entry.slug, &entry.asked);
    world.violate(Rule::Refused, format_args!("{operation} of {slug}: {asked}: {} {why}", entry.status));
}

/// What a write has done that was not asked for.
fn problem(world: &World, wanted: &Wanted, entry: &Processed) -> Option<(Rule, String)> {
    let asked = &entry.asked;
    let touched = |is_wrong: bool, what: &str| is_wrong.then(|| (Rule::Touched, what.to_owned()));
    let is_default = entry.id == world.own.default || entry.slug == "default";
    let is_of_members = entry.operation.ends_with("workspace_members");
    if is_default && (is_of_members || asked.get("slug").is_some() || entry.operation == "delete_workspace") {
        return Some((Rule::Default, "it is the default workspace".to_owned()));
    }
    let known = || world.own.slugs_of(&entry.id);
    match entry.operation.as_str() {
        "create_workspace" => {
            let Some(wants) = wanted.entries.iter().find(|wants| wants.slug == entry.slug) else {
                return Some((Rule::Doubled, "nobody asked for it".to_owned()));
            };
            let is_there = !world.own.has_stranger && world.own.names.iter().any(|(_, slug)| wants.names(slug));
            let doubled = is_there.then(|| (Rule::Doubled, "it is there already".to_owned()));
            // Without a name, it is named like its slug.
            let is_implied = |field: &str| field == "slug" || field == "name" && asked["name"] == entry.slug.as_str();
            let is_wrong = fields(asked).any(|(field, value)| !is_implied(field) && !wants_field(wants, field, value));
            doubled.or(touched(is_wrong, "another setting was asked for"))
        }
        "delete_workspace" => touched(!known().any(|slug| wanted.is_pruned(slug)), "it was to stay"),
        _ => {
            let is_meant = |wants: &&Entry| known().any(|slug| wants.names(slug));
            let is_asked = wanted.entries.iter().filter(is_meant).any(|wants| is_asked(world, wants, entry));
            touched(!is_asked, "nobody asked for it")
        }
    }
}

fn fields(asked: &Value) -> impl Iterator<Item = (&String, &Value)> {
    asked.as_object().into_iter().flatten()
}

fn wants_field(wants: &Entry, field: &str, value: &Value) -> bool {
    wants.settings.get(field).is_some_and(|wanted| is_same(value, wanted) || wanted.is_null() && value.is_null())
}

/// Whether a write is what an entry of the manifest asks for.
fn is_asked(world: &World, wants: &Entry, entry: &Processed) -> bool {
    let asked = &entry.asked;
    let mut users = asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_named = |user: &str| wants.members.as_ref().is_some_and(|members| members.users.iter().any(|u| u == user));
    match entry.operation.as_str() {
        "update_workspace" => fields(asked).all(|(field, value)| match field.as_str() {
            "slug" => wants.renamed_from.is_some() && *value == wants.slug.as_str(),
            field => wants_field(wants, field, value),
        }),
        "bulk_add_workspace_members" => users.all(is_named),
        "bulk_remove_workspace_members" => {
            wants.members.as_ref().is_some_and(|members| members.exactly) && !users.any(is_named)
        }
        "upsert_workspace_budget" => wants.budgets.as_ref().is_some_and(|budgets| {
            let flag = asked["include_byok_in_budgets"].as_bool();
            // A limit that is there may be sent again, for the flag travels with it.
            let is_limit = budgets.limits.get(&entry.interval).copied() == entry.limit();
            let is_flag = flag.is_some() && flag == budgets.include_byok;
            is_limit && (is_flag || flag.is_none()) || is_flag && world.had_limit(entry)
        }),
        "delete_workspace_budget" => {
            wants.budgets.as_ref().is_some_and(|budgets| !budgets.limits.contains_key(&entry.interval))
        }
        _ => false,
    }
}

impl World {
    /// Whether somebody has set this limit before.
    fn had_limit(&self, entry: &Processed) -> bool {
        let first = self.own.limits.get(&entry.id).and_then(|limits| limits.get(&entry.interval)).copied();
        let is_same = |done: &Processed| {
            (&done.operation, &done.id, &done.interval) == (&entry.operation, &entry.id, &entry.interval)
                && done.is_done()
                && done.limit() == entry.limit()
        };
        first == entry.limit() || self.processed.iter().any(is_same)
    }
}

impl Kept {
    /// Begins with what there is.
    pub fn begin(&mut self, sandbox: &Sandbox) {
        self.names.clear();
        self.see(sandbox.account());
        let limits = |(id, _): &(String, String)| Some((id.clone(), Truth::of(sandbox, id)?.limits));
        self.limits = self.names.iter().filter_map(limits).collect();
    }

    /// Remembers the names of all workspaces that there are.
    fn see(&mut self, account: &Account) {
        let text = |there: &Value, field: &str| there[field].as_str().unwrap_or_default().to_owned();
        self.names.extend(account.workspaces().iter().map(|there| (text(there, "id"), text(there, "slug"))));
    }

    /// The slugs that a workspace has had.
    fn slugs_of(&self, id: &str) -> impl Iterator<Item = &String> {
        self.names.iter().filter(move |(known, _)| known == id).map(|(_, slug)| slug)
    }
}
