//! The operations, for what holds for all of them.

use std::fmt::Debug;
use std::pin::Pin;

use openrouter_workspaces::operation::Operation;
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
        self.request(client, workspace).attempts().await
    }

    /// What `Debug` prints for the operation's request.
    pub fn debug(self, client: &Client) -> String {
        format!("{:#?}", self.request(client, "production"))
    }

    fn request(self, client: &Client, workspace: &str) -> Box<dyn AnyRequest> {
        let monthly = BudgetInterval::Monthly;
        match self {
            Self::List => Box::new(client.list()),
            Self::Create => Box::new(client.create("Production", workspace)),
            Self::Get => Box::new(client.get(workspace)),
            Self::Update => Box::new(client.update(workspace).name("Prod")),
            Self::Delete => Box::new(client.delete(workspace)),
            Self::ListMembers => Box::new(client.list_members(workspace)),
            Self::BulkAddMembers => Box::new(client.bulk_add_members(workspace, ["user_a"])),
            Self::BulkRemoveMembers => Box::new(client.bulk_remove_members(workspace, ["user_a"])),
            Self::ListBudgets => Box::new(client.list_budgets(workspace)),
            Self::GetBudget => Box::new(client.get_budget(workspace, monthly)),
            Self::SetBudget => Box::new(client.set_budget(workspace, monthly, 100.0)),
            Self::DeleteBudget => Box::new(client.delete_budget(workspace, monthly)),
        }
    }
}

/// What the requests of all operations have in common.
trait AnyRequest: Debug + Send {
    fn attempts(self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<u32, Error>> + Send>>;
}

impl<O: Operation> AnyRequest for Request<O> {
    fn attempts(self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<u32, Error>> + Send>> {
        Box::pin(async move { Ok(self.send_with_meta().await?.attempts()) })
    }
}
