//! Whether an account is still as a plan was made for.

use std::collections::HashMap;

use openrouter_workspaces::Client;
use uuid::Uuid;

use crate::account::{Account, AccountWorkspace, Part, Parts, ReadAccount};
use crate::apply::error::{ApplyError, Moved};
use crate::plan::{BUDGETS, MEMBERS, Plan, WORKSPACE, WorkspacePlan, of_part};

/// Reads what a plan rests on, and refuses the plan if something of it has moved.
pub(super) async fn check(client: &Client, plan: &Plan, concurrency: usize) -> Result<(), ApplyError> {
    let account = read(client, plan, concurrency).await?;
    let by_id: HashMap<Uuid, &AccountWorkspace> =
        account.workspaces.iter().map(|there| (there.workspace.id, there)).collect();
    let mut moved = Vec::new();
    for workspace in &plan.workspaces {
        let there = workspace.id.and_then(|id| by_id.get(&id).copied());
        for part in moved_parts(workspace, there, &account)? {
            moved.push(Moved { slug: workspace.slug.clone(), id: workspace.id, part });
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(ApplyError::Moved(moved)) }
}

async fn read(client: &Client, plan: &Plan, concurrency: usize) -> Result<Account, ApplyError> {
    let parts = |workspace: &WorkspacePlan| Parts {
        members: workspace.rests_on.contains_key(MEMBERS),
        budgets: workspace.rests_on.contains_key(BUDGETS),
    };
    let needs: HashMap<Uuid, Parts> =
        plan.workspaces.iter().filter_map(|workspace| Some((workspace.id?, parts(workspace)))).collect();
    let needs = move |there: &openrouter_workspaces::Workspace| needs.get(&there.id).copied().unwrap_or_default();
    ReadAccount::new(client, needs).concurrency(concurrency).await.map_err(ApplyError::Read)
}

/// The parts of a workspace that are not as they were.
fn moved_parts(
    workspace: &WorkspacePlan,
    there: Option<&AccountWorkspace>,
    account: &Account,
) -> Result<Vec<String>, ApplyError> {
    if workspace.id.is_some() && there.is_none() {
        return Ok(vec![WORKSPACE.to_owned()]);
    }
    let mut moved = Vec::new();
    for (part, before) in &workspace.rests_on {
        let now = of_part(part, &workspace.slug, there, account);
        if let (None, Some(there)) = (&now, there) {
            return Err(unread(workspace, part, there));
        }
        if now.as_ref() != Some(before) {
            moved.push(part.clone());
        }
    }
    Ok(moved)
}

fn unread(workspace: &WorkspacePlan, part: &str, there: &AccountWorkspace) -> ApplyError {
    let failure = match (part, &there.members, &there.budgets) {
        (MEMBERS, Part::Failed(failure), _) | (BUDGETS, _, Part::Failed(failure)) => Some(failure.clone()),
        _ => None,
    };
    ApplyError::Unread { slug: workspace.slug.clone(), part: part.to_owned(), failure }
}
