//! The operations on budgets.

use reqwest::Url;

use crate::endpoint::Endpoint;
use crate::error::InvalidInput;
use crate::generated::endpoints;
use crate::generated::enums::{BudgetInterval, ResetInterval};
use crate::generated::types::{
    DeletedResponse, ListWorkspaceBudgetsResponse, UpsertWorkspaceBudgetRequest, WorkspaceBudget,
    WorkspaceBudgetResponse,
};
use crate::operation::{Operation, Request, validate};

impl WorkspaceBudget {
    /// The interval under which the budget is found. A budget that never resets is the lifetime budget.
    pub fn interval(&self) -> BudgetInterval {
        let reset = self.reset_interval.as_ref();
        reset.map_or(BudgetInterval::Lifetime, |reset| ResetInterval::as_str(reset).into())
    }
}

/// Both parts of a budget's path.
fn check_path<E: Endpoint>(workspace: &str, interval: &BudgetInterval) -> Result<(), InvalidInput> {
    validate::path_segment::<E>("id", workspace)?;
    validate::path_segment::<E>("interval", interval.as_str())
}

/// Lists budgets. Made by [`Client::list_budgets`](crate::Client::list_budgets).
#[derive(Clone, Debug)]
pub struct ListBudgets {
    pub(crate) workspace: String,
}

impl Operation for ListBudgets {
    type Output = ListWorkspaceBudgetsResponse;
    type Endpoint = endpoints::ListWorkspaceBudgets;
    const NAME: &'static str = "list_budgets";

    fn check(&self) -> Result<(), InvalidInput> {
        validate::path_segment::<Self::Endpoint>("id", &self.workspace)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::ListWorkspaceBudgets::request(base_url, &self.workspace)
    }

    fn output(&self, wire: ListWorkspaceBudgetsResponse) -> Self::Output {
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
    type Endpoint = endpoints::GetWorkspaceBudget;
    const NAME: &'static str = "get_budget";

    fn check(&self) -> Result<(), InvalidInput> {
        check_path::<Self::Endpoint>(&self.workspace, &self.interval)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::GetWorkspaceBudget::request(base_url, &self.workspace, &self.interval)
    }

    fn output(&self, wire: WorkspaceBudgetResponse) -> Self::Output {
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
    crate::generated::upsert_workspace_budget_setters!();
}

impl Operation for SetBudget {
    type Output = WorkspaceBudgetResponse;
    type Endpoint = endpoints::UpsertWorkspaceBudget;
    const NAME: &'static str = "set_budget";

    fn check(&self) -> Result<(), InvalidInput> {
        check_path::<Self::Endpoint>(&self.workspace, &self.interval)?;
        validate::body::<Self::Endpoint>(&self.body)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::UpsertWorkspaceBudget::request(base_url, &self.workspace, &self.interval, &self.body)
    }

    fn output(&self, wire: WorkspaceBudgetResponse) -> Self::Output {
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
    type Endpoint = endpoints::DeleteWorkspaceBudget;
    const NAME: &'static str = "delete_budget";

    fn check(&self) -> Result<(), InvalidInput> {
        check_path::<Self::Endpoint>(&self.workspace, &self.interval)
    }

    fn request(&self, base_url: &Url) -> Result<reqwest::Request, serde_json::Error> {
        endpoints::DeleteWorkspaceBudget::request(base_url, &self.workspace, &self.interval)
    }

    fn output(&self, wire: DeletedResponse) -> Self::Output {
        wire
    }
}
