//! What makes one set of budgets the other, as steps of a plan. Their order is the SDK's, in which the server takes each.

use openrouter_workspaces::jobs::BudgetStep;
use openrouter_workspaces::{BudgetSet, InvalidInput};

use crate::plan::action::{Action, ByokChange, Change};

/// The steps from one set to the other. Fails where `include_byok` is to change, and there is no budget to send it with.
pub(super) fn steps(now: &BudgetSet, wanted: &BudgetSet) -> Result<Vec<Action>, InvalidInput> {
    let mut now = *now;
    let steps = now.steps_to(wanted)?;
    Ok(steps.into_iter().filter_map(|step| action(step, &mut now)).collect())
}

/// The step as an action, which is made to the set as well.
fn action(step: BudgetStep, now: &mut BudgetSet) -> Option<Action> {
    let before = now.limits().into_iter().find_map(|(interval, limit)| limit.filter(|_| interval == step.interval));
    let byok = step.include_byok.map(|after| ByokChange { before: now.include_byok, after });
    step.apply(now);
    let BudgetStep { interval, limit_usd, .. } = step;
    let (after, reason) = match (before, limit_usd) {
        (before, None) => {
            let change = Change::DeleteBudget { interval, before: before? };
            return Some(Action::new(change, "the manifest names all budgets, and not this one"));
        }
        (None, Some(after)) => (after, "there is none; wider intervals come first"),
        (Some(before), Some(after)) if after < before => (after, "the limit falls; narrower intervals come first"),
        (Some(before), Some(after)) if after > before => (after, "the limit rises; wider intervals come first"),
        // A workspace that was never told whether own keys count does not tell, and means no by it.
        _ if byok.is_some_and(|byok| byok.before.unwrap_or_default() == byok.after) => return None,
        (Some(_), Some(after)) => (after, "`include_byok` differs, and is sent with a budget"),
    };
    Some(Action::new(Change::SetBudget { interval, before, after, include_byok: byok }, reason))
}
