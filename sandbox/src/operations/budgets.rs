//! The operations on budgets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::model::{Budget, Interval};
use crate::account::state::AccountState;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

#[derive(Deserialize)]
struct Upsert {
    limit_usd: f64,
    include_byok_in_budgets: Option<bool>,
}

pub(crate) fn list(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record(&request.workspace()?)?;
    let budgets: Vec<_> = record.budgets.values().rev().collect();
    Ok(json!({
        "data": budgets,
        "include_byok_in_budgets": record.workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn get(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record(&request.workspace()?)?;
    let budget =
        record.budgets.get(&request.parameter("interval")?).ok_or_else(|| Refusal::not_found("Budget not found"))?;
    Ok(json!({
        "data": budget,
        "include_byok_in_budgets": record.workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn upsert(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let interval = request.parameter("interval")?;
    let body: Upsert = request.body()?;
    let (now, id) = (state.now(), state.ids.next());
    let record = state.record_mut(&request.workspace()?)?;
    check_order(&record.budgets, interval, body.limit_usd)?;

    let workspace = &mut record.workspace;
    if let Some(include) = body.include_byok_in_budgets {
        workspace.include_byok_in_budgets = include;
    }
    let budget = record
        .budgets
        .entry(interval)
        .or_insert_with(|| Budget::new(id, workspace.id, interval, body.limit_usd, now.clone()));
    budget.limit_usd = body.limit_usd;
    budget.updated_at = now;
    Ok(json!({
        "data": budget,
        "include_byok_in_budgets": workspace.include_byok_in_budgets,
    }))
}

pub(crate) fn delete(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    let record = state.record_mut(&request.workspace()?)?;
    record.budgets.remove(&request.parameter("interval")?);
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
