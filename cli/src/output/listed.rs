//! What stands in the rows of lists.

use openrouter_workspaces::jobs::{MemberChange, MemberOutcome, MemberReport};
use openrouter_workspaces::{Response, Workspace, WorkspaceBudget, WorkspaceMember};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

/// A row of a list. It serializes to an object with the names that the API has.
pub(crate) trait Listed: Serialize + JsonSchema {
    /// What names it in other commands.
    const ID: &'static str;
    /// The fields that people see.
    const COLUMNS: &'static [&'static str];

    /// All fields, for CSV.
    fn fields() -> Vec<String> {
        let schema = schema_for!(Self);
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }
}

impl Listed for Workspace {
    const ID: &'static str = "id";
    const COLUMNS: &'static [&'static str] = &["slug", "name", "description", "created_at"];
}

impl Listed for WorkspaceMember {
    const ID: &'static str = "user_id";
    const COLUMNS: &'static [&'static str] = &["user_id", "role", "created_at"];
}

/// A budget under the name that commands have for it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BudgetRow {
    interval: String,
    /// Whether spend on one's own provider keys counts, for all budgets of the workspace.
    include_byok_in_budgets: Option<bool>,
    #[serde(flatten)]
    budget: WorkspaceBudget,
}

impl BudgetRow {
    pub(crate) fn new(budget: WorkspaceBudget, include_byok_in_budgets: Option<bool>) -> Self {
        Self { interval: budget.interval().as_str().to_owned(), include_byok_in_budgets, budget }
    }
}

impl From<Response<WorkspaceBudget>> for BudgetRow {
    fn from(answer: Response<WorkspaceBudget>) -> Self {
        let byok = answer.include_byok_in_budgets();
        Self::new(answer.data, byok)
    }
}

impl Listed for BudgetRow {
    const ID: &'static str = "interval";
    const COLUMNS: &'static [&'static str] = &["interval", "limit_usd", "include_byok_in_budgets", "updated_at"];
}

/// What has become of a user.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MemberRow {
    user_id: String,
    /// `add` or `remove`.
    change: &'static str,
    /// `done`, `already_so`, `refused`, `unknown` or `left`.
    outcome: &'static str,
    /// Why it was refused, or is not known.
    reason: Option<String>,
}

impl MemberRow {
    pub(crate) fn all(report: &MemberReport) -> Vec<Self> {
        let row = |(user, status): (&str, &openrouter_workspaces::jobs::MemberStatus)| {
            let (outcome, reason) = match &status.outcome {
                MemberOutcome::Done => ("done", None),
                MemberOutcome::AlreadySo => ("already_so", None),
                MemberOutcome::Refused(why) => ("refused", Some(why.clone())),
                MemberOutcome::Unknown(why) => ("unknown", Some(why.clone())),
                _ => ("left", None),
            };
            let change = if status.change == MemberChange::Add { "add" } else { "remove" };
            Self { user_id: user.to_owned(), change, outcome, reason }
        };
        report.iter().map(row).collect()
    }

    /// Whether it is not as it was asked for.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.outcome, "done" | "already_so")
    }
}

impl Listed for MemberRow {
    const ID: &'static str = "user_id";
    const COLUMNS: &'static [&'static str] = &["user_id", "change", "outcome", "reason"];
}
