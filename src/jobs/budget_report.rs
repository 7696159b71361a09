//! How far the budgets of a workspace are set, while the job runs and when it has ended.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::generated::enums::BudgetInterval;
use crate::jobs::budget_plan::BudgetStep;
use crate::jobs::budget_set::BudgetSet;

/// How far [`Client::set_budgets`](crate::Client::set_budgets) has come.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BudgetReport {
    /// The budgets that are in force now, as the server said last. `None` if they could not be read at all.
    pub in_force: Option<BudgetSet>,
    /// The budget of which it is not known whether it was changed: because the answer was lost, and the budgets could not
    /// be read again, or because the request is under way, or was dropped. Neither the old limit nor the new one is certain
    /// then.
    pub unknown: Option<BudgetInterval>,
    /// The changes that were made, one whose answer was lost among them if the budgets show it.
    pub made: Vec<BudgetStep>,
    /// The changes that are left, the one that failed among them. Empty after a success.
    pub left: Vec<BudgetStep>,
}

/// As in `in force now: 500 USD monthly; left: 50 USD daily`.
impl fmt::Display for BudgetReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.in_force {
            Some(set) => write!(f, "in force now: {set}")?,
            None => f.write_str("nothing was changed")?,
        }
        if let Some(interval) = &self.unknown {
            write!(f, " (the {} limit is not certain)", interval.as_str())?;
        }
        for (index, step) in self.left.iter().enumerate() {
            write!(f, "{}{step}", if index == 0 { "; left: " } else { ", " })?;
        }
        Ok(())
    }
}

/// How far [`Client::set_budgets`](crate::Client::set_budgets) has come, also while it runs, and after it was dropped. Made by
/// [`so_far`](crate::jobs::SetBudgetsJob#method.so_far).
#[derive(Clone, Debug, Default)]
pub struct BudgetsSoFar(Arc<Mutex<BudgetReport>>);

impl BudgetsSoFar {
    /// What was changed by now, and what is left. Empty until the budgets have been read. A budget of which a request is under
    /// way is [`unknown`](BudgetReport::unknown), and stays so if the job is dropped.
    pub fn get(&self) -> BudgetReport {
        self.update(|report| report.clone())
    }

    pub(super) fn update<T>(&self, update: impl FnOnce(&mut BudgetReport) -> T) -> T {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
