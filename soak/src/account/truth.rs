//! What the server has.

use std::collections::{BTreeMap, BTreeSet};

use openrouter_sandbox::Sandbox;
use openrouter_workspaces::BudgetSet;
use serde_json::Value;

use super::{INTERVALS, Limits};

/// What the server has of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Truth {
    pub workspace: Value,
    pub members: BTreeSet<String>,
    pub limits: Limits,
    pub include_byok: Option<bool>,
}

impl Truth {
    /// `None` if there is no such workspace.
    pub fn of(sandbox: &Sandbox, workspace: &str) -> Option<Self> {
        let text = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
        let there = sandbox.account().workspace(workspace).ok()?;
        let members = sandbox.members(workspace).ok()?.iter().filter_map(|row| text(row, "user_id")).collect();
        let interval = |row| text(row, "reset_interval").unwrap_or_else(|| "lifetime".to_owned());
        let budgets = sandbox.budgets(workspace).ok()?;
        let limits = budgets.iter().map(|row| (interval(row), row["limit_usd"].as_f64().unwrap_or_default())).collect();
        let include_byok = there["include_byok_in_budgets"].as_bool();
        Some(Self { workspace: there, members, limits, include_byok })
    }
}

/// The limits of a set.
pub(crate) fn limits_of(set: &BudgetSet) -> Limits {
    let limits = INTERVALS.into_iter().zip([set.lifetime, set.monthly, set.weekly, set.daily]);
    limits.filter_map(|(interval, limit)| Some((interval.to_owned(), limit?))).collect()
}

/// All that is saved of each workspace, by its slug.
pub(crate) fn saved(sandbox: &Sandbox) -> BTreeMap<String, Value> {
    let saved: Value = serde_json::from_str(&sandbox.save().to_json()).unwrap_or_default();
    let workspaces = saved["workspaces"].as_array().into_iter().flatten().cloned();
    workspaces.map(|workspace| (workspace["slug"].as_str().unwrap_or_default().to_owned(), workspace)).collect()
}
