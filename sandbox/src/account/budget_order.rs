//! The order of budgets: limits decrease as the interval narrows.

use std::collections::BTreeMap;

use serde_json::json;

use crate::account::model::{Budget, Interval};
use crate::spec::refusal::Refusal;

const ORDER: &str = "(lifetime > monthly > weekly > daily)";

/// Refuses a limit that is not above those of all narrower intervals and below those of all wider ones, and names each
/// pair that is out of order.
pub(crate) fn check_order(budgets: &BTreeMap<Interval, Budget>, interval: Interval, limit: f64) -> Result<(), Refusal> {
    let colliding: Vec<(Interval, f64)> = budgets
        .iter()
        .map(|(other, budget)| (*other, budget.limit_usd))
        .filter(|(other, other_limit)| {
            (*other < interval && *other_limit >= limit) || (*other > interval && *other_limit <= limit)
        })
        .collect();
    if colliding.is_empty() {
        return Ok(());
    }
    let pairs: Vec<String> = colliding
        .iter()
        .map(|(other, other_limit)| match *other > interval {
            true => greater((*other, *other_limit), (interval, limit)),
            false => greater((interval, limit), (*other, *other_limit)),
        })
        .collect();
    let message =
        format!("Budget limits must strictly decrease as the interval narrows {ORDER}: {}.", pairs.join(", and "));
    let colliding: Vec<Interval> = colliding.into_iter().map(|(other, _)| other).collect();
    Err(Refusal::bad_request(message).with_metadata(json!({"interval": interval, "collides_with": colliding})))
}

fn greater(wide: (Interval, f64), narrow: (Interval, f64)) -> String {
    format!("the {} limit (${}) must be greater than the {} limit (${})", wide.0, wide.1, narrow.0, narrow.1)
}
