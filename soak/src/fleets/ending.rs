//! The account in the end, held against what there was before, where nobody else has changed it.

use std::collections::BTreeMap;

use openrouter_sandbox::Sandbox;
use serde_json::Value;

use super::Rule;
use super::wanted::{Entry, Wanted};
use crate::account::saved;

/// What was done beyond what the manifest asks for.
pub(super) fn problems(sandbox: &Sandbox, wanted: &Wanted, before: &BTreeMap<String, Value>) -> Vec<(Rule, String)> {
    let mut problems = Vec::new();
    let all = saved(sandbox);
    let after: BTreeMap<&str, &Value> = all.values().filter_map(|there| Some((there["id"].as_str()?, there))).collect();
    for (slug, before) in before.iter().filter(|(slug, _)| !wanted.is_pruned(slug)) {
        let rule = if slug == "default" { Rule::Default } else { Rule::Touched };
        let entry = wanted.entry(slug);
        let Some(after) = before["id"].as_str().and_then(|id| after.get(id)) else {
            let rule = if entry.is_some() { Rule::Doubled } else { rule };
            problems.push((rule, format!("{slug} is gone, or another workspace")));
            continue;
        };
        if let Some(entry) = entry.filter(|entry| after["slug"] != entry.slug) {
            problems.push((Rule::Doubled, format!("{slug} is {} instead of {}", after["slug"], entry.slug)));
        }
        problems.extend(touched(entry, before, after).map(|what| (rule, format!("{slug}: {what}"))));
    }
    let stay = before.keys().filter(|slug| !wanted.is_pruned(slug)).count();
    let new = |entry: &&Entry| !before.keys().any(|slug| entry.names(slug));
    let expected = stay + wanted.entries.iter().filter(new).count();
    if after.len() != expected {
        problems.push((Rule::Doubled, format!("there are {} workspaces instead of {expected}", after.len())));
    }
    problems
}

/// What was touched of a workspace that is not managed.
fn touched(entry: Option<&Entry>, before: &Value, after: &Value) -> Option<String> {
    for (field, value) in before.as_object().into_iter().flatten() {
        let is_managed = entry.is_some_and(|entry| match field.as_str() {
            "slug" => entry.renamed_from.is_some(),
            "members" => entry.members.as_ref().is_some_and(|members| is_kept(value, &after[field], members.exactly)),
            "budgets" | "had_budgets" => entry.budgets.is_some(),
            "include_byok_in_budgets" => entry.budgets.as_ref().is_some_and(|budgets| budgets.include_byok.is_some()),
            // By a change of any setting.
            "updated_at" => !entry.settings.is_empty() || entry.renamed_from.is_some(),
            field => entry.settings.contains_key(field),
        });
        if *value != after[field] && !is_managed {
            return Some(format!("{field} was {value}, and is {}", after[field]));
        }
    }
    None
}

/// Whether nobody who is a member before and after was removed in between, and, unless all are named, all are still there.
fn is_kept(before: &Value, after: &Value, exactly: bool) -> bool {
    let rows = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let after = rows(after);
    rows(before).iter().all(|row| match after.iter().find(|other| other["user_id"] == row["user_id"]) {
        Some(other) => other == row,
        None => exactly,
    })
}
