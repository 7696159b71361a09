//! The operations on budgets.

use crate::generated::endpoints::{
    DeleteWorkspaceBudget, GetWorkspaceBudget, ListWorkspaceBudgets, UpsertWorkspaceBudget,
};
use crate::generated::enums::{BudgetInterval, ResetInterval};
use crate::generated::types::{
    DeletedResponse, ListWorkspaceBudgetsResponse, WorkspaceBudget, WorkspaceBudgetResponse,
};
use crate::operation::{Operation, Request};

impl WorkspaceBudget {
    /// The interval under which the budget is found. A budget that never resets is the lifetime budget.
    pub fn interval(&self) -> BudgetInterval {
        let reset = self.reset_interval.as_ref();
        reset.map_or(BudgetInterval::Lifetime, |reset| ResetInterval::as_str(reset).into())
    }
}

impl Operation for ListWorkspaceBudgets {
    type Output = ListWorkspaceBudgetsResponse;
    const NAME: &'static str = "list_budgets";
}

impl Operation for GetWorkspaceBudget {
    type Output = WorkspaceBudgetResponse;
    const NAME: &'static str = "get_budget";
}

impl Request<UpsertWorkspaceBudget> {
    crate::generated::upsert_workspace_budget_setters!();
}

impl Operation for UpsertWorkspaceBudget {
    type Output = WorkspaceBudgetResponse;
    const NAME: &'static str = "set_budget";
}

impl Operation for DeleteWorkspaceBudget {
    type Output = DeletedResponse;
    const NAME: &'static str = "delete_budget";
}
