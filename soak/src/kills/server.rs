//! The server's side: what it has done with each request is written down, and held against what was asked for at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use openrouter_sandbox::{ProcessedRequest, Sandbox};
use serde_json::Value;

use super::Rule;
use super::scenario::{Scenario, Team, is_known};
use super::wire::REQUEST;
use super::world::{Processed, Shared, World};

/// The operations on budgets.
pub(super) const BUDGETS: [&str; 2] = ["upsert_workspace_budget", "delete_workspace_budget"];

/// The operations on members.
pub(super) const MEMBERS: [&str; 2] = ["bulk_add_workspace_members", "bulk_remove_workspace_members"];

/// Writes down what the sandbox does from now on.
pub(super) fn observe(sandbox: &Sandbox, world: &Shared, scenario: &Arc<Scenario>) {
    let (world, scenario) = (world.clone(), scenario.clone());
    sandbox.observe(move |account, processed| {
        let request = processed.request;
        let Some(number) = request.header(REQUEST).and_then(|number| number.parse::<usize>().ok()) else { return };
        let path = request.path.trim_start_matches("/api/v1").to_owned();
        let mut parts = path.trim_start_matches("/workspaces").split('/').skip(1);
        let (reference, _, interval) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
        let asked = request.json().unwrap_or_default();
        let slug = match reference {
            Some(reference) => account.workspace(reference).map(|there| text(&there, "slug")).unwrap_or_default(),
            None => text(&asked, "slug"),
        };
        let mut world = world.lock();
        let exchange = world.exchanges[number];
        let entry = Processed {
            process: exchange.process,
            is_late: exchange.is_over,
            operation: request.operation.clone().unwrap_or_default(),
            slug,
            status: processed.status,
            is_write: request.method != "GET",
            interval: interval.to_owned(),
            limit: asked["limit_usd"].as_f64(),
        };
        write_down(&mut world, &scenario, number, entry, &asked, processed);
    });
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn write_down(
    world: &mut World,
    scenario: &Scenario,
    number: usize,
    entry: Processed,
    asked: &Value,
    processed: ProcessedRequest<'_>,
) {
    let (status, late) = (processed.status, if entry.is_late { ", late" } else { "" });
    world.note(format_args!("server {number}: {} {} {status}{late}", entry.operation, entry.slug));
    world.counts.writes += u64::from(entry.is_done());
    world.counts.late += u64::from(entry.is_done() && entry.is_late);
    if entry.is_done() {
        let problem = match scenario.team(&entry.slug) {
            Some(team) => problem(world, team, &entry, asked),
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
            world.counts.excused += 1;
        } else {
            let why = String::from_utf8_lossy(processed.body).into_owned();
            world.violate(Rule::OrderRefused, format_args!("{} {asked}: {why}", entry.interval));
        }
    }
    if entry.is_done() && entry.operation == MEMBERS[0] {
        let users = asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
        world.joined.extend(users.map(|user| (entry.slug.clone(), user.to_owned())));
    }
    world.processed.push(entry);
}

/// What a write has done that was not asked for.
fn problem(world: &World, team: &Team, entry: &Processed, asked: &Value) -> Option<(Rule, String)> {
    let (added, removed) = team.changes();
    let users = || asked["user_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let has_joined = |user: &String| world.joined.contains(&(entry.slug.clone(), user.clone()));
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
            let is_carrier = before == entry.limit && asked.get("include_byok_in_budgets").is_some();
            touched(team.budgets.is_none() || after != entry.limit && !is_carrier, "another limit was asked for")
        }
        "delete_workspace_budget" => touched(team.budgets.is_none() || after.is_some(), "it was to stay"),
        _ => touched(true, "nobody asked for it"),
    }
}
