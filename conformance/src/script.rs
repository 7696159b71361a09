//! The script: what every SDK is asked to do.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All scenarios, in the order in which they run.
pub fn load() -> Result<Vec<Scenario>, String> {
    let scenarios: Vec<Scenario> =
        parse(include_str!("../script.yaml")).map_err(|error| format!("script.yaml: {error}"))?;
    let mut names = BTreeSet::new();
    if let Some((_, twice)) = steps(&scenarios).find(|(_, step)| !names.insert(&step.name)) {
        return Err(format!("script.yaml: two steps are called {}: rename one", twice.name));
    }
    Ok(scenarios)
}

/// A list in YAML, with what it says only once.
pub fn parse<T: DeserializeOwned>(yaml: &str) -> Result<Vec<T>, serde_norway::Error> {
    let mut document: serde_norway::Value = serde_norway::from_str(yaml)?;
    // `<<: *workspace` stands for the fields of what is called so.
    document.apply_merge()?;
    serde_norway::from_value(document)
}

/// The steps of all scenarios, each with its group.
pub fn steps(scenarios: &[Scenario]) -> impl Iterator<Item = (&str, &Step)> {
    scenarios.iter().flat_map(|scenario| scenario.steps.iter().map(|step| (scenario.group.as_str(), step)))
}

/// Steps that share a sandbox of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The row of the table in which its steps are counted.
    pub group: String,
    #[serde(default)]
    pub sandbox: Setup,
    pub steps: Vec<Step>,
}

/// What is special about a sandbox.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// How many workspaces there are besides the default one.
    #[serde(default)]
    pub workspaces: usize,
    /// How many users the organization has, if not as many as by default.
    pub members: Option<usize>,
    /// How many rows a page has at most.
    pub page_cap: Option<usize>,
    /// A user whose membership an identity provider manages.
    pub scim_member: Option<String>,
    /// Behaviours of the server that are switched on or off, by their names.
    #[serde(default)]
    pub behaviours: BTreeMap<String, bool>,
    /// A workspace in which `user_1` has an active API key.
    pub active_key_in: Option<String>,
    /// A workspace that another client deletes before the second page of a list.
    pub deleted_meanwhile: Option<String>,
}

/// One call of one operation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name, which no other step has.
    pub name: String,
    pub call: Call,
    /// The arguments under the names of the API. A string `$id:SLUG` becomes the id of that workspace.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// Settings of the client besides its URL: `key`, `http_referer`, `app_title`, `app_categories`, `retries`.
    #[serde(default)]
    pub client: Map<String, Value>,
    /// What the sandbox answers instead of processing the first requests.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What our SDK's result must contain. By default it must be a success.
    #[serde(default)]
    pub expect: Option<Value>,
}

/// A scripted answer, with a JSON body unless there is another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub status: u16,
    #[serde(default)]
    pub json: Value,
    pub html: Option<String>,
    /// How often it is given.
    #[serde(default = "once")]
    pub times: usize,
}

fn once() -> usize {
    1
}

/// What can be called.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    List,
    /// The slugs of all workspaces, page by page.
    Walk,
    Create,
    Get,
    Update,
    Delete,
    ListMembers,
    /// The user ids of all members, page by page.
    WalkMembers,
    BulkAddMembers,
    BulkRemoveMembers,
    ListBudgets,
    GetBudget,
    SetBudget,
    DeleteBudget,
}

impl Call {
    /// The contract's `operationId`.
    pub fn operation_id(self) -> &'static str {
        match self {
            Self::List | Self::Walk => "list_workspaces",
            Self::Create => "create_workspace",
            Self::Get => "get_workspace",
            Self::Update => "update_workspace",
            Self::Delete => "delete_workspace",
            Self::ListMembers | Self::WalkMembers => "list_workspace_members",
            Self::BulkAddMembers => "bulk_add_workspace_members",
            Self::BulkRemoveMembers => "bulk_remove_workspace_members",
            Self::ListBudgets => "list_workspace_budgets",
            Self::GetBudget => "get_workspace_budget",
            Self::SetBudget => "upsert_workspace_budget",
            Self::DeleteBudget => "delete_workspace_budget",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The operations that no official SDK has yet.
    const NOT_THEIRS: [&str; 0] = [];

    #[test]
    fn the_script_covers_every_operation_and_every_group() {
        let scenarios = load().unwrap();
        let called: BTreeSet<&str> = steps(&scenarios).map(|(_, step)| step.call.operation_id()).collect();
        let ids =
            openrouter_workspaces::CONTRACT.lines().filter_map(|line| line.trim_start().strip_prefix("operationId: "));
        let left_out: BTreeSet<&str> = ids.filter(|id| !called.contains(id)).collect();
        assert_eq!(left_out, BTreeSet::from(NOT_THEIRS), "a step of script.yaml for each, or a line in NOT_THEIRS");
        let groups: BTreeSet<&str> = scenarios.iter().map(|scenario| scenario.group.as_str()).collect();
        for group in ["operations", "pagination", "errors", "null-clearing", "attribution"] {
            assert!(groups.contains(group), "{group}");
        }
    }
}
