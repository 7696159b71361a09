//! The operations of the API: what each does with the account.

pub(crate) mod budgets;
pub(crate) mod members;
pub(crate) mod workspaces;

use serde_json::Value;

use crate::account::state::AccountState;
use crate::spec::refusal::Refusal;
use crate::spec::request::ValidatedRequest;

/// Carries out an operation and returns the body of the answer.
pub(crate) type Handler = fn(&mut AccountState, &ValidatedRequest) -> Result<Value, Refusal>;

/// The handler of the operation with this `operationId`; `None` for one that the sandbox does not know yet.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_workspaces" => workspaces::list,
        "create_workspace" => workspaces::create,
        "get_workspace" => workspaces::get,
        "update_workspace" => workspaces::update,
        "delete_workspace" => workspaces::delete,
        "list_workspace_members" => members::list,
        "bulk_add_workspace_members" => members::add,
        "bulk_remove_workspace_members" => members::remove,
        "list_workspace_budgets" => budgets::list,
        "get_workspace_budget" => budgets::get,
        "upsert_workspace_budget" => budgets::upsert,
        "delete_workspace_budget" => budgets::delete,
        _ => return None,
    })
}
