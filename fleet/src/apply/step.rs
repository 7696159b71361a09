//! One action of a plan as requests.

use openrouter_workspaces::body::{CreateWorkspaceRequest, UpdateWorkspaceRequest};
use openrouter_workspaces::jobs::MemberChange;
use openrouter_workspaces::{BudgetInterval, Client, Error};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::apply::members;
use crate::apply::report::Failure;
use crate::plan::{Change, WorkspacePlan};

/// What is sent for an action.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Create(CreateWorkspaceRequest),
    Update(UpdateWorkspaceRequest),
    AddMembers(Vec<String>),
    RemoveMembers(Vec<String>),
    SetBudget(BudgetInterval, f64, Option<bool>),
    DeleteBudget(BudgetInterval),
    Delete,
}

/// The steps of a workspace in a plan, or what is wrong with one of them.
pub(super) fn steps(workspace: &WorkspacePlan) -> Result<Vec<Step>, String> {
    workspace.actions.iter().map(|action| Step::new(&action.change)).collect()
}

impl Step {
    fn new(change: &Change) -> Result<Self, String> {
        Ok(match change {
            Change::Create { fields } => Self::Create(body(fields.clone())?),
            Change::Update { fields } => {
                let fields = fields.iter().map(|change| (change.field.clone(), change.after.clone()));
                Self::Update(body(fields.collect())?)
            }
            Change::AddMembers { users, .. } => Self::AddMembers(users.clone()),
            Change::RemoveMembers { users, .. } => Self::RemoveMembers(users.clone()),
            Change::SetBudget { interval, after, include_byok, .. } => {
                Self::SetBudget(interval.clone(), *after, include_byok.map(|change| change.after))
            }
            Change::DeleteBudget { interval, .. } => Self::DeleteBudget(interval.clone()),
            Change::Delete { .. } => Self::Delete,
        })
    }

    /// Does it. `id` is that of the workspace, and becomes that of a new one.
    pub(super) async fn run(self, client: &Client, id: &mut Option<Uuid>) -> Result<(), Failure> {
        let workspace = id.map(|id| id.to_string()).unwrap_or_default();
        let result = match self {
            Self::Create(body) => client.create_from(body).await.map(|created| *id = Some(created.id)),
            Self::Update(body) => client.update_from(workspace, body).await.map(drop),
            Self::AddMembers(users) => return members::change(client, &workspace, MemberChange::Add, &users).await,
            Self::RemoveMembers(users) => {
                return members::change(client, &workspace, MemberChange::Remove, &users).await;
            }
            Self::SetBudget(interval, limit, include_byok) => {
                let mut request = client.set_budget(workspace, interval, limit);
                if let Some(include) = include_byok {
                    request = request.include_byok_in_budgets(include);
                }
                request.await.map(drop)
            }
            Self::DeleteBudget(interval) => client.delete_budget(workspace, interval).await.map(drop),
            // What is not there is deleted, whoever did it.
            Self::Delete => match client.delete(workspace).await {
                Ok(_) | Err(Error::NotFound(_)) => Ok(()),
                Err(error) => Err(error),
            },
        };
        result.map_err(|error| Failure::from(&error))
    }
}

fn body<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())
}
