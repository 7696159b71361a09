//! The operations on budgets.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::account::budget_order::check_order;
use crate::account::model::Budget;
use crate::account::state::AccountState;
use crate::profile::Behaviour;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

#[derive(Deserialize)]
struct Upsert {
    limit_usd: f64,
    include_byok_in_budgets: Option<bool>,
}

pub(crate) fn list(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    check_plan(state)?;
    let record = state.record(&request.workspace()?)?;
    if !record.had_budgets && state.server.has(Behaviour::BudgetsNotFound) {
        return Err(Refusal::not_found("No budgets found for this workspace"));
    }
    let budgets: Vec<_> = record.budgets.values().rev().collect();
    Ok(answer(budgets, record.workspace.include_byok_in_budgets))
}

pub(crate) fn get(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    check_plan(state)?;
    let record = state.record(&request.workspace()?)?;
    let budget =
        record.budgets.get(&request.parameter("interval")?).ok_or_else(|| Refusal::not_found("Budget not found"))?;
    Ok(answer(budget, record.workspace.include_byok_in_budgets))
}

pub(crate) fn upsert(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    check_plan(state)?;
    let interval = request.parameter("interval")?;
    let body: Upsert = request.body()?;
    let (now, id) = (state.now(), state.ids.next());
    let record = state.record_mut(&request.workspace()?)?;
    check_order(&record.budgets, interval, body.limit_usd)?;

    let workspace = &mut record.workspace;
    if body.include_byok_in_budgets.is_some() {
        workspace.include_byok_in_budgets = body.include_byok_in_budgets;
    }
    let budget = record
        .budgets
        .entry(interval)
        .or_insert_with(|| Budget::new(id, workspace.id, interval, body.limit_usd, now.clone()));
    budget.limit_usd = body.limit_usd;
    budget.updated_at = now;
    record.had_budgets = true;
    Ok(answer(budget, workspace.include_byok_in_budgets))
}

pub(crate) fn delete(state: &mut AccountState, request: &ValidatedRequest) -> Result<Value, Refusal> {
    check_plan(state)?;
    let record = state.record_mut(&request.workspace()?)?;
    record.budgets.remove(&request.parameter("interval")?);
    Ok(json!({"deleted": true}))
}

/// Refuses accounts that cannot have budgets.
fn check_plan(state: &AccountState) -> Result<(), Refusal> {
    match state.server.has(Behaviour::BudgetsForbidden) {
        true => Err(Refusal::forbidden("Workspace budgets are only available on the Enterprise plan")),
        false => Ok(()),
    }
}

/// Budgets, with what the workspace says about all of them, if it says anything.
fn answer(data: impl Serialize, include_byok_in_budgets: Option<bool>) -> Value {
    let mut answer = json!({"data": data});
    if let Some(include) = include_byok_in_budgets {
        answer["include_byok_in_budgets"] = include.into();
    }
    answer
}
