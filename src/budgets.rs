//! The operations on budgets.

use crate::error::Error;
use crate::generated::enums::{BudgetInterval, ResetInterval};
use crate::generated::types::{
    DeletedResponse, ListWorkspaceBudgetsResponse, UpsertWorkspaceBudgetRequest, WorkspaceBudget,
    WorkspaceBudgetResponse,
};
use crate::generated::{self, rules};
use crate::request::{Answer, Operation, Request};
use crate::validate;

impl WorkspaceBudget {
    /// The interval under which the budget is found. A budget that never resets is the lifetime budget.
    pub fn interval(&self) -> BudgetInterval {
        let reset = self.reset_interval.as_ref();
        reset.map_or(BudgetInterval::Lifetime, |reset| ResetInterval::as_str(reset).into())
    }
}

/// Both parts of a budget's path.
fn check_path(rules: &[validate::Field], workspace: &str, interval: &BudgetInterval) -> Result<(), Error> {
    validate::path_segment(rules, "id", workspace)?;
    validate::path_segment(rules, "interval", interval.as_str())
}

/// Lists budgets. Made by [`Client::list_budgets`](crate::Client::list_budgets).
#[derive(Clone, Debug)]
pub struct ListBudgets {
    pub(crate) workspace: String,
}

impl Operation for ListBudgets {
    type Output = ListWorkspaceBudgetsResponse;
    type Wire = ListWorkspaceBudgetsResponse;

    fn check(&self) -> Result<(), Error> {
        validate::path_segment(rules::LIST_WORKSPACE_BUDGETS, "id", &self.workspace)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.list_workspace_budgets(&self.workspace).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}

/// Gets a budget. Made by [`Client::get_budget`](crate::Client::get_budget).
#[derive(Clone, Debug)]
pub struct GetBudget {
    pub(crate) workspace: String,
    pub(crate) interval: BudgetInterval,
}

impl Operation for GetBudget {
    type Output = WorkspaceBudgetResponse;
    type Wire = WorkspaceBudgetResponse;

    fn check(&self) -> Result<(), Error> {
        check_path(rules::GET_WORKSPACE_BUDGET, &self.workspace, &self.interval)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.get_workspace_budget(&self.workspace, &self.interval).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}

/// Creates or replaces a budget. Made by [`Client::set_budget`](crate::Client::set_budget).
#[derive(Clone, Debug)]
pub struct SetBudget {
    workspace: String,
    interval: BudgetInterval,
    body: UpsertWorkspaceBudgetRequest,
}

impl SetBudget {
    pub(crate) fn new(workspace: String, interval: BudgetInterval, limit_usd: f64) -> Self {
        let body = UpsertWorkspaceBudgetRequest { include_byok_in_budgets: None, limit_usd };
        Self { workspace, interval, body }
    }
}

impl Request<SetBudget> {
    /// Whether spend on one's own provider keys (BYOK) counts. It belongs to the workspace, whichever interval it is
    /// sent with; not called, it stays as it is.
    pub fn include_byok_in_budgets(mut self, include: bool) -> Self {
        self.operation.body.include_byok_in_budgets = Some(include);
        self
    }
}

impl Operation for SetBudget {
    type Output = WorkspaceBudgetResponse;
    type Wire = WorkspaceBudgetResponse;

    fn check(&self) -> Result<(), Error> {
        check_path(rules::UPSERT_WORKSPACE_BUDGET, &self.workspace, &self.interval)?;
        validate::body(rules::UPSERT_WORKSPACE_BUDGET, &self.body)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.upsert_workspace_budget(&self.workspace, &self.interval, &self.body).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}

/// Deletes a budget. Made by [`Client::delete_budget`](crate::Client::delete_budget).
#[derive(Clone, Debug)]
pub struct DeleteBudget {
    pub(crate) workspace: String,
    pub(crate) interval: BudgetInterval,
}

impl Operation for DeleteBudget {
    type Output = DeletedResponse;
    type Wire = DeletedResponse;

    fn check(&self) -> Result<(), Error> {
        check_path(rules::DELETE_WORKSPACE_BUDGET, &self.workspace, &self.interval)
    }

    async fn call(self, api: generated::Client) -> Answer<Self::Wire> {
        api.delete_workspace_budget(&self.workspace, &self.interval).await
    }

    fn output(&self, wire: Self::Wire) -> Self::Output {
        wire
    }
}
