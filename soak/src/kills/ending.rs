//! The account in the end, held against what was asked for and what was there before.

use std::collections::BTreeMap;

use openrouter_sandbox::Sandbox;
use serde_json::Value;

use super::Rule;
use super::scenario::{Scenario, Team};
use crate::account::{Truth, saved};

/// What is not as it was asked for.
pub(super) fn unfinished(sandbox: &Sandbox, scenario: &Scenario) -> Option<String> {
    scenario.teams.iter().find_map(|team| {
        let slug = &team.slug;
        let Some(truth) = Truth::of(sandbox, slug) else { return Some(format!("there is no {slug}")) };
        let differs = |(field, value): &(&String, &Value)| truth.workspace[field.as_str()] != **value;
        if let Some((field, value)) = team.settings.iter().find(differs) {
            return Some(format!("{field} of {slug} is {} instead of {value}", truth.workspace[field.as_str()]));
        }
        if truth.members != team.members_after() {
            return Some(format!("{slug} has {:?} instead of {:?}", truth.members, team.members_after()));
        }
        if truth.limits != team.limits_after() {
            return Some(format!("{slug} has {:?} instead of {:?}", truth.limits, team.limits_after()));
        }
        let flag = team.budgets.as_ref().and_then(|budgets| budgets.include_byok);
        (flag.is_some() && flag != truth.include_byok).then(|| format!("{slug} has {:?}", truth.include_byok))
    })
}

/// What was done beyond that.
pub(super) fn problems(
    sandbox: &Sandbox,
    scenario: &Scenario,
    before: &BTreeMap<String, Value>,
) -> Vec<(Rule, String)> {
    let mut problems = Vec::new();
    let after = saved(sandbox);
    let expected = before.len() + scenario.teams.iter().filter(|team| !team.existed).count();
    if sandbox.workspaces().len() > expected {
        problems.push((Rule::Doubled, format!("there are {} workspaces", sandbox.workspaces().len())));
    }
    for (slug, before) in before {
        let Some(after) = after.get(slug) else {
            problems.push((Rule::Touched, format!("{slug} is gone")));
            continue;
        };
        if after["id"] != before["id"] {
            problems.push((Rule::Doubled, format!("{slug} is another workspace")));
        }
        let touched = match scenario.team(slug) {
            None => (before != after).then(|| format!("{slug} was {before}, and is {after}")),
            Some(team) => touched(team, before, after),
        };
        problems.extend(touched.map(|what| (Rule::Touched, what)));
    }
    problems
}

/// What was touched of a workspace beyond what was named.
fn touched(team: &Team, before: &Value, after: &Value) -> Option<String> {
    let slug = &team.slug;
    for (field, value) in before.as_object().into_iter().flatten() {
        let is_left_alone = match field.as_str() {
            "members" => kept(value, &after[field], "user_id"),
            "budgets" | "had_budgets" => team.budgets.is_some() || *value == after[field],
            "include_byok_in_budgets" => {
                team.budgets.as_ref().is_some_and(|budgets| budgets.include_byok.is_some()) || *value == after[field]
            }
            "updated_at" => !team.settings.is_empty() || *value == after[field],
            field => team.settings.contains_key(field) || *value == after[field],
        };
        if !is_left_alone {
            return Some(format!("{field} of {slug} was {value}, and is {}", after[field]));
        }
    }
    None
}

/// Whether the rows that are in both are the same: nobody was removed and added again.
fn kept(before: &Value, after: &Value, key: &str) -> bool {
    let rows = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let after = rows(after);
    rows(before).iter().all(|row| after.iter().all(|other| other[key] != row[key] || other == row))
}
