//! In which order budgets are changed.
//!
//! The server takes a limit only if it is below those of all wider intervals and above those of all narrower ones. Deletions
//! first, then what falls from the narrowest interval up, then what rises or is new from the widest down: so every step is
//! one that it takes, and each budget that differs takes one request.

use openrouter_workspaces::{BudgetInterval, BudgetSet};

use crate::limits::limits;
use crate::plan::action::{Action, ByokChange, Change};

/// `include_byok` is to change where there is no budget that it could be sent with.
#[derive(Debug)]
pub(super) struct NoCarrier;

/// What makes one set of the other, in an order in which the server takes every step.
pub(super) fn steps(now: &BudgetSet, wanted: &BudgetSet) -> Result<Vec<Action>, NoCarrier> {
    let (mut deleted, mut falling, mut rising) = (Vec::new(), Vec::new(), Vec::new());
    for ((interval, old), (_, new)) in limits(now).into_iter().zip(limits(wanted)) {
        match (old, new) {
            (old, new) if old == new => {}
            (Some(before), None) => deleted.push(Action::new(
                Change::DeleteBudget { interval, before },
                "the manifest names all budgets, and not this one",
            )),
            (Some(old), Some(new)) if new < old => {
                falling.push(set(interval, Some(old), new, "the limit falls; narrower intervals come first"));
            }
            (Some(old), Some(new)) => {
                rising.push(set(interval, Some(old), new, "the limit rises; wider intervals come first"));
            }
            (None, Some(new)) => rising.push(set(interval, None, new, "there is none; wider intervals come first")),
            (None, None) => {}
        }
    }
    falling.reverse();
    let mut steps = [deleted, falling, rising].concat();
    let Some(byok) = byok_change(now, wanted) else { return Ok(steps) };
    // It travels with a limit: one that is set anyway, or else one that is there.
    if !steps.iter().any(|step| matches!(step.change, Change::SetBudget { .. })) {
        if byok.before.unwrap_or_default() == byok.after {
            // A workspace that was never told does not tell, and means no by it.
            return Ok(steps);
        }
        let there = limits(now).into_iter().find_map(|(interval, limit)| Some((interval, limit?)));
        let (interval, limit) = there.ok_or(NoCarrier)?;
        steps.insert(0, set(interval, Some(limit), limit, "`include_byok` differs, and is sent with a budget"));
    }
    for step in &mut steps {
        if let Change::SetBudget { include_byok, .. } = &mut step.change {
            *include_byok = Some(byok);
            break;
        }
    }
    Ok(steps)
}

fn set(interval: BudgetInterval, before: Option<f64>, after: f64, reason: &str) -> Action {
    Action::new(Change::SetBudget { interval, before, after, include_byok: None }, reason)
}

fn byok_change(now: &BudgetSet, wanted: &BudgetSet) -> Option<ByokChange> {
    let after = wanted.include_byok?;
    (now.include_byok != Some(after)).then_some(ByokChange { before: now.include_byok, after })
}
