//! `orw delete`.

use openrouter_workspaces::{Error, Workspace};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::changes::{self, Change};
use crate::output::counted;

/// Deletes a workspace for good, with its budgets and guardrails
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Slug or id
    workspace: String,
    /// Confirms that the default workspace may be deleted, which also disables the account's inference keys that belong to
    /// no workspace
    #[arg(long)]
    confirm_default_workspace_deletion: bool,
}

impl Args {
    pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let workspace = context.client.get(self.workspace).await?;
        let changes = what_goes(context, &workspace).await?;
        if context.dry_run {
            context.out.changes(&changes)?;
            return Ok(Exit::Done);
        }
        context.show(&changes::render(&changes))?;
        let question = format!("It cannot be undone. Type {} to delete it", workspace.slug);
        context.confirm_by_typing(&question, &workspace.slug).await?;
        if context.has_asked(&changes) {
            let now = context.client.get(&workspace).await?;
            if now != workspace || what_goes(context, &now).await? != changes {
                return Err(Failure::moved());
            }
        }
        context.sending();
        let mut request = context.client.delete(workspace.id.to_string());
        if self.confirm_default_workspace_deletion {
            request = request.confirm_default_workspace_deletion(true);
        }
        request.await?;
        context.out.done(&workspace, &format!("deleted workspace {} ({})", workspace.slug, workspace.id))?;
        Ok(Exit::Done)
    }
}

/// The workspace, and what goes with it.
async fn what_goes(context: &Context, workspace: &Workspace) -> Result<Vec<Change>, Failure> {
    let id = workspace.id.to_string();
    let members = context.client.list_members(&id).limit(1).await?.total_count;
    let budgets = match context.budgets(&id).await {
        Ok((budgets, _)) => budgets,
        // Only some plans of OpenRouter have budgets. Without one of those there are none that could go.
        Err(Error::Forbidden(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let name = format!(
        "workspace {} ({}), with {}",
        workspace.slug,
        workspace.name,
        counted(usize::try_from(members).unwrap_or_default(), "member")
    );
    let budgets = budgets.iter().map(|budget| {
        Change::between(
            format!("{} budget", budget.interval().as_str()),
            budget.limit_usd.into(),
            serde_json::Value::Null,
        )
    });
    Ok(std::iter::once(Change::remove(name)).chain(budgets.flatten()).collect())
}
