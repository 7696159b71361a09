//! The operations on budgets.

use crate::error::Error;
use crate::generated::endpoints::{
    DeleteWorkspaceBudget, GetWorkspaceBudget, ListWorkspaceBudgets, UpsertWorkspaceBudget,
};
use crate::generated::enums::{BudgetInterval, ResetInterval};
use crate::generated::types::{
    DeletedResponse, ListWorkspaceBudgetsResponse, WorkspaceBudget, WorkspaceBudgetResponse,
};
use crate::json::from_body;
use crate::operation::{Operation, Request, look_up};
use crate::transport::{Call, Repeat, Response};

impl WorkspaceBudget {
    /// The interval under which the budget is found. A budget that never resets is the lifetime budget.
    pub fn interval(&self) -> BudgetInterval {
        BudgetInterval::from(&self.reset_interval)
    }
}

impl From<ResetInterval> for BudgetInterval {
    fn from(reset: ResetInterval) -> Self {
        Self::from(&reset)
    }
}

impl From<&ResetInterval> for BudgetInterval {
    fn from(reset: &ResetInterval) -> Self {
        let text = reset.as_str();
        Self::known(text).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

/// `None` is the lifetime budget, which never resets.
impl From<Option<ResetInterval>> for BudgetInterval {
    fn from(reset: Option<ResetInterval>) -> Self {
        Self::from(&reset)
    }
}

/// `None` is the lifetime budget, which never resets.
impl From<Option<&ResetInterval>> for BudgetInterval {
    fn from(reset: Option<&ResetInterval>) -> Self {
        reset.map_or(Self::Lifetime, Self::from)
    }
}

/// `None` is the lifetime budget, which never resets.
impl From<&Option<ResetInterval>> for BudgetInterval {
    fn from(reset: &Option<ResetInterval>) -> Self {
        Self::from(reset.as_ref())
    }
}

impl From<&WorkspaceBudget> for BudgetInterval {
    fn from(budget: &WorkspaceBudget) -> Self {
        budget.interval()
    }
}

impl Operation for ListWorkspaceBudgets {
    type Output = ListWorkspaceBudgetsResponse;
    const NAME: &'static str = "list_budgets";

    /// The API answers 404 for a workspace that never had a budget, as it does for one that does not exist. Looking the
    /// workspace up tells them apart. Where that fails, so does the call, for then it is not known that there is none.
    async fn perform(&self, call: &mut Call) -> Result<Response<ListWorkspaceBudgetsResponse>, Error> {
        match call.send(self, Repeat::Always).await {
            Err(failure @ Error::NotFound(_)) if call.options.retry.reconcile => call.repeat_after(failure)?,
            other => return other,
        }
        let workspace = look_up::get(call, &self.id).await?;
        let none = ListWorkspaceBudgetsResponse { data: Vec::new(), include_byok_in_budgets: None };
        Ok(workspace.map(|_| none).inferred())
    }
}

impl From<WorkspaceBudgetResponse> for WorkspaceBudget {
    fn from(body: WorkspaceBudgetResponse) -> Self {
        body.data
    }
}

/// What the answer to [`get_budget`](crate::Client::get_budget) or [`set_budget`](crate::Client::set_budget) says beside the
/// budget.
impl Response<WorkspaceBudget> {
    /// Whether spend on one's own provider keys (BYOK) counts, for all budgets of the workspace. `None` where the API does
    /// not tell. It is read from the body at every call.
    ///
    /// ```
    /// # use openrouter_workspaces::{BudgetInterval, Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let answer = client.get_budget("production", BudgetInterval::Monthly).send_with_meta().await?;
    /// println!("{} USD, own keys count: {:?}", answer.data.limit_usd, answer.include_byok_in_budgets());
    /// # Ok(())
    /// # }
    /// ```
    pub fn include_byok_in_budgets(&self) -> Option<bool> {
        from_body::<WorkspaceBudgetResponse>(self.body())?.include_byok_in_budgets
    }
}

impl Operation for GetWorkspaceBudget {
    type Output = WorkspaceBudget;
    const NAME: &'static str = "get_budget";
}

/// Only for a [`SetBudgetRequest`](crate::operation::SetBudgetRequest).
impl Request<UpsertWorkspaceBudget> {
    crate::generated::upsert_workspace_budget_setters!();
}

impl Operation for UpsertWorkspaceBudget {
    type Output = WorkspaceBudget;
    const NAME: &'static str = "set_budget";
}

impl Operation for DeleteWorkspaceBudget {
    type Output = DeletedResponse;
    const NAME: &'static str = "delete_budget";
}
