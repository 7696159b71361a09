//! The operations on budgets.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::state::State;
use crate::spec::refusal::Refusal;
use crate::spec::request::Call;

/// The interval of a budget, ordered from the narrowest to the widest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Interval {
    Daily,
    Weekly,
    Monthly,
    Lifetime,
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Lifetime => "lifetime",
        })
    }
}

/// A budget as the API shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Budget {
    id: Uuid,
    workspace_id: Uuid,
    limit_usd: f64,
    reset_interval: Option<Interval>,
    created_at: String,
    updated_at: String,
}

#[derive(Deserialize)]
struct Upsert {
    limit_usd: f64,
    include_byok_in_budgets: Option<bool>,
}

pub(crate) fn list(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record(&call.workspace()?)?;
    let budgets: Vec<_> = record.budgets.values().rev().collect();
    Ok(json!({
        "data": budgets,
        "include_byok_in_budgets": record.workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn get(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record(&call.workspace()?)?;
    let budget =
        record.budgets.get(&call.parameter("interval")?).ok_or_else(|| Refusal::not_found("Budget not found"))?;
    Ok(json!({
        "data": budget,
        "include_byok_in_budgets": record.workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn upsert(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let interval = call.parameter("interval")?;
    let request: Upsert = call.body()?;
    let now = state.now();
    let record = state.record_mut(&call.workspace()?)?;
    check_order(&record.budgets, interval, request.limit_usd)?;

    let workspace = &mut record.workspace;
    if let Some(include) = request.include_byok_in_budgets {
        workspace.include_byok_in_budgets = include;
    }
    let budget = record.budgets.entry(interval).or_insert_with(|| Budget {
        id: Uuid::new_v4(),
        workspace_id: workspace.id,
        limit_usd: request.limit_usd,
        reset_interval: (interval != Interval::Lifetime).then_some(interval),
        created_at: now.clone(),
        updated_at: now.clone(),
    });
    budget.limit_usd = request.limit_usd;
    budget.updated_at = now;
    Ok(json!({
        "data": budget,
        "include_byok_in_budgets": workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let record = state.record_mut(&call.workspace()?)?;
    record.budgets.remove(&call.parameter("interval")?);
    Ok(json!({"deleted": true}))
}

/// Refuses a limit that is not above those of all narrower intervals and below those of all wider ones.
fn check_order(budgets: &BTreeMap<Interval, Budget>, interval: Interval, limit: f64) -> Result<(), Refusal> {
    let colliding: Vec<Interval> = budgets
        .iter()
        .filter(|(other, budget)| {
            (**other < interval && budget.limit_usd >= limit) || (**other > interval && budget.limit_usd <= limit)
        })
        .map(|(other, _)| *other)
        .collect();
    if colliding.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = colliding.iter().map(Interval::to_string).collect();
    let message = format!(
        "Budget limits must strictly decrease as the interval narrows: {interval} collides with {}",
        names.join(", "),
    );
    Err(Refusal::bad_request(message).with_metadata(json!({"interval": interval, "collides_with": colliding})))
}
