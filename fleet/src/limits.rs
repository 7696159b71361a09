//! The limits of budgets, and the rule that the server has for them.

use openrouter_workspaces::{BudgetInterval, BudgetSet};

/// The limits of a set, the widest interval first.
pub(crate) fn limits(set: &BudgetSet) -> [(BudgetInterval, Option<f64>); 4] {
    [
        (BudgetInterval::Lifetime, set.lifetime),
        (BudgetInterval::Monthly, set.monthly),
        (BudgetInterval::Weekly, set.weekly),
        (BudgetInterval::Daily, set.daily),
    ]
}

/// The rule that a set of budgets breaks, and the narrower of the intervals that break it.
pub(crate) fn broken_rule(budgets: &BudgetSet) -> Option<(String, String)> {
    let mut wider: Option<(String, f64)> = None;
    for (interval, limit) in limits(budgets) {
        let Some(limit) = limit else { continue };
        let interval = interval.as_str().to_owned();
        match &wider {
            _ if !limit.is_finite() || limit <= 0.0 => {
                return Some((interval, format!("must be greater than 0, is {limit}")));
            }
            Some((wide, most)) if limit >= *most => {
                return Some((interval, format!("must be less than the {wide} limit ({most}), is {limit}")));
            }
            _ => wider = Some((interval, limit)),
        }
    }
    None
}
