//! The server's side: what it has done with each request is held against what was asked for at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use openrouter_sandbox::Sandbox;
use serde_json::Value;

use super::scenario::{Scenario, Team, is_known};
use super::{Rule, Shared, World};
use crate::processes::{self, Processed};

/// The operations on budgets.
pub(super) const BUDGETS: [&str; 2] = ["upsert_workspace_budget", "delete_workspace_budget"];

/// The operations on members.
pub(super) const MEMBERS: [&str; 2] = ["bulk_add_workspace_members", "bulk_remove_workspace_members"];

/// Judges what the sandbox does from now on.
pub(super) fn observe(sandbox: &Sandbox, world: &Shared, scenario: &Arc<Scenario>) {
    let scenario = scenario.clone();
    processes::observe(sandbox, world, move |world, _, entry, answer| judge(world, &scenario, entry, answer));
}

fn judge(world: &mut World, scenario: &Scenario, entry: &Processed, answer: &[u8]) {
    let asked = &entry.asked;
    if entry.is_done() {
        let problem = match scenario.team(&entry.slug) {
            Some(team) => problem(world, team, entry),
            None if entry.operation == "create_workspace" => Some((Rule::Doubled, "nobody asked for it".to_owned())),
            None => Some((Rule::Touched, "nobody named it".to_owned())),
        };
        if let Some((rule, problem)) = problem {
            world.violate(rule, format_args!("{} of {}: {problem}: {asked}", entry.operation, entry.slug));
        }
    }
    if entry.operation == BUDGETS[0] && entry.status == 400 && !entry.is_late {
        // What it has read is what it has planned with, unless somebody who is gone has changed it since.
        let is_read = |before: &Processed| {
            before.process == entry.process && before.slug == entry.slug && before.operation == "list_workspace_budgets"
        };
        let since = world.processed.iter().rposition(is_read).unwrap_or(0);
        if world.has_late(since, &entry.slug, &BUDGETS) {
            world.own.excused += 1;
        } else {
            let why = String::from_utf8_lossy(answer).into_owned();
            world.violate(Rule::OrderRefused, format_args!("{} {asked}: {why}", entry.interval));
        }
    }
    if entry.is_done() && entry.operation == MEMBERS[0] {
        let users = asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
        world.own.joined.extend(users.map(|user| (entry.slug.clone(), user.to_owned())));
    }
}

/// What a write has done that was not asked for.
fn problem(world: &World, team: &Team, entry: &Processed) -> Option<(Rule, String)> {
    let asked = &entry.asked;
    let (added, removed) = team.changes();
    let users = || asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let has_joined = |user: &String| world.own.joined.contains(&(entry.slug.clone(), user.clone()));
    let beyond = |allowed: &BTreeSet<String>| {
        let user = users().find(|user| !allowed.contains(*user))?;
        Some((Rule::Touched, format!("nothing was asked for {user}")))
    };
    let touched = |is_wrong: bool, what: &str| is_wrong.then(|| (Rule::Touched, what.to_owned()));
    let fields = || asked.as_object().into_iter().flatten();
    let is_other = |field: &str, value: &Value| team.settings.get(field) != Some(value);
    let before = team.limits_before.get(&entry.interval).copied();
    let after = team.limits_after().get(&entry.interval).copied();
    match entry.operation.as_str() {
        "create_workspace" => {
            let is_create = |done: &Processed| done.operation == entry.operation && done.slug == entry.slug;
            let is_there = team.existed || world.processed.iter().any(|done| done.is_done() && is_create(done));
            // Without a name, it is named like its slug.
            let is_implied = |field: &str| field == "slug" || field == "name" && asked["name"] == entry.slug.as_str();
            let is_wrong = fields().any(|(field, value)| !is_implied(field) && is_other(field, value));
            let doubled = is_there.then(|| (Rule::Doubled, "it is there already".to_owned()));
            doubled.or(touched(is_wrong, "another setting was asked for"))
        }
        "update_workspace" => {
            let is_wrong = fields().any(|(field, value)| is_other(field, value));
            touched(is_wrong, "another setting was asked for")
        }
        "bulk_add_workspace_members" => beyond(&added),
        "bulk_remove_workspace_members" => {
            let missing = added.iter().find(|user| is_known(user) && !has_joined(user));
            let is_early = missing.map(|user| (Rule::Touched, format!("{user} is not added yet")));
            beyond(&removed).or(is_early)
        }
        "upsert_workspace_budget" => {
            // A limit that is there may be sent again: the flag travels with it.
            let is_carrier = before == entry.limit() && asked.get("include_byok_in_budgets").is_some();
            touched(team.budgets.is_none() || after != entry.limit() && !is_carrier, "another limit was asked for")
        }
        "delete_workspace_budget" => touched(team.budgets.is_none() || after.is_some(), "it was to stay"),
        _ => touched(true, "nobody asked for it"),
    }
}
