//! The operations, for what holds for all of them.

use openrouter_workspaces::operation::*;
use openrouter_workspaces::{BudgetInterval, Client, Error, Request};
use serde_json::json;

use super::Reply;
use super::fixtures::{budget, member, workspace};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    List,
    Create,
    Get,
    Update,
    Delete,
    ListMembers,
    BulkAddMembers,
    BulkRemoveMembers,
    ListBudgets,
    GetBudget,
    SetBudget,
    DeleteBudget,
}

impl Op {
    pub const ALL: [Self; 12] = [
        Self::List,
        Self::Create,
        Self::Get,
        Self::Update,
        Self::Delete,
        Self::ListMembers,
        Self::BulkAddMembers,
        Self::BulkRemoveMembers,
        Self::ListBudgets,
        Self::GetBudget,
        Self::SetBudget,
        Self::DeleteBudget,
    ];

    /// The operations that name a workspace.
    pub fn on_a_workspace() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|op| !matches!(op, Self::List | Self::Create))
    }

    /// The operation with this `operationId`.
    pub fn with_id(id: &str) -> Self {
        let found = Self::ALL.into_iter().find(|op| op.id() == id);
        found.unwrap_or_else(|| panic!("the contract has {id}, which tests/common/ops.rs does not know"))
    }

    /// The `operationId` in the contract.
    pub fn id(self) -> &'static str {
        match self {
            Self::List => "list_workspaces",
            Self::Create => "create_workspace",
            Self::Get => "get_workspace",
            Self::Update => "update_workspace",
            Self::Delete => "delete_workspace",
            Self::ListMembers => "list_workspace_members",
            Self::BulkAddMembers => "bulk_add_workspace_members",
            Self::BulkRemoveMembers => "bulk_remove_workspace_members",
            Self::ListBudgets => "list_workspace_budgets",
            Self::GetBudget => "get_workspace_budget",
            Self::SetBudget => "upsert_workspace_budget",
            Self::DeleteBudget => "delete_workspace_budget",
        }
    }

    /// The request that [`send`](Self::send) makes.
    pub fn line(self) -> &'static str {
        match self {
            Self::List => "GET /api/v1/workspaces",
            Self::Create => "POST /api/v1/workspaces",
            Self::Get => "GET /api/v1/workspaces/production",
            Self::Update => "PATCH /api/v1/workspaces/production",
            Self::Delete => "DELETE /api/v1/workspaces/production",
            Self::ListMembers => "GET /api/v1/workspaces/production/members",
            Self::BulkAddMembers => "POST /api/v1/workspaces/production/members/add",
            Self::BulkRemoveMembers => "POST /api/v1/workspaces/production/members/remove",
            Self::ListBudgets => "GET /api/v1/workspaces/production/budgets",
            Self::GetBudget => "GET /api/v1/workspaces/production/budgets/monthly",
            Self::SetBudget => "PUT /api/v1/workspaces/production/budgets/monthly",
            Self::DeleteBudget => "DELETE /api/v1/workspaces/production/budgets/monthly",
        }
    }

    /// A success.
    pub fn success(self) -> Reply {
        match self {
            Self::List => Reply::json(200, json!({"data": [workspace()], "total_count": 1})),
            Self::Create => Reply::json(201, json!({"data": workspace()})),
            Self::Get | Self::Update => Reply::json(200, json!({"data": workspace()})),
            Self::ListMembers => Reply::json(200, json!({"data": [member()], "total_count": 1})),
            Self::BulkAddMembers => Reply::json(200, json!({"data": [member()], "added_count": 1})),
            Self::BulkRemoveMembers => Reply::json(200, json!({"removed_count": 1})),
            Self::ListBudgets => Reply::json(200, json!({"data": [budget()]})),
            Self::GetBudget | Self::SetBudget => Reply::json(200, json!({"data": budget()})),
            Self::Delete | Self::DeleteBudget => Reply::json(200, json!({"deleted": true})),
        }
    }

    /// Calls the operation, and tells how many attempts a success took.
    pub async fn send(self, client: &Client) -> Result<u32, Error> {
        self.send_to(client, "production").await
    }

    /// Calls the operation for a workspace.
    pub async fn send_to(self, client: &Client, workspace: &str) -> Result<u32, Error> {
        let monthly = BudgetInterval::Monthly;
        match self {
            Self::List => attempts(client.list()).await,
            Self::Create => attempts(client.create("Production", workspace)).await,
            Self::Get => attempts(client.get(workspace)).await,
            Self::Update => attempts(client.update(workspace).name("Prod")).await,
            Self::Delete => attempts(client.delete(workspace)).await,
            Self::ListMembers => attempts(client.list_members(workspace)).await,
            Self::BulkAddMembers => attempts(client.bulk_add_members(workspace, ["user_a"])).await,
            Self::BulkRemoveMembers => attempts(client.bulk_remove_members(workspace, ["user_a"])).await,
            Self::ListBudgets => attempts(client.list_budgets(workspace)).await,
            Self::GetBudget => attempts(client.get_budget(workspace, monthly)).await,
            Self::SetBudget => attempts(client.set_budget(workspace, monthly, 100.0)).await,
            Self::DeleteBudget => attempts(client.delete_budget(workspace, monthly)).await,
        }
    }

    /// What `Debug` prints for the operation's request.
    pub fn debug(self, client: &Client) -> String {
        let monthly = BudgetInterval::Monthly;
        match self {
            Self::List => format!("{:#?}", client.list()),
            Self::Create => format!("{:#?}", client.create("Production", "production")),
            Self::Get => format!("{:#?}", client.get("production")),
            Self::Update => format!("{:#?}", client.update("production")),
            Self::Delete => format!("{:#?}", client.delete("production")),
            Self::ListMembers => format!("{:#?}", client.list_members("production")),
            Self::BulkAddMembers => format!("{:#?}", client.bulk_add_members("production", ["user_a"])),
            Self::BulkRemoveMembers => format!("{:#?}", client.bulk_remove_members("production", ["user_a"])),
            Self::ListBudgets => format!("{:#?}", client.list_budgets("production")),
            Self::GetBudget => format!("{:#?}", client.get_budget("production", monthly)),
            Self::SetBudget => format!("{:#?}", client.set_budget("production", monthly, 100.0)),
            Self::DeleteBudget => format!("{:#?}", client.delete_budget("production", monthly)),
        }
    }
}

/// What the twelve requests have in common.
trait Attempts {
    fn attempts(self) -> impl Future<Output = Result<u32, Error>>;
}

macro_rules! attempts {
    ($($operation:ty),*) => {
        $(impl Attempts for Request<$operation> {
            async fn attempts(self) -> Result<u32, Error> {
                Ok(self.send_with_meta().await?.attempts())
            }
        })*
    };
}

// The trait behind `Request` is not public, so that this cannot be generic.
attempts!(ListWorkspaces, CreateWorkspace, GetWorkspace, UpdateWorkspace, DeleteWorkspace);
attempts!(ListMembers, BulkAddMembers, BulkRemoveMembers);
attempts!(ListBudgets, GetBudget, SetBudget, DeleteBudget);

async fn attempts(request: impl Attempts) -> Result<u32, Error> {
    request.attempts().await
}
